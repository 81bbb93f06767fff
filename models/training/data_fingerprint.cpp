#include "models/training/data_fingerprint.hpp"

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace paramixer {
namespace {

/// FNV-1a, 64 bits: protects against mix-ups, not against malice.
class Hash {
 public:
  void add(std::string_view text) {
    for (const char letter : text) mix(static_cast<unsigned char>(letter));
    mix(0xFF);  // So that "ab" + "c" differs from "a" + "bc".
  }

  void add(const TrainingData& data) {
    for (const auto& name : data.classes) add(name);
    for (const auto& record : data.records) {
      add(record.name);
      add(record.sequence);
      mix(static_cast<std::uint64_t>(record.label));
    }
  }

  std::string text() const {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(value_));
    return digits;
  }

 private:
  void mix(std::uint64_t value) { value_ = (value_ ^ value) * 0x100000001b3ULL; }

  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

/// The training configuration without the settings that may change on resuming.
std::string lasting_training_json(const TrainRequest& request) {
  TrainConfig config = request.training;
  config.time_limit_seconds = 0.0;
  config.recompute = Recompute::kNone;  // A resumed run may use less memory.
  return to_json(config);
}

}  // namespace

std::string training_fingerprint(const TrainRequest& request) {
  Hash hash;
  hash.add(to_json(request.model));
  hash.add(lasting_training_json(request));
  hash.add(*request.train);
  hash.add(*request.valid);
  return hash.text();
}

std::string training_settings(const TrainRequest& request) {
  return R"({"model": )" + to_json(request.model) + R"(, "training": )" +
         lasting_training_json(request) + "}";
}

}  // namespace paramixer
