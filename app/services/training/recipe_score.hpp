#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/training/train_config.hpp"
#include "models/training/training_data.hpp"

namespace paramixer {

/// Balanced accuracy of a model on validation records, as whole records and as fragments.
struct RecipeScore {
  double whole = 0.0;
  double fragments = 0.0;

  /// The figure by which recipes are compared, as users have both reads and genomes.
  double mean() const { return (whole + fragments) / 2.0; }
};

/// The validation records for comparing recipes, the same for all: at most kMostRecords, the
/// classes in turn, and from each of them a fragment of kShortest bases up to the record's length
/// (log-uniform, at most kLongest). Records no longer than kShortest are their own fragments.
class RecipeScoring {
 public:
  static constexpr std::int64_t kMostRecords = 600;
  static constexpr std::int64_t kMostBases = 4'000'000;  ///< Limit for whole records.
  static constexpr std::int64_t kShortest = 300;
  static constexpr std::int64_t kLongest = 4096;

  RecipeScoring(const TrainingData& valid, const TrainConfig& config);

  /// Throws like Predictor.
  RecipeScore score(const std::string& model_path, const std::string& device) const;

 private:
  std::vector<std::string> whole_;
  std::vector<std::int32_t> whole_labels_;
  std::vector<std::string> fragments_;
  std::vector<std::int32_t> fragment_labels_;
};

}  // namespace paramixer
