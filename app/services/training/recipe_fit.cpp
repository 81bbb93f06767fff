#include "app/services/training/recipe_fit.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace paramixer {
namespace {

constexpr std::int64_t kShortRecord = 600;

/// Lengths of the records of a run.
struct RecordLengths {
  explicit RecordLengths(const TrainRequest& request) {
    for (const TrainingData* data : {request.train.get(), request.valid.get()}) {
      std::int64_t shortest_here = std::numeric_limits<std::int64_t>::max();
      for (const LabelledSequence& record : data->records) {
        longest = std::max(longest, std::int64_t{std::ssize(record.sequence)});
        shortest_here = std::min(shortest_here, std::int64_t{std::ssize(record.sequence)});
      }
      shortest = std::min(shortest, shortest_here);
      first_stage = std::max(first_stage, shortest_here);
    }
  }

  std::int64_t longest = 0;
  std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
  std::int64_t first_stage = 0;  ///< Least length for which every split has a record.
};

/// Fits the settings to records of these lengths; false when they can't be trained on them, or are
/// for records of another kind. A fixed length becomes that of the records, which must be about
/// equally long.
bool fit(TrainCandidate& candidate, const RecordLengths& lengths) {
  const bool whole = candidate.training.crop == CropKind::kNone;
  if (whole && lengths.longest > candidate.model.max_length) return false;
  const bool are_short = lengths.longest <= kShortRecord;
  if (are_short ? candidate.suits == RecordKind::kLong : candidate.suits == RecordKind::kShort) {
    return false;
  }
  if (whole) candidate.model.max_length = lengths.longest;
  std::int64_t& grow_from = candidate.training.grow_from;
  if (whole && grow_from > 0) grow_from = std::max(grow_from, lengths.first_stage);
  if (candidate.model.length == LengthKind::kActual) return true;
  return lengths.shortest * 10 >= lengths.longest * 9;
}

}  // namespace

std::vector<TrainCandidate> candidates_that_fit(std::vector<TrainCandidate> candidates,
                                                const TrainRequest& request) {
  const RecordLengths lengths(request);
  std::vector<TrainCandidate> suited;
  for (TrainCandidate& candidate : candidates) {
    if (fit(candidate, lengths)) suited.push_back(std::move(candidate));
  }
  return suited;
}

}  // namespace paramixer
