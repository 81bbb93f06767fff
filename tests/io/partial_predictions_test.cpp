#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "io/prediction_writer.hpp"
#include "tests/io/test_files.hpp"

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
             "is no table of predictions");
  EXPECT_HAS(message_of([&] { recover("[1]\nrest", PredictionFormat::kJsonl); }),
             "holds a line that is no prediction");
  EXPECT_EQ(read_file(path_), "[1]\nrest");
}

TEST_F(PartialPredictions, BamCannotBeRecovered) {
  EXPECT_HAS(message_of([&] { recover("", PredictionFormat::kBam); }), "cannot be resumed");
}

TEST(PredictionFormatName, IsReadAndWritten) {
  for (const char* name : {"tsv", "jsonl", "bam"}) {
    EXPECT_STREQ(name_of(prediction_format_from(name)), name);
  }
  EXPECT_HAS(message_of([] { prediction_format_from("csv"); }), "choose tsv, jsonl or bam");
}

}  // namespace
}  // namespace paramixer
