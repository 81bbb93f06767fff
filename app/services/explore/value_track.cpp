#include "app/services/explore/value_track.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace paramixer {
namespace {

constexpr std::int64_t kPyramidBase = 16;
constexpr std::int64_t kFewValues = 128;

/// Adds up summaries, weighted by the places that they stand for.
class SummarySum {
 public:
  void add(const Summary& part, double weight) {
    if (std::isnan(part.mean)) return;
    mean_ += weight * part.mean;
    absolute_ += weight * part.mean_absolute;
    least_ = weight_ == 0.0 ? part.least : std::min(least_, part.least);
    greatest_ = weight_ == 0.0 ? part.greatest : std::max(greatest_, part.greatest);
    weight_ += weight;
  }

  Summary total() const {
    if (weight_ == 0.0) return {kNoValue, kNoValue, kNoValue, kNoValue};
    return {static_cast<float>(mean_ / weight_), static_cast<float>(absolute_ / weight_), least_,
            greatest_};
  }

 private:
  double mean_ = 0.0;
  double absolute_ = 0.0;
  float least_ = 0.0F;
  float greatest_ = 0.0F;
  double weight_ = 0.0;
};

}  // namespace

ValueTrack::ValueTrack(std::int64_t begin, std::vector<float> values)
    : begin_(begin), values_(std::move(values)), pyramid_(kPyramidBase) {
  pyramid_.add(values_);
  pyramid_.finish();
  for (const float value : values_) {
    if (std::abs(value) > largest_) largest_ = std::abs(value);
  }
}

float ValueTrack::at(std::int64_t base) const noexcept {
  if (base < begin_ || base >= end()) return kNoValue;
  return values_[static_cast<std::size_t>(base - begin_)];
}

std::int64_t ValueTrack::bytes() const noexcept {
  const auto summaries = 2 * std::ssize(values_) / kPyramidBase;
  return std::ssize(values_) * static_cast<std::int64_t>(sizeof(float)) +
         summaries * static_cast<std::int64_t>(sizeof(Summary));
}

std::vector<Summary> ValueTrack::columns(double begin, double end, std::int64_t columns) const {
  std::vector<Summary> result;
  result.reserve(static_cast<std::size_t>(std::max<std::int64_t>(columns, 0)));
  const double width = (end - begin) / static_cast<double>(columns);
  for (std::int64_t c = 0; c < columns; ++c) {
    const auto first =
        static_cast<std::int64_t>(std::floor(begin + width * static_cast<double>(c)));
    const auto last =
        static_cast<std::int64_t>(std::floor(begin + width * static_cast<double>(c + 1)));
    result.push_back(summary(first, std::max(last, first + 1)));
  }
  return result;
}

Summary ValueTrack::summary(std::int64_t begin, std::int64_t end) const {
  const std::int64_t first = std::clamp<std::int64_t>(begin - begin_, 0, std::ssize(values_));
  const std::int64_t last = std::clamp<std::int64_t>(end - begin_, 0, std::ssize(values_));
  SummarySum sum;
  if (last - first <= kFewValues) {
    for (std::int64_t i = first; i < last; ++i) {
      const float value = values_[static_cast<std::size_t>(i)];
      sum.add({value, std::abs(value), value, value}, 1.0);
    }
    return sum.total();
  }
  std::int64_t level = 0;
  while (level + 1 < pyramid_.levels() &&
         8 * pyramid_.values_per_summary(level + 1) <= last - first) {
    ++level;
  }
  const std::int64_t group = pyramid_.values_per_summary(level);
  const auto& summaries = pyramid_.level(level);
  for (std::int64_t g = first / group; g * group < last; ++g) {
    sum.add(summaries[static_cast<std::size_t>(g)], 1.0);
  }
  return sum.total();
}

}  // namespace paramixer
