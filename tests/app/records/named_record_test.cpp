#include "app/services/records/named_record.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::TempDir;
using test::write_file;

class NamedRecordTest : public testing::Test {
 protected:
  InputRecord find(const std::string& fasta, const std::string& name, std::stop_token stop = {}) {
    write_file(path_, fasta);
    InputRecords source({.paths = {path_}});
    return find_record(source, name, std::move(stop));
  }

  TempDir folder_;
  std::string path_ = folder_.file("x.fa");
};

TEST_F(NamedRecordTest, FindsByNameOrTheOnlyOne) {
  EXPECT_EQ(find(">a\nAC\n>b\nGT\n>c\nTT\n", "b").record.sequence, "GT");
  EXPECT_EQ(find(">a\nAC\n", "").record.name, "a");
}

TEST_F(NamedRecordTest, OfAReadsAlignmentsThePrimaryOneCounts) {
  const std::string header = "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:90\n";
  const std::string secondary = "r\t256\tchr1\t9\t60\t4M\t*\t0\t0\t*\t*\n";
  const std::string supplementary = "r\t2048\tchr1\t7\t60\t2H2M\t*\t0\t0\tGT\t*\n";
  const std::string primary = "r\t0\tchr1\t1\t60\t4M\t*\t0\t0\tACGT\t*\n";
  EXPECT_EQ(find(header + secondary + supplementary + primary, "r").record.sequence, "ACGT");
  EXPECT_EQ(find(header + primary + secondary, "r").record.sequence, "ACGT");
  EXPECT_HAS(message_of([&] { find(header + supplementary, "r"); }), "has no record 'r'");
  EXPECT_EQ(find(header + primary + secondary, "").record.sequence, "ACGT");
}

TEST_F(NamedRecordTest, MatesAreFoundByTheirNumber) {
  const std::string pair = "@p\nAC\n+\nII\n@p\nGT\n+\nII\n";
  EXPECT_EQ(find(pair, "p").record.sequence, "AC");
  EXPECT_EQ(find(pair, "p/2").record.sequence, "GT");
}

TEST_F(NamedRecordTest, ADamagedOneIsAnErrorThatSaysWhy) {
  const std::string reads = "@a\nAC\n+\nI\n@b\nGT\n+\nII\n";
  EXPECT_HAS(message_of([&] { find(reads, "a"); }),
             "x.fa: record 'a': line 4: there are 2 bases, but 1 quality letters");
  EXPECT_EQ(find(reads, "b").record.sequence, "GT");
}

TEST_F(NamedRecordTest, MissingAndAmbiguousOnesNameWhatIsThere) {
  EXPECT_HAS(message_of([&] { find(">a\nAC\n>b\nGT\n", "z"); }),
             "has no record 'z'; its first ones are 'a', 'b'");
  EXPECT_HAS(message_of([&] { find(">a\nAC\n>b\nGT\n", ""); }), "choose one with --record");
}

TEST_F(NamedRecordTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_HAS(message_of([&] { find(">a\nAC\n", "a", stop.get_token()); }), "interrupted");
}

TEST_F(NamedRecordTest, WindowsAre0BasedAndWithinTheRecord) {
  const InputRecord input = find(">a\nACGTACGTAC\n", "a");
  EXPECT_EQ(window_of({3, 5}, input, "x.fa"), (Window{2, 3}));
  EXPECT_EQ(window_of({3, 0}, input, "x.fa"), (Window{2, 8}));
  EXPECT_EQ(window_of({}, input, "x.fa"), (Window{0, 10}));
  EXPECT_EQ(window_of({5, 11}, input, "x.fa"), (Window{4, 6}));
  EXPECT_EQ(window_of({10, 4000}, input, "x.fa"), (Window{9, 1}));
  for (const BaseRange range : {BaseRange{0, 3}, BaseRange{11, 11}, BaseRange{11, 0}}) {
    EXPECT_HAS(message_of([&] { window_of(range, input, "x.fa"); }),
               "x.fa: record 'a': the region begins at ");
  }
}

TEST(BaseRangeTest, IsReadWithAndWithoutAName) {
  std::string record;
  BaseRange range = parse_base_range("1,001-2,000", record);
  EXPECT_EQ(range.begin, 1001);
  EXPECT_EQ(range.end, 2000);
  EXPECT_EQ(record, "");
  range = parse_base_range("7", record);
  EXPECT_EQ(range.begin, 7);
  EXPECT_EQ(range.end, 0);
  parse_base_range("chr1:5-9", record);
  EXPECT_EQ(record, "chr1");
  EXPECT_HAS(message_of([&] { parse_base_range("chr2:5-9", record); }), "not in the record 'chr1'");
  for (const char* bad : {"0-5", "9-5", "-", ""}) {
    EXPECT_THROW(parse_base_range(bad, record), Error) << bad;
  }
}

}  // namespace
}  // namespace paramixer
