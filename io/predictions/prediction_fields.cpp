#include "io/predictions/prediction_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr int kDigits = 6;
constexpr std::string_view kUnclassified = "unclassified";

std::string_view class_at(const Prediction& prediction, std::int32_t index,
                          const std::vector<std::string>& classes) {
  const auto position = static_cast<std::size_t>(index);
  if (index < 0 || position >= classes.size() ||
      prediction.probabilities.size() != classes.size()) {
    throw Error("a prediction does not fit the " + std::to_string(classes.size()) +
                " classes of the output");
  }
  return classes[position];
}

}  // namespace

std::string_view reported_class(const Prediction& prediction,
                                const std::vector<std::string>& classes) {
  if (prediction.status == RecordStatus::kNoEvidence) return kUnclassified;
  const std::string_view best = class_at(prediction, prediction.best, classes);
  return prediction.unclassified ? kUnclassified : best;
}

std::string_view second_class(const Prediction& prediction,
                              const std::vector<std::string>& classes) {
  return prediction.second < 0 ? std::string_view{}
                               : class_at(prediction, prediction.second, classes);
}

bool has_class(const Prediction& prediction) {
  return prediction.status != RecordStatus::kRejected;
}

std::string_view status_text(const Prediction& prediction) {
  if (!prediction.reason.empty()) return prediction.reason;
  switch (prediction.status) {
    case RecordStatus::kRejected:
      return "rejected";
    case RecordStatus::kNoEvidence:
      return "no evidence";
    case RecordStatus::kOk:
      break;
  }
  return "ok";
}

void append_number(std::string& text, float value) {
  std::array<char, 32> digits;
  const auto [end, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                           std::chars_format::general, kDigits);
  if (failed != std::errc{}) throw Error("a number cannot be written");
  text.append(digits.data(), end);
}

void append_field(std::string& text, std::string_view value) {
  const auto is_control = [](unsigned char letter) { return letter < 0x20 || letter == 0x7F; };
  const auto start = static_cast<std::ptrdiff_t>(text.size());
  text += value;
  std::replace_if(text.begin() + start, text.end(), is_control, ' ');
}

}  // namespace paramixer
