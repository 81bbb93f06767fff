#include "io/alignment_source.hpp"

#include <filesystem>
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
using test::TempDir;
using test::write_file;

constexpr const char* kSam =
    "@HD\tVN:1.6\tSO:coordinate\n"
    "@SQ\tSN:chr1\tLN:1000\n"
    "fwd\t0\tchr1\t1\t60\t7M\t*\t0\t0\tACGTNRA\tIIIIIII\tNM:i:0\n"
    "rev\t16\tchr1\t5\t60\t5M\t*\t0\t0\tAACGM\t*\n"
    "rev\t272\tchr1\t9\t0\t5M\t*\t0\t0\t*\t*\n"
    "one\t4\t*\t0\t0\t*\t*\t0\t0\tG\tI\n";

/// Enough records for several BGZF blocks.
std::string long_sam(int records) {
  std::string text = "@HD\tVN:1.6\tSO:unsorted\n@SQ\tSN:chr1\tLN:1000\n";
  for (int i = 0; i < records; ++i) {
    text += "r" + std::to_string(i) + "\t4\t*\t0\t0\t*\t*\t0\t0\t" +
            test::random_bases(3000, static_cast<unsigned>(i)) + "\t*\n";
  }
  return text;
}

void expect_example_records(const std::vector<SequenceRecord>& records) {
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].name, "fwd");
  EXPECT_EQ(records[0].sequence, "ACGTNRA");
  EXPECT_FALSE(records[0].reverse_strand);
  ASSERT_NE(records[0].alignment, nullptr);
  EXPECT_NE(bam_aux_get(records[0].alignment.get(), "NM"), nullptr);
  EXPECT_EQ(records[1].sequence, "KCGTT") << "reverse strand, in the orientation of the read";
  EXPECT_TRUE(records[1].reverse_strand);
  EXPECT_EQ(records[2].name, "rev") << "repeated names are normal in alignments";
  EXPECT_EQ(records[2].sequence, "");
  EXPECT_TRUE(records[1].primary);
  EXPECT_FALSE(records[2].primary);
  EXPECT_EQ(records[2].alignment->core.flag, 272);
  EXPECT_EQ(records[3].sequence, "G");
  EXPECT_EQ(records[3].index, 3);
}

class AlignmentFiles : public testing::TestWithParam<int> {
 protected:
  ReaderOptions options() const { return {.threads = GetParam()}; }
  TempDir dir_;
};

INSTANTIATE_TEST_SUITE_P(Threads, AlignmentFiles, testing::Values(0, 2));

TEST_P(AlignmentFiles, SamBamAndTheirCompressedFormsGiveTheSameRecords) {
  write_file(dir_.file("plain"), kSam);
  test::write_gzip(dir_.file("sam-gz"), kSam);
  test::write_bgzf(dir_.file("sam-bgzf"), kSam);
  test::write_alignments(dir_.file("bam"), kSam);
  test::write_alignments(dir_.file("bam-level-0"), kSam, "wb0");
  for (const char* name : {"plain", "sam-gz", "sam-bgzf", "bam", "bam-level-0"}) {
    SCOPED_TRACE(name);
    expect_example_records(read_all(dir_.file(name), options()));
  }
}

TEST_P(AlignmentFiles, ReadsFromAPipe) {
  test::write_alignments(dir_.file("bam"), kSam);
  const test::StdinFromPipe pipe(dir_.file("bam"));
  SequenceReader reader("-", options());
  EXPECT_EQ(reader.display_name(), "stdin");
  EXPECT_EQ(reader.format(), SequenceFormat::kBam);
  ASSERT_NE(reader.header(), nullptr);
  EXPECT_EQ(sam_hdr_nref(reader.header().get()), 1);
  SequenceRecord record;
  int records = 0;
  while (reader.next(record)) ++records;
  EXPECT_EQ(records, 4);
}

TEST_P(AlignmentFiles, AHeaderWithoutRecordsIsACleanEnd) {
  test::write_alignments(dir_.file("bam"), "@HD\tVN:1.6\n");
  EXPECT_TRUE(read_all(dir_.file("bam"), options()).empty());
}

