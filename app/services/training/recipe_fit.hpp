#pragma once

#include <vector>

#include "app/services/training/recipe_choice.hpp"

namespace paramixer {

/// The candidates that can be trained on the records of `request` and are meant for such records,
/// with the settings that follow from the records' lengths filled in.
std::vector<TrainCandidate> candidates_that_fit(std::vector<TrainCandidate> candidates,
                                                const TrainRequest& request);

}  // namespace paramixer
