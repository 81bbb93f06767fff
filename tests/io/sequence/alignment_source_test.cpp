#include "io/sequence/alignment_source.hpp"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "tests/io/files/test_files.hpp"
#include "tests/io/sequence/sequence_files.hpp"
#include "tests/io/sequence/sequence_reader_helpers.hpp"

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
  const std::string unpack = "bgzip -dc " + dir_.file("bam") + " > " + dir_.file("bam-plain");
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  for (const char* name : {"plain", "sam-gz", "sam-bgzf", "bam", "bam-level-0", "bam-plain"}) {
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

TEST_P(AlignmentFiles, AMalformedSamLineIsDamagedAndTheNextOneIsRead) {
  using namespace std::string_literals;
  const std::string last = "last\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"bad\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tI"s, "there are 4 bases, but 1 quality letters"},
      {"bad\t0\tchr1\t1\t60\t7M2D\t*\t0\t0\tACGT\t*"s, "there are 4 bases, but 7 in the CIGAR"},
      {"bad\t0\tchr1\t1\t60\t4Q\t*\t0\t0\tACGT\t*"s, "its CIGAR is malformed"},
      {"bad\tx\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII"s, "one of its columns is malformed"},
      {"bad\t4\t*\t0"s, "it has 4 of the 11 columns of a SAM record"},
      {"bad\t4\t*\t0\t0\t*\t*\t0\t0\tAC\0T\tIIII"s, "there is a NUL byte at byte 23 of the line"}};
  for (const auto& [line, problem] : cases) {
    const std::string text = kSam + line + "\n \n" + last;
    write_file(dir_.file("plain"), text);
    test::write_bgzf(dir_.file("bgzf"), text);
    test::write_gzip(dir_.file("gz"), text);
    for (const char* name : {"plain", "bgzf", "gz"}) {
      const auto records = read_all(dir_.file(name), options());
      ASSERT_EQ(records.size(), 6U) << name << ": " << line;
      EXPECT_EQ(records[4].name, "bad");
      EXPECT_EQ(records[4].damage, "line 7 is not a valid SAM record: " + problem);
      EXPECT_EQ(records[4].alignment, nullptr);
      EXPECT_EQ(records[5].sequence, "ACGT");
      EXPECT_EQ(records[5].damage, "");
    }
  }
}

TEST_P(AlignmentFiles, ASamThatEndsInABadLineIsCutOff) {
  write_file(dir_.file("cut.sam"), std::string(kSam) + "bad\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tI");
  int before = 0;
  EXPECT_HAS(
      read_error(dir_.file("cut.sam"), options(), &before),
      "cut.sam: record 5 (after 'one'): line 7 is not a valid SAM record: there are 4 bases, "
      "but 1 quality letters; the file ends in this line and is cut off");
  EXPECT_EQ(before, 4);
}

TEST_P(AlignmentFiles, AnAlignedSamWithoutReferenceLinesSaysWhatIsMissing) {
  write_file(dir_.file("in.sam"), "r\t0\tchr1\t1\t60\t4M\t*\t0\t0\tACGT\t*\n");
  const std::string message = read_error(dir_.file("in.sam"), options());
  EXPECT_HAS(message, "in.sam: record 1: line 1 is aligned, but the header has no @SQ lines");
  EXPECT_HAS(message, "samtools view -b -T");
}

TEST_P(AlignmentFiles, ABamRecordThatContradictsItselfIsDamagedAndTheNextOneIsRead) {
  // The operation of the first CIGAR, 7M, becomes 6M; then its number of operations is absurd.
  test::write_alignments(dir_.file("whole.bam"), kSam);
  ASSERT_EQ(std::system(("bgzip -dc " + dir_.file("whole.bam") + " > " + dir_.file("raw")).c_str()),
            0);
  const std::string raw = test::read_file(dir_.file("raw"));
  const std::size_t name = raw.find("fwd");
  ASSERT_NE(name, std::string::npos);
  const auto records_with = [&](std::size_t place, char byte) {
    std::string damaged = raw;
    damaged.at(place) = byte;
    test::write_bgzf(dir_.file("bad.bam"), damaged);
    return read_all(dir_.file("bad.bam"), options());
  };
  const auto wrong_cigar = records_with(name + 4, static_cast<char>(6 << 4));
  ASSERT_EQ(wrong_cigar.size(), 4U);
  EXPECT_EQ(wrong_cigar[0].name, "fwd");
  EXPECT_EQ(wrong_cigar[0].damage, "there are 7 bases, but 6 in the CIGAR");
  EXPECT_EQ(wrong_cigar[1].sequence, "KCGTT");
  const auto wrong_count = records_with(name - 32 + 12 + 1, '\x40');
  ASSERT_EQ(wrong_count.size(), 4U);
  EXPECT_EQ(wrong_count[0].name, "record_1");
  EXPECT_HAS(wrong_count[0].damage, "its lengths contradict each other");
  EXPECT_EQ(wrong_count[1].sequence, "KCGTT");
  const auto wrong_reference = records_with(name - 32, '\x09');
  ASSERT_EQ(wrong_reference.size(), 4U);
  EXPECT_HAS(wrong_reference[0].damage, "names a reference sequence that the header does not have");
}