TEST_P(AlignmentFiles, MissingEndBlockIsAnErrorInFilesAndPipes) {
  test::write_alignments(dir_.file("cut.bam"), kSam);
  test::cut_tail(dir_.file("cut.bam"), test::kEndBlockBytes);
  int before = 0;
  EXPECT_HAS(read_error(dir_.file("cut.bam"), options(), &before),
             "cut.bam: after record 4 ('one'): the BGZF end-of-file block is missing");
  EXPECT_EQ(before, 4);
  const test::StdinFromPipe pipe(dir_.file("cut.bam"));
  EXPECT_HAS(read_error("-", options()),
             "stdin: after record 4 ('one'): the BGZF end-of-file block is missing");
}

TEST_P(AlignmentFiles, MissingEndBlockOfACompressedSamIsAnErrorInFilesAndPipes) {
  test::write_bgzf(dir_.file("cut"), kSam);
  test::cut_tail(dir_.file("cut"), test::kEndBlockBytes);
  EXPECT_HAS(read_error(dir_.file("cut"), options()), "the BGZF end-of-file block is missing");
  const test::StdinFromPipe pipe(dir_.file("cut"));
  EXPECT_HAS(read_error("-", options()),
             "stdin: after record 4 ('one'): the BGZF end-of-file block is missing");
}

TEST_P(AlignmentFiles, ABamCutInsideABlockNamesTheRecord) {
  test::write_alignments(dir_.file("cut.bam"), long_sam(200));
  test::cut_tail(dir_.file("cut.bam"), 1000);
  int before = 0;
  const std::string message = read_error(dir_.file("cut.bam"), options(), &before);
  EXPECT_GT(before, GetParam() == 0 ? 150 : 0);
  EXPECT_HAS(message, "cut.bam: ");
  EXPECT_HAS(message, "'r" + std::to_string(before - 1) + "'): ");
  EXPECT_HAS(message, "copy or download");
}

TEST_P(AlignmentFiles, ABamCutBetweenBlocksInsideARecordIsADamagedRecord) {
  // A stream that ends properly, but in the middle of a record.
  test::write_alignments(dir_.file("whole.bam"), long_sam(3));
  const std::string cat = "bgzip -dc " + dir_.file("whole.bam") + " | head -c 6500 | bgzip -c > " +
                          dir_.file("cut.bam");
  ASSERT_EQ(std::system(cat.c_str()), 0);
  EXPECT_HAS(read_error(dir_.file("cut.bam"), options()),
             "record 2 (after 'r0'): the BAM record is damaged or cut off");
}

TEST_P(AlignmentFiles, ADamagedBamBlockFailsItsChecksumAndNamesTheRecord) {
  test::write_alignments(dir_.file("bad.bam"), long_sam(200));
  test::flip_byte(dir_.file("bad.bam"), test::read_file(dir_.file("bad.bam")).size() - 28 - 8);
  int before = 0;
  const std::string message = read_error(dir_.file("bad.bam"), options(), &before);
  EXPECT_HAS(message, "bad.bam: record " + std::to_string(before + 1) + " (after ");
  EXPECT_HAS(message, GetParam() == 0 ? "fails its checksum" : "are damaged");
}

TEST_P(AlignmentFiles, ADamagedHeaderIsAnError) {
  test::write_alignments(dir_.file("bad.bam"), kSam);
  const std::string whole = test::read_file(dir_.file("bad.bam"));
  write_file(dir_.file("bad.bam"), whole.substr(0, 60));
  EXPECT_HAS(read_error(dir_.file("bad.bam"), options()), "BAM header is damaged or cut off");
}

TEST_P(AlignmentFiles, AMalformedSamLineIsNamedAndTheRecordsBeforeItAreReturned) {
  write_file(dir_.file("bad.sam"), std::string(kSam) + "bad\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tI\n");
  int before = 0;
  EXPECT_HAS(read_error(dir_.file("bad.sam"), options(), &before),
             "bad.sam: record 5 (after 'one'): line 7 is not a valid SAM record");
  EXPECT_EQ(before, 4);
}

