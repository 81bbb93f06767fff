#pragma once

#include <memory>
#include <string>

#include "core/base/thread_pool.hpp"
#include "core/explain/link_source.hpp"
#include "models/explain/sequence_attribution.hpp"
#include "models/network/paramixer.hpp"

namespace paramixer {

/// Whether exact attribution exists: one block, so that the output is linear in g(X) and X.
bool has_exact_attribution(const ModelConfig& config);

/// The name of the exact method for this model, stating what is held fixed.
std::string exact_method_name(const ModelConfig& config);

/// g(X) of every embedding row, where it follows from the token alone; undefined otherwise.
torch::Tensor first_value_table(Paramixer& model);

/// The exact decomposition of a one-block model at one sequence. With the links, the scale of the
/// last norm, the pooling's choices (max) or weights (attention) held fixed at the sequence, every
/// logit is a constant plus a linear function of g(X) and, in residual blocks, of X. So
///
///     logit = bias + sum over positions j of <(P^T A)[j], g(X)[j]> + <A[j], X[j]>
///
/// where A [N, E] is the gradient of the logit with respect to the values before norm and pooling,
/// and P the product of the factors. Under mean, cls and attention pooling A[j] is a number of the
/// position times a vector of the class, so that one transposed pass of one channel serves all
/// classes; otherwise there is one of E channels for each. The constructor costs a forward pass and
/// keeps a few numbers per position where g(X) and X follow from the token, g(X) and X otherwise.
class ExactAttribution final : public SequenceAttribution {
 public:
  /// `sequence` is a batch of one; `links` are those of block 0, `first_table` is that of the
  /// model, or undefined. `model` and `pool` must outlive this.
  ExactAttribution(Paramixer& model, const ModelInput& sequence, std::unique_ptr<LinkSource> links,
                   const torch::Tensor& first_table, ThreadPool& pool);
  ~ExactAttribution() override;

  PositionParts parts(const torch::Tensor& weights_c) override;

 private:
  class Readout;

  /// One row per position: its own, or that of its token.
  struct PositionRows {
    torch::Tensor rows_re;
    torch::Tensor row_t;  ///< Undefined: row = position.

    torch::Tensor at_positions() const;                          ///< [N, E]
    torch::Tensor along(const torch::Tensor& channels_e) const;  ///< Inner products, [N].
  };

  torch::Tensor shared_parts(const torch::Tensor& head_e);
  torch::Tensor separate_parts(const torch::Tensor& head_f);

  std::unique_ptr<LinkSource> links_;
  ThreadPool& pool_;
  PositionRows first_;     ///< g(X)
  PositionRows residual_;  ///< X; empty without residual blocks.
  std::unique_ptr<const Readout> readout_;
  torch::Tensor pulled_t_;  ///< P^T of the part shared by all classes, [N]; undefined until needed.
};

}  // namespace paramixer
