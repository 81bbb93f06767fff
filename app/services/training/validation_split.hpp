#pragma once

#include <cstdint>
#include <vector>

#include "app/services/records/labelled_records.hpp"

namespace paramixer {

enum class Side : std::uint8_t { kTrain, kValid };

/// Chooses about `share` of every class for validation, at random but the same for the same seed.
/// Records of one group (LabelledRecord::group; without one, each record by itself) stay on one
/// side, and every class keeps at least one record for training. A class whose groups are too
/// large for the share gives its smallest group if that is at most half of the class, and otherwise
/// nothing. Returns one side a record. Throws a usage Error for a share outside (0, 1).
std::vector<Side> split_for_validation(const std::vector<LabelledRecord>& records, double share,
                                       std::uint64_t seed);

}  // namespace paramixer
