#include "io/fastx_source.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/io/sequence_files.hpp"
#include "tests/io/sequence_reader_helpers.hpp"
#include "tests/io/test_files.hpp"

namespace paramixer {
namespace {

using test::read_all;
using test::read_error;
using test::read_error_of_text;
using test::TempDir;
using test::write_file;

std::vector<SequenceRecord> records_of(const std::string& text) {
  const TempDir dir;
  write_file(dir.file("in"), text);
  return read_all(dir.file("in"));
}

TEST(Fasta, NameIsTheFirstWordAndLinesAreJoined) {
  const auto records = records_of(">r1 a virus\nACGT\nAC\n\nG\n>r2\tx\nTTT");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].name, "r1");
  EXPECT_EQ(records[0].sequence, "ACGTACG");
  EXPECT_EQ(records[0].index, 0);
  EXPECT_EQ(records[0].quality, "");
  EXPECT_EQ(records[0].alignment, nullptr);
  EXPECT_EQ(records[1].name, "r2");
  EXPECT_EQ(records[1].sequence, "TTT");
  EXPECT_EQ(records[1].index, 1);
}

TEST(Fasta, LettersAreKeptAsTheyAre) {
  EXPECT_EQ(records_of(">r\nacgtNRYuU*-MKLV1 2\n")[0].sequence, "acgtNRYuU*-MKLV1 2");
}

TEST(Fasta, CrlfByteOrderMarkAndLeadingBlankLinesAreAccepted) {
  const auto records = records_of("\xEF\xBB\xBF\r\n\n>r1 x\r\nAC\r\nGT\r\n>r2\r\nA\r\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].name, "r1");
  EXPECT_EQ(records[0].sequence, "ACGT");
  EXPECT_EQ(records[1].name, "r2");
  EXPECT_EQ(records[1].sequence, "A");
}

TEST(Fasta, RecordsWithoutBasesAreReturnedEmpty) {
  const auto records = records_of(">r1\n>r2\nA\n>r3");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].sequence, "");
  EXPECT_EQ(records[1].sequence, "A");
  EXPECT_EQ(records[2].name, "r3");
  EXPECT_EQ(records[2].sequence, "");
}

TEST(Fasta, LinesLongerThanEveryBufferStayWhole) {
  // The CR of the line end falls on both sides of the stream's buffer border.
  for (std::size_t length = 131064; length < 131076; ++length) {
    const std::string bases = test::random_bases(length, 3);
    const auto records = records_of(">r\r\n" + bases + "\r\nAC\r\n");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].sequence == bases + "AC") << length;
  }
}

TEST(Fasta, AHeaderWithoutNameIsAnErrorWithItsLine) {
  EXPECT_HAS(read_error_of_text(">\nACGT\n"), "in: line 1: there is no name directly after '>'");
  EXPECT_HAS(read_error_of_text(">r1\nACGT\n> r2\nAC\n"), "line 3: there is no name");
  EXPECT_HAS(read_error_of_text(">r1\nACGT\n>"), "line 3: there is no name");
}

TEST(Fasta, TextBeforeTheFirstRecordIsAnError) {
  EXPECT_HAS(read_error_of_text("; made by hand\n>r1\nACGT\n"),
             "line 1: there is text before the first '>': '; made by hand'");
  EXPECT_HAS(read_error_of_text("\n\nACGT\n>r1\nACGT\n"), "line 3: there is text before");
}

