#include "core/explain/pyramid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();

}  // namespace

Pyramid::Pyramid(std::int64_t base) : base_(base) {
  if (base < 1) throw usage_error("a level of detail needs at least one value per summary");
}

void Pyramid::Group::merge(const Group& other) {
  places += other.places;
  if (other.count == 0) return;
  least = count == 0 ? other.least : std::min(least, other.least);
  greatest = count == 0 ? other.greatest : std::max(greatest, other.greatest);
  sum += other.sum;
  absolute += other.absolute;
  count += other.count;
}

void Pyramid::Group::add(std::span<const float> values) {
  Group own{.least = std::numeric_limits<float>::infinity(),
            .greatest = -std::numeric_limits<float>::infinity(),
            .places = std::ssize(values)};
  for (const float value : values) {
    if (std::isnan(value)) continue;
    own.sum += value;
    own.absolute += std::abs(value);
    own.least = std::min(own.least, value);
    own.greatest = std::max(own.greatest, value);
    ++own.count;
  }
  merge(own);
}

Summary Pyramid::Group::summary() const {
  if (count == 0) return {kNoValue, kNoValue, kNoValue, kNoValue};
  const auto n = static_cast<double>(count);
  return {static_cast<float>(sum / n), static_cast<float>(absolute / n), least, greatest};
}

void Pyramid::add(std::span<const float> values) {
  if (open_.empty() && !values.empty()) {
    open_.resize(1);
    levels_.resize(1);
  }
  for (std::size_t done = 0; done < values.size();) {
    const auto room = static_cast<std::size_t>(base_ - open_[0].places);
    const auto part = values.subspan(done, std::min(room, values.size() - done));
    open_[0].add(part);
    done += part.size();
    if (open_[0].places == base_) close(0);
  }
  size_ += std::ssize(values);
}

void Pyramid::close(std::size_t level) {
  if (level + 1 == open_.size()) {
    open_.emplace_back();
    levels_.emplace_back();
  }
  const Group group = std::exchange(open_[level], {});
  levels_[level].push_back(group.summary());
  open_[level + 1].merge(group);
  if (open_[level + 1].places >= values_per_summary(static_cast<std::int64_t>(level) + 1)) {
    close(level + 1);
  }
}

void Pyramid::finish() {
  for (std::size_t level = 0; level < open_.size(); ++level) {
    if (level > 0 && levels_[level - 1].size() <= 1) break;
    if (open_[level].places > 0) close(level);
  }
  while (levels_.size() > 1 && levels_[levels_.size() - 2].size() <= 1) levels_.pop_back();
  open_.clear();
}

}  // namespace paramixer
