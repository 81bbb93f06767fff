#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <torch/torch.h>

#include "core/kernels/mix/mix.hpp"
#include "models/config/recompute.hpp"

namespace paramixer {

/// Neighbouring factors, [first, first + count).
struct FactorSpan {
  std::int64_t first = 0;
  std::int64_t count = 0;
  bool operator==(const FactorSpan&) const = default;
};

/// The mixing operation span by span: values between spans are stored, those within a span are
/// recomputed in the backward pass. Gradients equal those of the whole operation, bit for bit, if a
/// factor's gradients do not depend on which other factors are in the call.
class SpannedMix {
 public:
  /// Arrays like V in memory for the backward pass besides the operation's input.
  struct Arrays {
    std::int64_t kept = 0;        ///< From the forward pass on.
    std::int64_t recomputed = 0;  ///< In the backward pass, one span at a time.
  };
  using Forward = std::function<void(const FactorSpan&, const MixForward<float>&)>;
  /// The buffers exclude the gradients of links, which differ between families.
  using Backward = std::function<void(const FactorSpan&, const MixBackward<float>&)>;

  /// What a backward pass reads and where it writes the gradient of its input.
  struct BackwardTensors {
    torch::Tensor input_te;
    torch::Tensor states;  ///< As make_states() made them, or undefined.
    torch::Tensor grad_output_te;
    torch::Tensor grad_input_te;
  };

  SpannedMix(Recompute recompute, std::int64_t factors);

  const std::vector<FactorSpan>& spans() const noexcept { return spans_; }
  Arrays arrays() const noexcept;

  /// Storage for the kept values like `values_te`; undefined if nothing is kept.
  torch::Tensor make_states(const torch::Tensor& values_te) const;

  /// Calls `forward` for every span, first to last. `states` as made above, or undefined when no
  /// backward pass follows.
  void run_forward(const torch::Tensor& input_te, const torch::Tensor& states,
                   torch::Tensor& output_te, const Forward& forward) const;

  /// Calls `backward` for every span, last to first, after `forward` has computed its values again.
  void run_backward(const BackwardTensors& tensors, const Forward& forward,
                    const Backward& backward) const;

 private:
  std::vector<FactorSpan> spans_;
};

}  // namespace paramixer
