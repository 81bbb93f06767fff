#include "app/services/input_records.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/test_files.hpp"

namespace paramixer {
namespace {

class InputRecordsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_file(dir_.file("a.fa"), ">r0\nA\n>r1\nC\n>r2\nG\n");
    test::write_file(dir_.file("b.fa"), ">r3\nT\n>r4\nA\n");
  }

  InputOptions options() const { return {.paths = {dir_.file("a.fa"), dir_.file("b.fa")}}; }

  static std::string names_in(InputOptions options) {
    std::string names;
    InputRecords records(std::move(options));
    records.for_each([&](const InputRecord& input) {
      names += input.record.name + "@" + std::to_string(input.input) + " ";
    });
    return names;
  }

  test::TempDir dir_;
};

TEST_F(InputRecordsTest, come_from_all_inputs_in_order) {
  EXPECT_EQ(names_in(options()), "r0@0 r1@0 r2@0 r3@1 r4@1 ");
}

TEST_F(InputRecordsTest, shards_count_over_all_inputs) {
  InputOptions second = options();
  second.shard = {.index = 2, .count = 2};
  EXPECT_EQ(names_in(second), "r1@0 r3@1 ");
}

TEST_F(InputRecordsTest, shard_beyond_the_records_is_empty) {
  InputOptions last = options();
  last.shard = {.index = 9, .count = 9};
  EXPECT_EQ(names_in(last), "");
}

TEST_F(InputRecordsTest, region_is_named_after_itself) {
  InputOptions region{.paths = {dir_.file("a.fa")}, .region = Region{.name = "r1"}};
  EXPECT_EQ(names_in(region), "r1@0 ");
  region.region = Region{.name = "r1", .begin = 1, .end = 1};
  EXPECT_EQ(names_in(region), "r1:1-1@0 ");
  InputRecords(region).for_each([](const InputRecord& input) {
    ASSERT_TRUE(input.cut.has_value());
    EXPECT_EQ(input.cut->name, "r1");
    EXPECT_EQ(input.cut->end, 1);
  });
  InputRecords(options()).for_each([](const InputRecord& input) { EXPECT_FALSE(input.cut); });
}

TEST_F(InputRecordsTest, missing_second_input_is_found_at_once) {
  InputOptions missing = options();
  missing.paths[1] = dir_.file("absent.fa");
  EXPECT_HAS(test::message_of([&] { InputRecords records(missing); }), "absent.fa");
}

TEST_F(InputRecordsTest, share_read_grows_to_1_over_all_inputs) {
  InputRecords records(options());
  double last = 0.0;
  records.for_each([&](const InputRecord&) {
    const auto share = records.share_read();
    ASSERT_TRUE(share.has_value());
    EXPECT_GE(*share, last);
    last = *share;
  });
  EXPECT_EQ(last, 1.0);
}

TEST_F(InputRecordsTest, no_inputs_and_shards_that_do_not_exist_are_usage_errors) {
  EXPECT_THROW(InputRecords({.paths = {}}), Error);
  InputOptions wrong = options();
  for (const Shard shard : {Shard{0, 2}, Shard{3, 2}, Shard{1, 0}}) {
    wrong.shard = shard;
    EXPECT_THROW(InputRecords{wrong}, Error) << shard.index << "/" << shard.count;
  }
}

}  // namespace
}  // namespace paramixer