TEST(Fastq, NamesBasesAndQualitiesAreRead) {
  const auto records = records_of("@r1 c\nACGT\n+\nIIII\n@r2\nA\n+r2\n@\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].name, "r1");
  EXPECT_EQ(records[0].sequence, "ACGT");
  EXPECT_EQ(records[0].quality, "IIII");
  EXPECT_EQ(records[1].quality, "@");
}

TEST(Fastq, WrappedRecordsAndQualitiesThatLookLikeHeadersAreRead) {
  const auto records = records_of("@r1\r\nACG\r\nTA\r\n+\r\n@+I\r\n@I\r\n@r2\r\nC\r\n+\r\n+\r\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].sequence, "ACGTA");
  EXPECT_EQ(records[0].quality, "@+I@I");
  EXPECT_EQ(records[1].quality, "+");
}

TEST(Fastq, AReadWithoutBasesIsReturnedEmpty) {
  const auto records = records_of("@r1\n\n+\n\n@r2\nA\n+\nI\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].sequence, "");
  EXPECT_EQ(records[1].sequence, "A");
}

TEST(Fastq, EveryTruncationInsideARecordIsAnErrorThatNamesIt) {
  const std::string first = "@r1\nACGT\n+\nIIII\n";
  const std::string second = "@r2\nACGTA\n+\nIIIII";
  for (std::size_t length = 3; length < second.size(); ++length) {
    const std::string message = read_error_of_text(first + second.substr(0, length));
    EXPECT_HAS(message, "in: record 'r2': the file ends");
  }
  EXPECT_EQ(read_error_of_text(first + second), "no error");
  EXPECT_HAS(read_error_of_text(first + "@r2\nACGTA\n+\nII\n"), "after 2 of 5 quality letters");
}

TEST(Fastq, AMissingPlusLineIsAnError) {
  EXPECT_HAS(read_error_of_text("@r1\nACGT\n@r2\nACGT\n+\nIIII\n"),
             "record 'r1': line 3: the next record starts here, but this one has no '+' line");
}

TEST(Fastq, TooManyQualitiesAreAnError) {
  EXPECT_HAS(read_error_of_text("@r1\nACGT\n+\nIIIIII\n"),
             "record 'r1': line 4: there are 4 bases, but 6 quality letters");
}

TEST(Fastq, QualitiesMustBePrintable) {
  EXPECT_HAS(read_error_of_text("@r1\nACGT\n+\nII I\n"), "record 'r1': line 4: the qualities hold");
}

TEST(Fastq, AMissingLineIsNoticedAtTheNextRecord) {
  EXPECT_HAS(read_error_of_text("@r1\nACGT\n+\nIIII\nr2\nACGT\n+\nIIII\n"),
             "record 'r1': line 5: expected '@' and a record name, found 'r2'");
  EXPECT_HAS(read_error_of_text("@\nA\n+\nI\n"), "line 1: there is no name directly after '@'");
}

class CompressedFastx : public testing::TestWithParam<int> {
 protected:
  ReaderOptions options() const { return {.threads = GetParam()}; }
  /// Several BGZF blocks.
  static std::string text() {
    return ">r1\n" + test::random_bases(100000, 1) + "\n>r2\n" + test::random_bases(100000, 2) +
           "\n";
  }
  TempDir dir_;
};

INSTANTIATE_TEST_SUITE_P(Threads, CompressedFastx, testing::Values(0, 2));

TEST_P(CompressedFastx, GzipAndBgzfGiveTheSameRecordsAsPlainText) {
  write_file(dir_.file("plain"), text());
  test::write_gzip(dir_.file("gz"), text());
  test::write_bgzf(dir_.file("bgzf"), text());
  const auto expected = read_all(dir_.file("plain"), options());
  ASSERT_EQ(expected.size(), 2U);
  for (const char* name : {"gz", "bgzf"}) {
    const auto records = read_all(dir_.file(name), options());
    ASSERT_EQ(records.size(), 2U) << name;
    EXPECT_TRUE(records[1].sequence == expected[1].sequence) << name;
  }
}

TEST_P(CompressedFastx, ConcatenatedFilesAreReadToTheEnd) {
  for (const auto write : {test::write_gzip, test::write_bgzf}) {
    write(dir_.file("a"), ">a\nAC\n");
    write(dir_.file("b"), ">b\nGT\n");
    write_file(dir_.file("ab"), test::read_file(dir_.file("a")) + test::read_file(dir_.file("b")));
    EXPECT_EQ(read_all(dir_.file("ab"), options()).size(), 2U);
  }
}

TEST_P(CompressedFastx, TruncatedGzipIsAnErrorThatNamesTheRecord) {
  test::write_gzip(dir_.file("cut"), text());
  test::cut_tail(dir_.file("cut"), 200);
  int before = 0;
  EXPECT_HAS(read_error(dir_.file("cut"), options(), &before),
             "cut: record 'r2': the gzip stream ends early");
  EXPECT_EQ(before, 1);
}

TEST_P(CompressedFastx, DamagedGzipIsAnError) {
  test::write_gzip(dir_.file("bad"), text());
  test::flip_byte(dir_.file("bad"), 1000);
  EXPECT_HAS(read_error(dir_.file("bad"), options()), "damaged");
}

TEST_P(CompressedFastx, MissingEndBlockIsAnErrorInFilesAndPipes) {
  test::write_bgzf(dir_.file("cut"), text());
  test::cut_tail(dir_.file("cut"), test::kEndBlockBytes);
  EXPECT_HAS(read_error(dir_.file("cut"), options()),
             "cut: record 'r2': the BGZF end-of-file block is missing");
  const test::StdinFromPipe pipe(dir_.file("cut"));
  EXPECT_HAS(read_error("-", options()),
             "stdin: record 'r2': the BGZF end-of-file block is missing");
}

TEST_P(CompressedFastx, BgzfCutInsideABlockIsAnErrorInFilesAndPipes) {
  test::write_bgzf(dir_.file("cut"), text());
  test::cut_tail(dir_.file("cut"), 500);
  const std::string of_file = read_error(dir_.file("cut"), options());
  const test::StdinFromPipe pipe(dir_.file("cut"));
  const std::string of_pipe = read_error("-", options());
  // htslib's threads may drop the good blocks before a bad one.
  EXPECT_HAS(of_file,
             GetParam() == 0 ? "cut: record 'r2': the compressed data end in the middle" : "cut: ");
  EXPECT_HAS(of_pipe, GetParam() == 0 ? "stdin: record 'r2': the compressed data end in the middle"
                                      : "stdin: ");
  EXPECT_HAS(of_file, "copy or download");
  EXPECT_HAS(of_pipe, "copy or download");
}

TEST_P(CompressedFastx, DamagedBgzfFailsItsChecksum) {
  test::write_bgzf(dir_.file("bad"), text());
  // The checksum lies 8 bytes before the end of the last block with data.
  test::flip_byte(dir_.file("bad"), test::read_file(dir_.file("bad")).size() - 28 - 8);
  EXPECT_HAS(
      read_error(dir_.file("bad"), options()),
      GetParam() == 0 ? "record 'r2': a compressed block fails its checksum" : "are damaged");
}

TEST_P(CompressedFastx, CompressedNothingIsAnEmptyFile) {
  test::write_gzip(dir_.file("gz"), "");
  test::write_bgzf(dir_.file("bgzf"), "");
  EXPECT_HAS(read_error(dir_.file("gz"), options()), "gz: is empty");
  EXPECT_HAS(read_error(dir_.file("bgzf"), options()), "bgzf: is empty");
}

}  // namespace
}  // namespace paramixer
