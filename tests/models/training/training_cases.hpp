#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/config/model_config.hpp"
#include "models/training/train_config.hpp"
#include "models/training/training_data.hpp"

namespace paramixer::test {

/// Nucleotide tokens without a learned position: small, and a token's letter can be read back.
ModelConfig nucleotide_config(std::vector<std::string> classes);

/// A run without augmentation, dropout or warm-up; windows of 8 to 32 bases.
TrainConfig plain_training();

/// `count` random bases out of `letters`.
std::string random_bases(std::int64_t count, std::uint64_t seed,
                         const std::string& letters = "ACGT");

/// Classes "rich" and "poor" in G and C; `records` of each, of `length` bases.
TrainingData gc_data(std::int64_t records, std::int64_t length, std::uint64_t seed);

/// Replaces shared data by a copy that `change` has changed.
void change_data(std::shared_ptr<const TrainingData>& data,
                 const std::function<void(TrainingData&)>& change);

}  // namespace paramixer::test