TEST_P(AlignmentFiles, EveryTruncationOfABamIsFound) {
  const std::string path = dir_.file("bam");
  test::write_alignments(path, kSam);
  const std::string whole = test::read_file(path);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write_file(path, whole.substr(0, length));
    EXPECT_NE(read_error(path, options()), "no error") << length;
  }
}

TEST_P(AlignmentFiles, EveryFlippedByteOfABamIsFoundOrHarmlessButNeverCrashes) {
  const std::string path = dir_.file("bam");
  test::write_alignments(path, kSam);
  const std::string whole = test::read_file(path);
  int found = 0;
  for (std::size_t position = 0; position < whole.size(); ++position) {
    write_file(path, whole);
    test::flip_byte(path, position);
    found += read_error(path, options()) != "no error" ? 1 : 0;
  }
  // Harmless are the time stamps and flags of the 18-byte block headers.
  EXPECT_GT(found, static_cast<int>(whole.size()) - 3 * 18);
}

class CramFiles : public testing::Test {
 protected:
  CramFiles() : reference_(dir_.file("ref.fa")), cram_(dir_.file("in.cram")) {
    const std::string bases = test::random_bases(1000, 5);
    write_file(reference_, ">chr1\n" + bases + "\n");
    sam_ =
        "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:1000\nr1\t16\tchr1\t11\t60\t20M\t*\t0\t0\t" +
        bases.substr(10, 20) + "\t*\n";
    test::write_alignments(cram_, sam_, "wc", reference_);
    test::write_alignments(dir_.file("same.bam"), sam_);
  }
  TempDir dir_;
  std::string reference_;
  std::string cram_;
  std::string sam_;
};

TEST_F(CramFiles, GiveTheSameRecordsAsBam) {
  for (const int threads : {0, 2}) {
    const auto records = read_all(cram_, {.threads = threads, .reference = reference_});
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].sequence, read_all(dir_.file("same.bam"))[0].sequence);
  }
}

TEST_F(CramFiles, AreReadFromAPipe) {
  const test::StdinFromPipe pipe(cram_);
  EXPECT_EQ(read_all("-", {.reference = reference_}).size(), 1U);
}

TEST_F(CramFiles, WithoutReferenceAreAnErrorThatSaysWhatToGive) {
  EXPECT_HAS(read_error(cram_), "in.cram: is a CRAM file and needs the reference");
}

TEST_F(CramFiles, AReferenceThatIsMissingOrOnTheNetworkIsAnError) {
  EXPECT_HAS(read_error(cram_, {.reference = dir_.file("absent.fa")}), "absent.fa: the reference");
  EXPECT_HAS(read_error(cram_, {.reference = "https://example.org/ref.fa"}), "is not a file");
}

TEST_F(CramFiles, TheWrongReferenceIsAnErrorEvenWhereTheRightOneCouldBeFound) {
  const std::string wrong = dir_.file("wrong.fa");
  write_file(wrong, ">chr1\n" + test::random_bases(1000, 6) + "\n");
  EXPECT_HAS(read_error(cram_, {.reference = wrong}), "record 1: cannot be decoded");
  const std::string other = dir_.file("other.fa");
  write_file(other, ">chr2\n" + test::random_bases(1000, 5) + "\n");
  EXPECT_HAS(read_error(cram_, {.reference = other}), "record 1: cannot be decoded");
}

TEST_F(CramFiles, WithoutEndBlockAreAnErrorInFilesAndPipes) {
  constexpr std::size_t kCramEndBlockBytes = 38;
  test::cut_tail(cram_, kCramEndBlockBytes);
  for (const int threads : {0, 2}) {
    const ReaderOptions options{.threads = threads, .reference = reference_};
    EXPECT_HAS(read_error(cram_, options),
               "in.cram: after record 1 ('r1'): the CRAM end block is missing");
    const test::StdinFromPipe pipe(cram_);
    EXPECT_HAS(read_error("-", options),
               "stdin: after record 1 ('r1'): the CRAM end block is missing");
  }
}

}  // namespace
}  // namespace paramixer
