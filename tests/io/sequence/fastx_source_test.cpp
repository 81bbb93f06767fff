#include "io/sequence/fastx_source.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/io/files/test_files.hpp"
#include "tests/io/sequence/sequence_files.hpp"
#include "tests/io/sequence/sequence_reader_helpers.hpp"

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
  EXPECT_EQ(records_of(">r\nacgtNRYuU*MKLV12\xC3\xA4@[`{\x7F\n")[0].sequence,
            "acgtNRYuU*MKLV12\xC3\xA4@[`{\x7F");
}

TEST(Fasta, WhiteSpaceInSequencesIsNoPartOfThem) {
  const auto records = records_of(">r1\nACGTACGTAC GTACGT\t\n \n\vAC\f\r\n \t\n>r2\nAC GT \n\n \n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].sequence, "ACGTACGTACGTACGTAC");
  EXPECT_EQ(records[0].gaps, 0);
  EXPECT_EQ(records[1].sequence, "ACGT");
}

TEST(Fasta, WhiteSpaceIsFoundAtEveryPlaceInALine) {
  const std::string bases = test::random_bases(40, 9);
  for (std::size_t place = 0; place <= bases.size(); ++place) {
    std::string line = bases;
    line.insert(place, " ");
    EXPECT_EQ(records_of(">r\n" + line + "\n")[0].sequence, bases) << place;
  }
}

TEST(Fasta, GapsAndEndMarksAreRemovedAndCounted) {
  const auto records = records_of(">r1\n--AC-G.T\n..\n>r2\nMK*L\nV*\n>r3\n----\n>r4\nACGT\n");
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].sequence, "ACGT");
  EXPECT_EQ(records[0].gaps, 6);
  EXPECT_EQ(records[1].sequence, "MK*LV") << "only the last one is an end mark";
  EXPECT_EQ(records[1].gaps, 1);
  EXPECT_EQ(records[2].sequence, "");
  EXPECT_EQ(records[3].gaps, 0);
}

TEST(Fasta, LinesMayEndWithCarriageReturnsAlone) {
  const auto records = records_of(">r1 x\rACGT\rAC\r\r>r2\rG\r");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].name, "r1");
  EXPECT_EQ(records[0].sequence, "ACGTAC");
  EXPECT_EQ(records[1].sequence, "G");
}

TEST(Fasta, ANameMayFollowBlanks) {
  const auto records = records_of("> r1 text\nACGT\n>\tr2\nAC\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].name, "r1");
  EXPECT_EQ(records[1].name, "r2");
  EXPECT_EQ(records[1].damage, "");
}

TEST(Fasta, ANulByteRejectsTheRecordAndSaysWhereItIs) {
  using namespace std::string_literals;
  const auto records = records_of(">r1\nACGT\n>r2\nACGT\nA\0C\n>r\0003\nACGT\n>r4\nACGT\n"s);
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].damage, "");
  EXPECT_EQ(records[1].damage,
            "line 5: there is a NUL byte at position 6 of the record; the file is damaged");
  EXPECT_EQ(records[2].name, "r?3");
  EXPECT_EQ(records[2].damage, "line 6: there is a NUL byte in the name");
  EXPECT_EQ(records[3].damage, "");
}

TEST(Fasta, Utf16IsNamed) {
  using namespace std::string_literals;
  for (const std::string& text :
       {"\xFF\xFE>\0r\0\n\0A\0"s, "\xFE\xFF\0>\0r\0\n"s, ">\0r\0\n\0A\0"s, "\0@\0r\0\n"s}) {
    EXPECT_HAS(read_error_of_text(text), "is UTF-16 text; convert it, for example with: iconv");
  }
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

TEST(Fasta, ARecordWithoutNameIsDamagedAndNumbered) {
  const auto records = records_of(">r1\nACGT\n> \nAC\n>r3\nGG\n>");
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[1].name, "record_2");
  EXPECT_EQ(records[1].damage, "line 3: the name is missing after '>'; give every record a name");
  EXPECT_EQ(records[2].sequence, "GG");
  EXPECT_EQ(records[2].damage, "");
  EXPECT_EQ(records[3].name, "record_4");
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

/// The damage of the first of two records; the second must be read all the same.
std::string damage_before_a_sound_record(const std::string& record) {
  const auto records = records_of(record + "@last\nACGT\n+\nIIII\n");
  EXPECT_EQ(records.size(), 2U) << record;
  EXPECT_EQ(records.back().name, "last");
  EXPECT_EQ(records.back().damage, "");
  EXPECT_EQ(records.back().quality, "IIII");
  EXPECT_EQ(records.front().quality, "") << "those of a damaged record mean nothing";
  return records.front().damage;
}

TEST(Fastq, DamagedRecordsDoNotHideTheNextOne) {
  EXPECT_EQ(damage_before_a_sound_record("@r1\nACGT\n"),
            "line 3: the next record starts here, but this one has no '+' line");
  EXPECT_EQ(damage_before_a_sound_record("@r1\nACGT\n+\nIIIIII\n"),
            "line 4: there are 4 bases, but 6 quality letters");
  EXPECT_EQ(damage_before_a_sound_record("@r1\nACGT\n+\nIII\n"),
            "line 4: there are 4 bases, but 3 quality letters");
  EXPECT_EQ(damage_before_a_sound_record("@r1\nACGT\n+\n\n"),
            "line 4: there are 4 bases, but 0 quality letters");
  EXPECT_EQ(damage_before_a_sound_record("@r1\n\n+\nIIII\n"),
            "line 4: there are 0 bases, but 4 quality letters");
  EXPECT_EQ(damage_before_a_sound_record("@r1\nAC\nGT\n+\nII\nIII\n"),
            "line 5: there are 4 bases, but 5 quality letters");
  EXPECT_EQ(damage_before_a_sound_record("@r1\nACGT\n+\nII I\n"),
            "line 4: the qualities hold a letter outside '!' to '~'");
  EXPECT_EQ(damage_before_a_sound_record("@\nACGT\n+\nIIII\n"),
            "line 1: the name is missing after '@'; give every record a name");
}

TEST(Fastq, RecordsThatCannotBeToldApartAnyMoreAreAnError) {
  EXPECT_HAS(read_error_of_text("@r1\nAC\nGT\n+\nIII\n@r2\nAC\n+\nII\n"),
             "in: record 'r1': line 5: there are 4 bases, but 6 quality letters, and no record "
             "starts after them");
}

TEST(Fastq, WhiteSpaceAroundIsLeftOut) {
  const auto records = records_of("@ r1 x\nAC GT \n+\nIIII \t\n \n@r2\nA\n+\nI\n\n \n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].name, "r1");
  EXPECT_EQ(records[0].sequence, "ACGT");
  EXPECT_EQ(records[0].quality, "IIII");
  EXPECT_EQ(records[0].damage, "");
}

TEST(Fastq, GapsAreLeftAlone) {
  const auto records = records_of("@r1\nA.C-G*\n+\nIIIIII\n");
  EXPECT_EQ(records[0].sequence, "A.C-G*");
  EXPECT_EQ(records[0].gaps, 0);
}

TEST(Fastq, LinesMayEndWithCarriageReturnsAlone) {
  const auto records = records_of("@r1\rACGT\r+\rIIII\r@r2\rA\r+\rI\r");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[1].quality, "I");
}

TEST(Fastq, AMissingLineIsNoticedAtTheNextRecord) {
  EXPECT_HAS(read_error_of_text("@r1\nACGT\n+\nIIII\nr2\nACGT\n+\nIIII\n"),
             "record 'r1': line 5: expected '@' and a record name, found 'r2'");
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
