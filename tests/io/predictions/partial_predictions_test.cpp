#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "io/files/text_output.hpp"
#include "io/predictions/prediction_writer.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::read_file;
using test::TempDir;
using test::write_file;
using Ids = std::vector<std::string>;

class PartialPredictions : public testing::Test {
 protected:
  Ids recover(const std::string& text, PredictionFormat format) const {
    write_file(path_, text);
    return recover_partial_predictions(path_, format);
  }
  TempDir dir_;
  std::string path_ = dir_.file("out.partial");
};

TEST_F(PartialPredictions, AnAbsentFileHasNone) {
  EXPECT_TRUE(recover_partial_predictions(path_, PredictionFormat::kTsv).empty());
  EXPECT_FALSE(test::exists(path_));
}

TEST_F(PartialPredictions, TheIncompleteLastLineOfATableIsCutOff) {
  EXPECT_EQ(recover("id\tlength\nr1\t4\nr2\t5\nr3", PredictionFormat::kTsv), (Ids{"r1", "r2"}));
  EXPECT_EQ(read_file(path_), "id\tlength\nr1\t4\nr2\t5\n");
}

TEST_F(PartialPredictions, ACompleteTableIsLeftAlone) {
  EXPECT_EQ(recover("id\tlength\nr1\t4\n", PredictionFormat::kTsv), Ids{"r1"});
  EXPECT_EQ(read_file(path_), "id\tlength\nr1\t4\n");
}

TEST_F(PartialPredictions, AnIncompleteHeaderLeavesAnEmptyFile) {
  EXPECT_TRUE(recover("id\tlen", PredictionFormat::kTsv).empty());
  EXPECT_EQ(read_file(path_), "");
  EXPECT_TRUE(recover("", PredictionFormat::kTsv).empty());
}

TEST_F(PartialPredictions, JsonLinesAreRecovered) {
  const std::string whole = "{\"id\":\"r1\",\"length\":1}\n{\"id\":\"r \\\"2\",\"length\":1}\n";
  EXPECT_EQ(recover(whole + "{\"id\":\"r3\"", PredictionFormat::kJsonl), (Ids{"r1", "r \"2"}));
  EXPECT_EQ(read_file(path_), whole);
}

TEST_F(PartialPredictions, OtherFilesAreErrorsAndStayAsTheyAre) {
  EXPECT_HAS(message_of([&] { recover("name\tx\nr1\t4\n", PredictionFormat::kTsv); }),
             "is not a table of predictions");
  EXPECT_HAS(message_of([&] { recover("[1]\nrest", PredictionFormat::kJsonl); }),
             "holds a line that is not a prediction");
  EXPECT_EQ(read_file(path_), "[1]\nrest");
}

class CompressedPartialPredictions : public testing::Test {
 protected:
  Ids recover() const { return recover_partial_predictions(partial_, PredictionFormat::kTsv); }
  /// One block for each text.
  void write_blocks(const std::vector<std::string>& texts) const {
    TextOutput output(dir_.file("x.tsv.gz"));
    for (const std::string& text : texts) {
      output.write(text);
      output.flush();
    }
  }
  TempDir dir_;
  std::string partial_ = dir_.file("x.tsv.gz.partial");
};

TEST_F(CompressedPartialPredictions, BlocksUpToTheLastThatEndsWithALineAreKept) {
  write_blocks({"id\tlength\nr1\t4\n", "r2\t5\nr3\t", "6\n", "r4\t1\nr5"});
  EXPECT_EQ(recover(), (Ids{"r1", "r2", "r3"}));
  EXPECT_EQ(test::inflated(partial_), "id\tlength\nr1\t4\nr2\t5\nr3\t6\n");
}

TEST_F(CompressedPartialPredictions, ABlockThatIsCutOffAtAnyByteIsLeftOut) {
  write_blocks({"id\tlength\nr1\t4\n"});
  const std::size_t first = read_file(partial_).size() - 28;  // Without the block of the end.
  write_blocks({"id\tlength\nr1\t4\n", "r2\t5\n"});
  const std::string whole = read_file(partial_);
  for (std::size_t size = first; size < whole.size() - 28; ++size) {
    write_file(partial_, whole.substr(0, size));
    EXPECT_EQ(recover(), Ids{"r1"}) << size;
    EXPECT_EQ(read_file(partial_), whole.substr(0, first)) << size;
  }
}

TEST_F(CompressedPartialPredictions, ADamagedBlockAndWhatFollowsIsLeftOut) {
  write_blocks({"id\tlength\nr1\t4\n", "r2\t5\n", "r3\t5\n"});
  std::string bytes = read_file(partial_);
  write_blocks({"id\tlength\nr1\t4\n"});
  const std::size_t first = read_file(partial_).size() - 28;
  bytes[first + 20] = static_cast<char>(bytes[first + 20] ^ 0x55);
  write_file(partial_, bytes);
  EXPECT_EQ(recover(), Ids{"r1"});
}

TEST_F(CompressedPartialPredictions, NothingWholeLeavesAnEmptyFile) {
  write_blocks({"id\tlen"});
  EXPECT_TRUE(recover().empty());
  EXPECT_EQ(read_file(partial_), "");
}

TEST_F(CompressedPartialPredictions, ABlockThatHasHardlyBegunLeavesAnEmptyFile) {
  write_blocks({"id\tlength\nr1\t4\n"});
  const std::string whole = read_file(partial_);
  for (std::size_t size = 1; size < 30; ++size) {
    write_file(partial_, whole.substr(0, size));
    EXPECT_TRUE(recover().empty()) << size;
    EXPECT_EQ(read_file(partial_), "") << size;
  }
}

TEST_F(CompressedPartialPredictions, PlainTextUnderACompressedNameIsAnErrorAndStays) {
  write_file(partial_, "id\tlength\nr1\t4\n");
  EXPECT_HAS(message_of([&] { recover(); }), "is not compressed as its name says");
  EXPECT_EQ(read_file(partial_), "id\tlength\nr1\t4\n");
}

TEST_F(PartialPredictions, BamCannotBeRecovered) {
  EXPECT_HAS(message_of([&] { recover("", PredictionFormat::kBam); }), "cannot be resumed");
}

TEST(PredictionFormatName, IsReadAndWritten) {
  for (const char* name : {"tsv", "jsonl", "bam", "sam"}) {
    EXPECT_STREQ(name_of(value_named<PredictionFormat>(name)), name);
  }
  EXPECT_HAS(message_of([] { value_named<PredictionFormat>("csv"); }),
             "expected one of: tsv, jsonl, bam, sam");
}

}  // namespace
}  // namespace paramixer
