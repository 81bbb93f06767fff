#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/base/thread_pool.hpp"
#include "core/explain/base_change.hpp"
#include "core/explain/link_source.hpp"
#include "core/sequence/evidence.hpp"
#include "core/sequence/tokenizer.hpp"
#include "core/sequence/window.hpp"
#include "models/file/model_card.hpp"

namespace paramixer {

/// Which strand of a record is explained.
enum class ExplainedStrand {
  kModel,    ///< As the model classifies: the mean of both strands, or the forward strand.
  kForward,  ///< As the record is written.
  kReverse,  ///< Its reverse complement; results are in the record's own coordinates.
};

template <>
struct EnumNames<ExplainedStrand> {
  static constexpr const char* kWhat = "strand";
  static constexpr EnumName<ExplainedStrand> kTable[] = {{ExplainedStrand::kModel, "model"},
                                                         {ExplainedStrand::kForward, "forward"},
                                                         {ExplainedStrand::kReverse, "reverse"}};
};

enum class AttributionMethod {
  kAuto,                 ///< Exact where it exists, integrated gradients otherwise.
  kExact,                ///< Models of one block; links, norm scale and pooling choices held fixed.
  kIntegratedGradients,  ///< Any model; through the links as well; has a completeness gap.
};

template <>
struct EnumNames<AttributionMethod> {
  static constexpr const char* kWhat = "method";
  static constexpr EnumName<AttributionMethod> kTable[] = {
      {AttributionMethod::kAuto, "auto"},
      {AttributionMethod::kExact, "exact"},
      {AttributionMethod::kIntegratedGradients, "integrated-gradients"}};
};

struct ExplainerOptions {
  std::int64_t window = 0;  ///< Bases; 0 means the window in which the model classifies.
  ExplainedStrand strand = ExplainedStrand::kModel;
  std::int64_t steps = 32;            ///< Steps of integrated gradients.
  std::int64_t batch_size = 32;       ///< Sequences computed at once; bounds the memory.
  double max_unknown = kMostUnknown;  ///< As in PredictorOptions.
};

/// What is explained: the logit of a class, or its difference from the logit of another one.
struct Contrast {
  std::int64_t target = 0;    ///< For attributions -1: the most probable class.
  std::int64_t against = -1;  ///< -1: none.
};

/// The model's answer for a record. A record longer than the window is seen in windows, and most
/// models see both strands; `logits` are the mean of those with evidence, weighted by length, and
/// that mean is what attributions explain. `probabilities` are the mean of the probabilities, as in
/// `classify`.
struct RecordLogits {
  std::vector<double> logits{};
  std::vector<double> probabilities{};

  /// Number of the class.
  std::int64_t most_probable() const;
};

/// A contrast as a constant plus one contribution per base.
struct Attribution {
  std::string method;  ///< Readable: "exact (held fixed at the record: links, ...)".
  double bias = 0.0;   ///< The part not due to any base; for gradients the value at the baseline.
  double logit = 0.0;  ///< The explained value: logit or difference of logits.
  double gap = 0.0;    ///< logit - bias - sum of the values: 0 up to rounding if exact.
  std::vector<float> values{};  ///< One a base of the record.
  RecordLogits answer{};        ///< What the model says about the record.
};

/// Progress of a long explanation: pieces done, and their total. May throw to stop it.
using ExplainProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// A loaded model that explains its answers. Computes on the CPU. Contributions are computed for
/// tokens; a token of k bases gives each of them an equal share, which preserves sums. Positions of
/// links are tokens: position i is the token that begins at base i. Not thread-safe.
class Explainer {
 public:
  /// Throws Error when the file is not a valid model or does not classify DNA.
  Explainer(const std::string& model_path, ExplainerOptions options);
  ~Explainer();
  Explainer(Explainer&&) noexcept;

  const ModelCard& card() const noexcept;
  const Tokenizer& tokenizer() const noexcept;
  /// Bases of one window.
  std::int64_t window() const noexcept;
  /// Whether the model, under the options, sees the forward strand, the reverse one, or both.
  std::vector<ExplainedStrand> strands() const;
  /// Number of a class. Throws a usage Error that lists the classes.
  std::int64_t class_number(const std::string& name) const;
  /// Throws Error (without a place) for a record that is not classified: no or too few bases, an
  /// invalid letter, no evidence.
  void check(std::string_view bases) const;
  /// The threads, for the products of core/explain.
  ThreadPool& pool() noexcept;

  /// The model's answers for records, each independent of the others.
  std::vector<RecordLogits> logits(std::span<const std::string> records);

  /// For a record of any length: the contributions of its windows and strands are added with the
  /// weights of RecordLogits. An exact attribution costs a forward pass and a transposed one
  /// (ExactAttribution), and another forward pass for the most probable class of a record longer
  /// than a window. Throws Error for kExact with a model of several blocks.
  Attribution attribute(std::string_view bases, Contrast contrast, AttributionMethod method,
                        const ExplainProgress& progress = {});

  /// The effect of each of the three other bases in each position of [begin, end) of the record.
  /// Only windows that hold a position are recomputed, and only its tokens are re-encoded: one
  /// forward pass of the window per change and strand. (Each factor doubles the reach of a change,
  /// so few of the values after all factors stay the same.) Ambiguous bases are replaced by all
  /// four. Requires the region to lie in the record.
  std::vector<BaseChange> mutate(std::string_view bases, Window region, Contrast contrast,
                                 const ExplainProgress& progress = {});

  /// Whether a block's links follow from the token alone.
  bool folds(std::int64_t block = 0) const;
  /// All links of a block of a model that folds(); Error otherwise.
  std::shared_ptr<const LinkTables> tables(std::int64_t block = 0);
  /// Links of a block in a sequence of at most window() bases, on the forward strand or, for
  /// kReverse, on the reverse complement and in its coordinates. The explainer must outlive them.
  std::unique_ptr<LinkSource> links(std::string_view bases, ExplainedStrand strand,
                                    std::int64_t block = 0);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paramixer
