#include "io/sequence/sequence_reader.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <utility>

#include "core/base/error.hpp"
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

TEST(SequenceReader, TakesTheFormatFromTheContentAndNotFromTheName) {
  const TempDir dir;
  write_file(dir.file("a.bam"), ">r1\nACGT\n");
  write_file(dir.file("b.fa"), "@r1\nACGT\n+\nIIII\n");
  write_file(dir.file("c.fq"), "r1\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII\n");
  test::write_alignments(dir.file("d.txt"), "r1\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII\n");
  test::write_gzip(dir.file("e.fa"), "@r1\nACGT\n+\nIIII\n");
  const std::pair<const char*, SequenceFormat> expected[] = {{"a.bam", SequenceFormat::kFasta},
                                                             {"b.fa", SequenceFormat::kFastq},
                                                             {"c.fq", SequenceFormat::kSam},
                                                             {"d.txt", SequenceFormat::kBam},
                                                             {"e.fa", SequenceFormat::kFastq}};
  for (const auto& [name, format] : expected) {
    SequenceReader reader(dir.file(name));
    EXPECT_EQ(reader.format(), format) << name;
    SequenceRecord record;
    ASSERT_TRUE(reader.next(record)) << name;
    EXPECT_EQ(record.name, "r1");
    EXPECT_EQ(record.sequence, "ACGT");
    EXPECT_FALSE(reader.next(record));
    EXPECT_FALSE(reader.next(record)) << "the end stays the end";
  }
}

TEST(SequenceReader, ProteinFastaIsReadAsFasta) {
  const TempDir dir;
  write_file(dir.file("p.fa"), ">p1\nMKLVEEFPQ*\n");
  EXPECT_EQ(read_all(dir.file("p.fa"))[0].sequence, "MKLVEEFPQ");
}

TEST(SequenceReader, ReadsPlainAndCompressedTextFromAPipe) {
  const TempDir dir;
  const std::string text = ">r1\n" + test::random_bases(300000, 1) + "\n>r2\nA\n";
  write_file(dir.file("plain"), text);
  test::write_gzip(dir.file("gz"), text);
  test::write_bgzf(dir.file("bgzf"), text);
  for (const char* name : {"plain", "gz", "bgzf"}) {
    const test::StdinFromPipe pipe(dir.file(name));
    EXPECT_EQ(read_all("-").size(), 2U) << name;
  }
}

TEST(SequenceReader, ARecordIsReusedWithoutLeftoversOfTheLastFormat) {
  const TempDir dir;
  write_file(dir.file("fq"), "@r1\nACGT\n+\nIIII\n");
  test::write_alignments(dir.file("bam"), "r2\t276\t*\t0\t0\t*\t*\t0\t0\tAC\t*\n");
  write_file(dir.file("fa"), ">r3\nA\n");
  SequenceRecord record;
  for (const char* name : {"fq", "bam", "fa"}) {
    SequenceReader reader(dir.file(name));
    ASSERT_TRUE(reader.next(record));
  }
  EXPECT_EQ(record.name, "r3");
  EXPECT_EQ(record.quality, "");
  EXPECT_EQ(record.alignment, nullptr);
  EXPECT_FALSE(record.reverse_strand);
  EXPECT_TRUE(record.primary);
}

TEST(SequenceReader, CanBeMoved) {
  const TempDir dir;
  write_file(dir.file("fa"), ">r1\nA\n>r2\nC\n");
  SequenceReader first(dir.file("fa"));
  SequenceRecord record;
  ASSERT_TRUE(first.next(record));
  SequenceReader second(std::move(first));
  ASSERT_TRUE(second.next(record));
  EXPECT_EQ(record.index, 1);
}

TEST(SequenceReader, DuplicateNamesAreMarkedInFastaAndNormalInFastq) {
  const TempDir dir;
  write_file(dir.file("fa"), ">r1\nA\n>r2\nA\n>r1 again\nC\n");
  const auto records = read_all(dir.file("fa"));
  ASSERT_EQ(records.size(), 3U);
  EXPECT_FALSE(records[0].repeats_name);
  EXPECT_FALSE(records[1].repeats_name);
  EXPECT_TRUE(records[2].repeats_name);
  write_file(dir.file("fq"), "@r1\nA\n+\nI\n@r1\nC\n+\nI\n");
  EXPECT_FALSE(read_all(dir.file("fq"))[1].repeats_name);
}

