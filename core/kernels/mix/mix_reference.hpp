#pragma once

#include "core/kernels/mix/mix.hpp"

namespace paramixer {

/// The mixing operation as plain loops over its definition: slow, obviously right, the yardstick of
/// every kernel. Instantiated for float and double.
template <typename Real>
void mix_forward_reference(const MixProblem<Real>& problem, const MixForward<Real>& buffers);

template <typename Real>
void mix_backward_reference(const MixProblem<Real>& problem, const MixBackward<Real>& buffers);

}  // namespace paramixer
