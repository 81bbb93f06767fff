#include "app/services/records/labelled_records.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;

class LabelledRecords : public ::testing::Test {
 protected:
  std::vector<LabelledRecord> read(LabelledRecordOptions options, const std::string& labels) {
    test::write_file(dir_.file("labels.tsv"), labels);
    const LabelledInputs inputs =
        find_labels(options.sequences,
                    {.table = dir_.file("labels.tsv"), .columns = {.group_column = group_column_}});
    const ServiceCallbacks callbacks{
        .log = [this](const std::string& line) { log_ += line + "\n"; },
        .rejected =
            [this](const RejectedRecord& record) {
              rejected_ += record.record + ": " + record.reason + "\n";
            }};
    return read_labelled_records(options, *inputs.labels, callbacks, stop_.get_token());
  }

  LabelledRecordOptions sequences(const std::string& text) const {
    test::write_file(dir_.file("x.fa"), text);
    return {.sequences = {dir_.file("x.fa")}};
  }

  test::TempDir dir_;
  std::string group_column_;
  std::string log_;
  std::string rejected_;
  std::stop_source stop_;
};

TEST_F(LabelledRecords, are_joined_with_class_and_group) {
  group_column_ = "tip";
  const auto records =
      read(sequences(">b\nACGT\n>a\nGG\n"), "id\tclass\ttip\na\tx\tt1\nb\ty\tt2\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].name, "b");
  EXPECT_EQ(records[0].sequence, "ACGT");
  EXPECT_EQ(records[0].class_name, "y");
  EXPECT_EQ(records[0].group, "t2");
}

TEST_F(LabelledRecords, without_labels_are_counted_and_the_first_named) {
  const std::string message = message_of([&] {
    read(sequences(">a\nAC\n>b\nAC\n>c\nAC\n>d\nAC\n>e\nAC\n>f\nAC\n>g\nAC\n"),
         "id\tclass\na\tx\n");
  });
  EXPECT_HAS(message, "6 of 7 records have no class");
  EXPECT_HAS(message, "'b', 'c', 'd', 'e', 'f', ...; add them");
}

TEST_F(LabelledRecords, without_labels_can_be_left_out) {
  auto options = sequences(">a\nAC\n>b\nAC\n");
  options.unlabelled = UnlabelledRecords::kSkip;
  EXPECT_EQ(read(options, "id\tclass\na\tx\n").size(), 1U);
  EXPECT_HAS(log_, "1 of 2 records have no class");
}

TEST_F(LabelledRecords, that_cannot_be_used_are_rejected_with_the_reason) {
  auto options = sequences(">a\nACGE\n>b\n\n>c\nAC\n>\nACGT\n>d\nACG\n");
  options.least_bases = 3;
  const auto records = read(options, "id\tclass\na\tx\nb\tx\nc\tx\nd\tx\n");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].name, "d");
  EXPECT_EQ(rejected_,
            "a: invalid letter 'E' at position 4\n"
            "b: no bases\n"
            "c: too short: 2 bases, the model needs 3\n"
            "record_4: line 7: the name is missing after '>'; give every record a name\n");
}

TEST_F(LabelledRecords, that_cannot_be_used_need_a_label_all_the_same) {
  auto options = sequences(">a\n\n>b\nAC\n");
  EXPECT_HAS(message_of([&] { read(options, "id\tclass\nb\tx\n"); }),
             "1 of 2 records have no class");
  options.unlabelled = UnlabelledRecords::kSkip;
  EXPECT_EQ(read(options, "id\tclass\nb\tx\n").size(), 1U);
  EXPECT_EQ(rejected_, "");
}

TEST_F(LabelledRecords, that_are_damaged_can_be_an_error) {
  auto options = sequences(">a\nAC\n>\nAC\n");
  options.damaged = DamagedRecords::kStop;
  EXPECT_HAS(message_of([&] { read(options, "id\tclass\na\tx\n"); }),
             "record 'record_2': line 3: the name is missing after '>'");
}

TEST_F(LabelledRecords, of_a_pair_are_labelled_by_number_or_by_name) {
  const auto pair = sequences("@p\nAC\n+\nII\n@p\nGG\n+\nII\n");
  const auto apart = read(pair, "id\tclass\np/1\tx\np/2\ty\n");
  ASSERT_EQ(apart.size(), 2U);
  EXPECT_EQ(apart[0].class_name, "x");
  EXPECT_EQ(apart[1].class_name, "y");
  EXPECT_EQ(apart[1].name, "p/2");
  EXPECT_EQ(read(pair, "id\tclass\np\tx\n")[1].class_name, "x");
}

TEST_F(LabelledRecords, log_names_that_appear_twice_and_gaps) {
  read(sequences(">a\nA-C\n>a\nAC\n"), "id\tclass\na\tx\n");
  EXPECT_HAS(log_, "names that appear more than once in a FASTA file: 'a'");
  EXPECT_HAS(log_, "gaps ('-', '.', and a final '*') were removed from 'a'");
}

TEST_F(LabelledRecords, above_the_memory_limit_are_an_error) {
  auto options = sequences(">a\nACGTACGT\n>b\nACGTACGT\n");
  options.max_bytes = 16;
  EXPECT_EQ(read(options, "id\tclass\na\tx\nb\tx\n").size(), 2U);
  options.max_bytes = 15;
  EXPECT_HAS(message_of([&] { read(options, "id\tclass\na\tx\nb\tx\n"); }), "--max-memory");
}

TEST_F(LabelledRecords, stop_request_ends_the_reading) {
  stop_.request_stop();
  EXPECT_EQ(message_of([&] { read(sequences(">a\nAC\n"), "id\tclass\na\tx\n"); }), "interrupted");
}

}  // namespace
}  // namespace paramixer