TEST(SequenceReader, DuplicateNamesCanBeRejectedOrAllowed) {
  const TempDir dir;
  write_file(dir.file("fa"), ">r1\nA\n>r2\nA\n>r1 again\nC\n");
  write_file(dir.file("fq"), "@r1\nA\n+\nI\n@r1\nC\n+\nI\n");
  for (const char* name : {"fa", "fq"}) {
    EXPECT_HAS(read_error(dir.file(name), {.duplicates = DuplicateNames::kReject}),
               "record 'r1': the name appears twice (names are compared by a 64-bit hash)");
    for (const SequenceRecord& record :
         read_all(dir.file(name), {.duplicates = DuplicateNames::kAllow})) {
      EXPECT_FALSE(record.repeats_name);
    }
  }
}

TEST(SequenceReader, ASamBehindAByteOrderMarkIsReadAsSam) {
  const TempDir dir;
  const std::string sam = "\xEF\xBB\xBF@HD\tVN:1.6\nr1\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII\n";
  write_file(dir.file("plain"), sam);
  SequenceReader reader(dir.file("plain"));
  EXPECT_EQ(reader.format(), SequenceFormat::kSam);
  SequenceRecord record;
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.sequence, "ACGT");
  test::write_gzip(dir.file("gz"), sam);
  EXPECT_HAS(read_error(dir.file("gz")), "byte order mark; remove the mark");
}

TEST(SequenceReader, AnIdTellsMatesApart) {
  SequenceRecord record;
  record.name = "r";
  EXPECT_EQ(record.id(), "r");
  record.mate = 2;
  EXPECT_EQ(record.id(), "r/2");
  record.name = "r/2";
  EXPECT_EQ(record.id(), "r/2");
}

TEST(SequenceReader, MissingFilesFoldersAndEmptyFilesAreErrors) {
  const TempDir dir;
  EXPECT_HAS(read_error(dir.file("absent.fa")),
             "absent.fa: cannot open: No such file or directory");
  EXPECT_HAS(read_error(dir.file("")), "is a directory; name the files in it");
  EXPECT_HAS(read_error_of_text(""), "in: is empty");
  EXPECT_HAS(read_error_of_text("\n\r\n\n"), "in: holds no records, only blank lines");
}

TEST(SequenceReader, AnEmptyPipeIsEmpty) {
  const test::StdinFromPipe pipe("/dev/null");
  EXPECT_HAS(read_error("-"), "stdin: is empty");
}

TEST(SequenceReader, AFileWithoutPermissionIsAnError) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TempDir dir;
  write_file(dir.file("secret.fa"), ">r\nA\n");
  std::filesystem::permissions(dir.file("secret.fa"), std::filesystem::perms::none);
  EXPECT_HAS(read_error(dir.file("secret.fa")), "secret.fa: cannot open: Permission denied");
}

TEST(SequenceReader, FilesThatHoldNoSequencesAreErrorsThatSayWhatWasFound) {
  EXPECT_HAS(read_error_of_text("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"),
             "in: is not a sequence file (it starts with '\\x89PNG')");
  EXPECT_HAS(read_error_of_text("Dear reader,\nthis is a letter.\n"),
             "is not a sequence file (it starts with 'Dear reader,')");
  EXPECT_HAS(read_error_of_text("ACGTACGT\n"), "is not a sequence file");
  EXPECT_HAS(
      read_error_of_text("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"),
      "is a VCF or BCF file");
  EXPECT_HAS(read_error_of_text("BZh91AY&SYxxxxxxxxxxxxxxxx"), "is compressed with bzip2");
}

TEST(SequenceReader, NetworkAddressesAreTakenAsFileNames) {
  EXPECT_HAS(read_error("https://example.org/reads.fa"), "cannot open: No such file or directory");
}

TEST(SequenceReader, DamagedTextNeverCrashes) {
  const TempDir dir;
  const std::string whole = "@r1\nACGT\n+\nIIII\n@r2\nAC\n+\nII\n";
  for (std::size_t position = 0; position < whole.size(); ++position) {
    for (const char letter : {'\n', '\r', '@', '+', '>', '\0', '\xFF'}) {
      std::string damaged = whole;
      damaged[position] = letter;
      write_file(dir.file("in"), damaged);
      int records = 0;
      const std::string message = read_error(dir.file("in"), {.threads = 0}, &records);
      EXPECT_TRUE(message != "no error" || records > 0) << position;
    }
  }
}

TEST(SequenceFormatName, IsTheUsualAbbreviation) {
  EXPECT_STREQ(name_of(SequenceFormat::kFasta), "FASTA");
  EXPECT_STREQ(name_of(SequenceFormat::kCram), "CRAM");
}

}  // namespace
}  // namespace paramixer