TEST_P(AlignmentFiles, ABamRecordOfImpossibleSizeIsAnError) {
  test::write_alignments(dir_.file("whole.bam"), kSam);
  ASSERT_EQ(std::system(("bgzip -dc " + dir_.file("whole.bam") + " > " + dir_.file("raw")).c_str()),
            0);
  std::string raw = test::read_file(dir_.file("raw"));
  raw.at(raw.find("fwd") - 36) = '\x03';
  raw.at(raw.find("fwd") - 35) = '\0';
  test::write_bgzf(dir_.file("bad.bam"), raw);
  EXPECT_HAS(read_error(dir_.file("bad.bam"), options()),
             "bad.bam: record 1: the BAM record is damaged or cut off");
}

TEST_P(AlignmentFiles, AReadWithoutNameIsDamagedAndNumbered) {
  write_file(dir_.file("in.sam"), std::string(kSam) + "\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\t*\n");
  const auto records = read_all(dir_.file("in.sam"), options());
  ASSERT_EQ(records.size(), 5U);
  EXPECT_EQ(records[4].name, "record_5");
  EXPECT_EQ(records[4].damage, "there is no read name; give every record a name");
}

TEST_P(AlignmentFiles, MatesAreNumberedByTheirFlags) {
  write_file(dir_.file("in.sam"),
             "p\t77\t*\t0\t0\t*\t*\t0\t0\tACGT\t*\np\t141\t*\t0\t0\t*\t*\t0\t0\tACGT\t*\n"
             "s\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\t*\nmiddle\t205\t*\t0\t0\t*\t*\t0\t0\tACGT\t*\n");
  const auto records = read_all(dir_.file("in.sam"), options());
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].id(), "p/1");
  EXPECT_EQ(records[1].id(), "p/2");
  EXPECT_EQ(records[2].id(), "s");
  EXPECT_EQ(records[3].id(), "middle") << "a segment that is neither the first nor the last";
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

TEST_F(CramFiles, WithoutTheReferenceTheyNeedAreAnErrorThatNamesTheSequence) {
  for (const int threads : {0, 2}) {
    EXPECT_HAS(read_error(cram_, {.threads = threads}),
               "in.cram: record 1 is aligned to 'chr1' and needs the reference that the CRAM was "
               "made with; give it with --reference FASTA");
  }
  const test::StdinFromPipe pipe(cram_);
  EXPECT_HAS(read_error("-"), "stdin: record 1 cannot be decoded; it needs the reference");
}

TEST_F(CramFiles, TheReferenceIsNamedForTheFirstRecordThatNeedsIt) {
  const std::string two = dir_.file("two.fa");
  write_file(two, ">chr1\n" + test::random_bases(1000, 5) + "\n>chr2\n" +
                      test::random_bases(1000, 6) + "\n");
  const std::string sam =
      "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:1000\n@SQ\tSN:chr2\tLN:1000\n"
      "u\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\t*\n"
      "r\t0\tchr2\t11\t60\t8M\t*\t0\t0\t" +
      test::random_bases(1000, 6).substr(10, 8) + "\t*\n";
  // One record in each slice.
  test::write_alignments(dir_.file("two.cram"), sam, "wc,seqs_per_slice=1", two);
  int before = 0;
  EXPECT_HAS(read_error(dir_.file("two.cram"), {.threads = 0}, &before),
             "two.cram: record 2 (after 'u') is aligned to 'chr2' and needs the reference");
  EXPECT_EQ(before, 1);
}

