#include "app/services/records/input_records.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

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
      names += input.record.name + "@" + std::to_string(input.record.input_number) + " ";
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

/// Ids, with a mark for those without an answer.
std::string ids_in(const InputOptions& options, InputNotes* notes = nullptr) {
  std::string ids;
  InputRecords records(options);
  records.for_each([&](const InputRecord& input) {
    ids += input.record.id() + (input.is_answered ? " " : "! ");
  });
  if (notes != nullptr) *notes = records.notes();
  return ids;
}

TEST_F(InputRecordsTest, neighbours_of_one_name_in_fastq_are_mates) {
  const auto fastq = [](const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += "@" + name + " x\nA\n+\nI\n";
    return text;
  };
  test::write_file(dir_.file("x.fq"), fastq({"p", "p", "s", "q", "q", "q", "p"}));
  InputOptions options{.paths = {dir_.file("x.fq")}};
  EXPECT_EQ(ids_in(options), "p/1 p/2 s q/1 q/2 q p ");
  options.shard = {.index = 2, .count = 2};
  EXPECT_EQ(ids_in(options), "p/2 q/1 q ") << "the same ids as without shards";
  options.shard = {};
  options.mates = MateSuffixes::kNone;
  EXPECT_EQ(ids_in(options), "p p s q q q p ");
  test::write_file(dir_.file("x.fa"), ">p\nA\n>p\nA\n");
  EXPECT_EQ(ids_in({.paths = {dir_.file("x.fa")}}), "p p ") << "FASTA holds no pairs";
}

TEST_F(InputRecordsTest, records_before_a_damaged_place_are_all_visited) {
  test::write_file(dir_.file("cut.fq"), "@r1\nA\n+\nI\n@r2\nA\n+\nI\n@r3\nACGT\n+\nI");
  InputRecords records({.paths = {dir_.file("cut.fq")}});
  std::string ids;
  const auto read = [&] {
    records.for_each([&](const InputRecord& input) { ids += input.record.id() + " "; });
  };
  EXPECT_HAS(test::message_of(read), "record 'r3': the file ends");
  EXPECT_EQ(ids, "r1 r2 ");
}

class InputAlignments : public InputRecordsTest {
 protected:
  void SetUp() override {
    const std::string at = "\tchr1\t1\t60\t4M\t*\t0\t0\t";
    test::write_file(dir_.file("x.sam"), "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:90\na\t0" + at +
                                             "ACGT\t*\na\t256" + at + "*\t*\na\t2064" + at +
                                             "ACGT\t*\nb\t0" + at + "*\t*\nc\t77\t*\t0\t0\t*\t*" +
                                             "\t0\t0\tACGT\t*\n");
    options_.paths = {dir_.file("x.sam")};
  }
  InputOptions options_;
};

TEST_F(InputAlignments, are_one_for_each_read) {
  InputNotes notes;
  EXPECT_EQ(ids_in(options_, &notes), "a b c/1 ");
  EXPECT_EQ(notes.further_alignments, 2);
}

TEST_F(InputAlignments, of_all_kinds_need_bases) {
  options_.alignments = Alignments::kAll;
  InputNotes notes;
  EXPECT_EQ(ids_in(options_, &notes), "a a b c/1 ");
  EXPECT_EQ(notes.further_alignments, 1);
}

TEST_F(InputAlignments, without_an_answer_can_be_kept_and_stay_with_the_record_before) {
  options_.unanswered = UnansweredAlignments::kHandOn;
  EXPECT_EQ(ids_in(options_), "a a! a! b c/1 ");
  options_.shard = {.index = 1, .count = 2};
  EXPECT_EQ(ids_in(options_), "a a! a! c/1 ");
  options_.shard = {.index = 2, .count = 2};
  EXPECT_EQ(ids_in(options_), "b ");
}

TEST_F(InputRecordsTest, damaged_records_are_handed_on_or_an_error) {
  test::write_file(dir_.file("x.fa"), ">a\nA\n>\nC\n>b\nG\n");
  InputOptions options{.paths = {dir_.file("x.fa")}};
  EXPECT_EQ(ids_in(options), "a record_2 b ");
  options.damaged = DamagedRecords::kStop;
  EXPECT_HAS(test::message_of([&] { ids_in(options); }),
             "x.fa: record 'record_2': line 3: the name is missing after '>'");
}

TEST_F(InputRecordsTest, notes_count_gaps_and_repeated_names) {
  test::write_file(dir_.file("x.fa"), ">a\nA-C\n>b\nC\n>a\n-G*\n");
  InputNotes notes;
  ids_in({.paths = {dir_.file("x.fa")}}, &notes);
  EXPECT_EQ(notes.gaps, 3);
  EXPECT_EQ(notes.gapped_records, 2);
  EXPECT_EQ(notes.first_gapped, "a");
  EXPECT_EQ(notes.repeated_names, 1);
  EXPECT_EQ(notes.first_repeated, "a");
  std::string log;
  log_notes(notes, {.log = [&](const std::string& line) { log += line + "\n"; }});
  EXPECT_HAS(log, "names that appear more than once in a FASTA file: 'a';");
  EXPECT_HAS(log, "were removed from 'a' and 1 more;");
}

TEST_F(InputRecordsTest, a_region_with_gaps_is_an_error) {
  test::write_file(dir_.file("g.fa"), ">c1\nAC-T\nACGT\n");
  InputOptions options{.paths = {dir_.file("g.fa")}, .region = Region{"c1", 1, 4}};
  EXPECT_HAS(test::message_of([&] { ids_in(options); }), "record 'c1:1-4': the region holds gaps");
  options.region = Region{"c1", 5, 8};
  EXPECT_EQ(ids_in(options), "c1:5-8 ");
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
