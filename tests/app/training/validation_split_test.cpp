#include "app/services/training/validation_split.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <string>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

void add(std::vector<LabelledRecord>& records, int count, const std::string& class_name,
         const std::string& group = "") {
  for (int i = 0; i < count; ++i) {
    records.push_back({.name = {}, .sequence = "ACGT", .class_name = class_name, .group = group});
  }
}

std::map<std::string, int> validation_counts(const std::vector<LabelledRecord>& records,
                                             const std::vector<Side>& sides) {
  std::map<std::string, int> counts;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (sides[i] == Side::kValid) ++counts[records[i].class_name];
  }
  return counts;
}

TEST(ValidationSplit, takes_the_share_of_every_class) {
  std::vector<LabelledRecord> records;
  add(records, 100, "common");
  add(records, 20, "rare");
  const auto counts = validation_counts(records, split_for_validation(records, 0.15, 1));
  EXPECT_EQ(counts.at("common"), 15);
  EXPECT_EQ(counts.at("rare"), 3);
}

TEST(ValidationSplit, is_decided_by_the_seed) {
  std::vector<LabelledRecord> records;
  add(records, 200, "a");
  add(records, 200, "b");
  EXPECT_EQ(split_for_validation(records, 0.2, 7), split_for_validation(records, 0.2, 7));
  EXPECT_NE(split_for_validation(records, 0.2, 7), split_for_validation(records, 0.2, 8));
}

TEST(ValidationSplit, class_with_one_record_stays_in_training) {
  std::vector<LabelledRecord> records;
  add(records, 1, "single");
  add(records, 2, "pair");
  const auto counts = validation_counts(records, split_for_validation(records, 0.9, 1));
  EXPECT_FALSE(counts.contains("single"));
  EXPECT_EQ(counts.at("pair"), 1);
}

TEST(ValidationSplit, groups_stay_together) {
  std::vector<LabelledRecord> records;
  for (int group = 0; group < 40; ++group) {
    add(records, 5, group % 2 == 0 ? "a" : "b", "g" + std::to_string(group));
  }
  const auto sides = split_for_validation(records, 0.2, 3);
  std::map<std::string, Side> side_of;
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(side_of.emplace(records[i].group, sides[i]).first->second, sides[i]);
  }
  const auto counts = validation_counts(records, sides);
  EXPECT_EQ(counts.at("a"), 20);
  EXPECT_EQ(counts.at("b"), 20);
}

TEST(ValidationSplit, group_of_two_classes_stays_together) {
  std::vector<LabelledRecord> records;
  for (int group = 0; group < 10; ++group) {
    add(records, 2, "a", "g" + std::to_string(group));
    add(records, 2, "b", "g" + std::to_string(group));
  }
  const auto sides = split_for_validation(records, 0.2, 3);
  const auto counts = validation_counts(records, sides);
  EXPECT_EQ(counts.at("a"), 4);
  EXPECT_EQ(counts.at("b"), 4);
}

TEST(ValidationSplit, large_groups_give_the_smallest_if_it_is_at_most_half) {
  std::vector<LabelledRecord> records;
  add(records, 60, "a", "large");
  add(records, 40, "a", "small");
  EXPECT_EQ(validation_counts(records, split_for_validation(records, 0.1, 1)).at("a"), 40);
}

TEST(ValidationSplit, class_of_one_group_stays_in_training) {
  std::vector<LabelledRecord> records;
  add(records, 60, "a", "only");
  EXPECT_TRUE(validation_counts(records, split_for_validation(records, 0.5, 1)).empty());
}

TEST(ValidationSplit, no_records_give_no_sides) {
  EXPECT_TRUE(split_for_validation({}, 0.5, 1).empty());
}

TEST(ValidationSplit, refuses_shares_that_leave_one_side_empty) {
  EXPECT_THROW(split_for_validation({}, 0.0, 1), Error);
  EXPECT_THROW(split_for_validation({}, 1.0, 1), Error);
}

}  // namespace
}  // namespace paramixer