TEST_F(CramFiles, ASliceOfSeveralSequencesWithoutReferenceIsAnErrorAndNotReadAsN) {
  const std::string first = test::random_bases(1000, 5);
  const std::string second = test::random_bases(1000, 6);
  const std::string both = dir_.file("both.fa");
  write_file(both, ">chr1\n" + first + "\n>chr2\n" + second + "\n");
  const std::string sam =
      "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:1000\n@SQ\tSN:chr2\tLN:1000\n"
      "a\t0\tchr1\t11\t60\t8M\t*\t0\t0\t" +
      first.substr(10, 8) +
      "\t*\n"
      "b\t0\tchr2\t11\t60\t8M\t*\t0\t0\t" +
      second.substr(10, 8) + "\t*\n";
  test::write_alignments(dir_.file("both.cram"), sam, "wc,multi_seq_per_slice=1", both);
  int before = 0;
  EXPECT_HAS(read_error(dir_.file("both.cram"), {.threads = 0}, &before),
             "record 1 is aligned to 'chr1' and needs the reference");
  EXPECT_EQ(before, 0);
  EXPECT_EQ(read_all(dir_.file("both.cram"), {.reference = both})[1].sequence,
            second.substr(10, 8));
}

TEST_F(CramFiles, ThatNeedNoReferenceAreReadWithoutOne) {
  const std::string expected = read_all(dir_.file("same.bam"))[0].sequence;
  test::write_alignments(dir_.file("embedded.cram"), sam_, "wc,embed_ref=1", reference_);
  test::write_alignments(dir_.file("none.cram"), sam_, "wc,no_ref=1");
  for (const char* name : {"embedded.cram", "none.cram"}) {
    for (const int threads : {0, 2}) {
      const auto records = read_all(dir_.file(name), {.threads = threads});
      ASSERT_EQ(records.size(), 1U) << name;
      EXPECT_EQ(records[0].sequence, expected) << name;
    }
  }
  test::write_alignments(dir_.file("unaligned.cram"),
                         "@HD\tVN:1.6\nu\t4\t*\t0\t0\t*\t*\t0\t0\tACGTN\t*\n", "wc");
  EXPECT_EQ(read_all(dir_.file("unaligned.cram"))[0].sequence, "ACGTN");
}

TEST_F(CramFiles, WithoutReferenceNothingIsFetchedFromTheFoldersOfRefPath) {
  // The sequence lies where htslib would look for it, by the checksum that CRAM headers hold.
  const std::string bases = test::random_bases(1000, 5);
  const std::string command =
      "printf %s " + bases + " | md5sum | cut -c1-32 | tr -d '\n' > " + dir_.file("md5");
  ASSERT_EQ(std::system(command.c_str()), 0);
  write_file(dir_.file(test::read_file(dir_.file("md5"))), bases);
  setenv("REF_PATH", (dir_.file("") + "%s").c_str(), 1);
  const std::string message = read_error(cram_, {.threads = 0});
  unsetenv("REF_PATH");
  EXPECT_HAS(message, "needs the reference");
}

TEST_F(CramFiles, TheHeaderThatIsHandedOnKeepsItsChecksums) {
  SequenceReader reader(cram_, {.reference = reference_});
  EXPECT_HAS(std::string(sam_hdr_str(const_cast<sam_hdr_t*>(reader.header().get()))), "M5:");
}

TEST_F(CramFiles, AReferenceThatIsMissingOrOnTheNetworkIsAnError) {
  EXPECT_HAS(read_error(cram_, {.reference = dir_.file("absent.fa")}), "absent.fa: the reference");
  EXPECT_HAS(read_error(cram_, {.reference = "https://example.org/ref.fa"}), "is not a file");
}

TEST_F(CramFiles, TheWrongReferenceIsAnErrorEvenWhereTheRightOneCouldBeFound) {
  const std::string wrong = dir_.file("wrong.fa");
  write_file(wrong, ">chr1\n" + test::random_bases(1000, 6) + "\n");
  EXPECT_HAS(read_error(cram_, {.reference = wrong}),
             "record 1 is aligned to 'chr1' and cannot be decoded");
  const std::string other = dir_.file("other.fa");
  write_file(other, ">chr2\n" + test::random_bases(1000, 5) + "\n");
  EXPECT_HAS(read_error(cram_, {.reference = other}),
             "record 1 is aligned to 'chr1' and cannot be decoded");
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
