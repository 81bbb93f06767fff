#include "app/services/training/validation_split.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

namespace paramixer {
namespace {

/// Records that must stay together, with their number per class.
struct Group {
  std::vector<std::size_t> records;
  std::map<std::string, std::int64_t> class_sizes;
  Side side = Side::kTrain;
};

std::vector<Group> collect_groups(const std::vector<LabelledRecord>& records) {
  std::vector<Group> groups;
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string& name = records[i].group;
    std::size_t number = groups.size();
    if (!name.empty()) number = numbers.emplace(name, number).first->second;
    if (number == groups.size()) groups.emplace_back();
    groups[number].records.push_back(i);
    ++groups[number].class_sizes[records[i].class_name];
  }
  return groups;
}

class Splitter {
 public:
  Splitter(std::vector<Group>& groups, double share) : groups_(groups), share_(share) {
    for (const Group& group : groups) {
      for (const auto& [class_name, size] : group.class_sizes) in_train_[class_name] += size;
    }
    sizes_ = in_train_;
  }

  /// Rare classes first, so that a group of several classes counts for the one that needs it most.
  std::vector<std::string> class_order() const {
    std::vector<std::string> order;
    for (const auto& [class_name, size] : sizes_) order.push_back(class_name);
    std::stable_sort(order.begin(), order.end(),
                     [this](const auto& a, const auto& b) { return sizes_.at(a) < sizes_.at(b); });
    return order;
  }

  void choose(const std::string& class_name, Random& random) {
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (groups_[i].class_sizes.contains(class_name)) candidates.push_back(i);
    }
    random.shuffle(candidates);
    const std::int64_t size = sizes_.at(class_name);
    const std::int64_t target =
        std::max<std::int64_t>(1, std::llround(share_ * static_cast<double>(size)));
    for (const std::size_t candidate : candidates) move_within(candidate, class_name, target);
    if (in_valid_[class_name] > 0) return;
    std::stable_sort(candidates.begin(), candidates.end(), [&](std::size_t a, std::size_t b) {
      return groups_[a].class_sizes.at(class_name) < groups_[b].class_sizes.at(class_name);
    });
    move_within(candidates.front(), class_name, size / 2);
  }

 private:
  // Moves a group to the validation side unless the class would pass `most` records there or any
  // class would lose its last training record.
  void move_within(std::size_t index, const std::string& class_name, std::int64_t most) {
    Group& group = groups_[index];
    if (group.side == Side::kValid) return;
    if (in_valid_[class_name] + group.class_sizes.at(class_name) > most) return;
    for (const auto& [name, size] : group.class_sizes) {
      if (in_train_.at(name) <= size) return;
    }
    group.side = Side::kValid;
    for (const auto& [name, size] : group.class_sizes) {
      in_train_[name] -= size;
      in_valid_[name] += size;
    }
  }

  std::vector<Group>& groups_;
  double share_;
  std::map<std::string, std::int64_t> sizes_;
  std::map<std::string, std::int64_t> in_train_;
  std::map<std::string, std::int64_t> in_valid_;
};

}  // namespace

std::vector<Side> split_for_validation(const std::vector<LabelledRecord>& records, double share,
                                       std::uint64_t seed) {
  if (!(share > 0.0 && share < 1.0)) {
    throw usage_error("the validation share must be above 0 and below 1; got " +
                      std::to_string(share));
  }
  std::vector<Group> groups = collect_groups(records);
  Splitter splitter(groups, share);
  Random random(seed);
  for (const std::string& class_name : splitter.class_order()) splitter.choose(class_name, random);

  std::vector<Side> sides(records.size(), Side::kTrain);
  for (const Group& group : groups) {
    for (const std::size_t record : group.records) sides[record] = group.side;
  }
  return sides;
}

}  // namespace paramixer
