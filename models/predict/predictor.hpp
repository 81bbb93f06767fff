#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/kernels/mix/packed_values.hpp"
#include "core/prediction.hpp"
#include "core/sequence/evidence.hpp"
#include "models/file/model_card.hpp"

namespace paramixer {

/// How records longer than the window are handled.
enum class LongRecords {
  kWindow,  ///< Classify windows that cover the record and average the probabilities of those with
            ///< evidence, weighted by length.
  kTruncate,  ///< Take the first window only.
  kError,     ///< Reject the record.
};

template <>
struct EnumNames<LongRecords> {
  static constexpr const char* kWhat = "treatment of long records";
  static constexpr EnumName<LongRecords> kTable[] = {{LongRecords::kWindow, "window"},
                                                     {LongRecords::kTruncate, "truncate"},
                                                     {LongRecords::kError, "error"}};
};

struct PredictorOptions {
  std::string device = "cpu";  ///< From choose_device().
  LongRecords long_records = LongRecords::kWindow;
  std::int64_t window = 0;       ///< Bases; 0 means the model's own (max_length or trained_length).
  std::int64_t batch_size = 32;  ///< Windows computed at once; bounds the memory.
  double min_confidence = 0.0;   ///< Below it a prediction is marked unclassified.
  /// Likewise above this novelty; without a value, the model's own threshold.
  std::optional<double> max_novelty{};
  /// Largest share of lost bases (see Evidence) with which a window counts as evidence, 0 to 1.
  double max_unknown = kMostUnknown;
  /// kBfloat16: on the CPU only for models whose links come from a table.
  ValueStorage storage = ValueStorage::kFloat32;
};

/// A loaded model that classifies sequences. Not thread-safe; the computation itself uses
/// compute_threads() threads.
class Predictor {
 public:
  /// Throws Error when the file is not a valid model, or a model that does not classify DNA, and a
  /// usage Error when the model or device does not support the storage.
  Predictor(const std::string& model_path, PredictorOptions options);
  ~Predictor();
  Predictor(Predictor&&) noexcept;

  const ModelCard& card() const noexcept;
  /// Bases of one window.
  std::int64_t window() const noexcept;

  /// One answer per sequence, in order. A sequence that cannot be classified (empty, shorter than
  /// one token, an invalid letter, too long under kError) gives kRejected with its reason; it never
  /// throws for the content of a sequence. A window has evidence if at least one of its tokens is
  /// known and at most `max_unknown` of its bases are not (core/sequence/evidence.hpp); windows
  /// without evidence do not count, and a sequence without any other window gives kNoEvidence. The
  /// answer for a sequence does not depend on what else is in the call; on the CPU, not in a single
  /// bit, nor on the batch size and the number of threads. Another instruction set (AVX2 instead of
  /// AVX-512) may change the last digits.
  std::vector<Prediction> predict(std::span<const std::string> sequences);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paramixer
