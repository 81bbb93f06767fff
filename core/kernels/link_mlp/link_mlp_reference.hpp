#pragma once

#include "core/kernels/link_mlp/link_mlp.hpp"

namespace paramixer {

/// outputs[m][r] = W2 gelu(W1 x[r] + b1) + b2 for every network m, by plain loops; the reference
/// for every kernel.
template <typename Real>
void link_mlp_reference(const LinkMlpProblem<Real>& problem, std::span<Real* const> outputs);

/// All gradients of the same, by plain loops.
template <typename Real>
void link_mlp_reference_backward(const LinkMlpProblem<Real>& problem,
                                 const LinkMlpBackward<Real>& buffers);

}  // namespace paramixer
