#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace paramixer {

/// Summary of the values below a level of detail.
struct Summary {
  float mean = 0.0F;
  float mean_absolute = 0.0F;
  float least = 0.0F;
  float greatest = 0.0F;

  bool operator==(const Summary&) const = default;
};

/// Level-of-detail summaries of a track of values: level 0 has one summary for every `base` values,
/// and every further level one for two of the level below, up to a single one. Built in one
/// streaming pass; memory is about 2 N / base summaries. A last, shorter group is weighted by its
/// size. A value that is NaN counts as a place without a value; a summary of such places only is
/// NaN.
class Pyramid {
 public:
  /// Throws a usage Error for base < 1.
  explicit Pyramid(std::int64_t base);

  /// Takes the next values of the track.
  void add(std::span<const float> values);
  /// Completes all levels. Nothing can be added afterwards.
  void finish();

  /// After finish(). 0 for an empty track.
  std::int64_t levels() const noexcept { return static_cast<std::int64_t>(levels_.size()); }
  const std::vector<Summary>& level(std::int64_t index) const {
    return levels_.at(static_cast<std::size_t>(index));
  }
  /// Values that one summary of a level stands for; the last one may stand for fewer.
  std::int64_t values_per_summary(std::int64_t index) const noexcept { return base_ << index; }
  std::int64_t size() const noexcept { return size_; }

 private:
  /// A summary under construction.
  struct Group {
    double sum = 0.0;
    double absolute = 0.0;
    float least = 0.0F;
    float greatest = 0.0F;
    std::int64_t places = 0;
    std::int64_t count = 0;  ///< Places with a value.

    void merge(const Group& other);
    void add(std::span<const float> values);
    Summary summary() const;
  };

  void close(std::size_t level);

  std::int64_t base_;
  std::int64_t size_ = 0;
  std::vector<std::vector<Summary>> levels_;
  std::vector<Group> open_;  ///< One per level.
};

}  // namespace paramixer
