#include "tests/models/training/training_cases.hpp"

#include "core/base/random.hpp"

namespace paramixer::test {

ModelConfig nucleotide_config(std::vector<std::string> classes) {
  ModelConfig config;
  config.tokens = {TokenKind::kNucleotide, 1, "agctn"};
  config.embedding = 8;
  config.hidden = 8;
  config.max_length = 64;
  config.factors = 3;
  config.classes = std::move(classes);
  return validated(config);
}

TrainConfig plain_training() {
  TrainConfig config;
  config.learning_rate = 0.02;
  config.warmup_steps = 0;
  config.steps = 12;
  config.batch_size = 8;
  config.min_window = 8;
  config.max_window = 32;
  config.reverse_complement = 0.0;
  config.error_share = 0.0;
  config.validate_every = 4;
  config.validation_windows = 16;
  config.seed = 7;
  return config;
}

std::string random_bases(std::int64_t count, std::uint64_t seed, const std::string& letters) {
  Random random(seed);
  std::string bases;
  for (std::int64_t i = 0; i < count; ++i) bases += letters[random.below(letters.size())];
  return bases;
}

TrainingData gc_data(std::int64_t records, std::int64_t length, std::uint64_t seed) {
  TrainingData data{{"rich", "poor"}, {}};
  for (std::int64_t r = 0; r < records; ++r) {
    const auto stream = seed * 1000 + static_cast<std::uint64_t>(2 * r);
    const std::string number = std::to_string(r);
    data.records.push_back({"rich" + number, random_bases(length, stream, "GGGGCCCCAT"), 0});
    data.records.push_back({"poor" + number, random_bases(length, stream + 1, "AAAATTTTGC"), 1});
  }
  return data;
}

void change_data(std::shared_ptr<const TrainingData>& data,
                 const std::function<void(TrainingData&)>& change) {
  TrainingData changed = *data;
  change(changed);
  data = std::make_shared<const TrainingData>(std::move(changed));
}

}  // namespace paramixer::test
