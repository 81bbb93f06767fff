#include "io/sequence/indexed_reader.hpp"

#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>
#include <htslib/sam.h>
#include <string>
#include <vector>

#include "tests/io/files/test_files.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using test::TempDir;
using test::write_file;

class IndexedFasta : public testing::Test {
 protected:
  IndexedFasta() : path_(dir_.file("g.fa")) {
    write_file(path_, ">c1 first\nACGTn\nTTTTA\nGG\n>empty\n>c2\nRYK\n");
  }
  std::string error_for(const std::string& region) const {
    return message_of([&] { fetch_fasta_region(path_, parse_region(region)); });
  }
  TempDir dir_;
  std::string path_;
};

TEST_F(IndexedFasta, RegionsAcrossLinesAreReadAsInTheFile) {
  EXPECT_EQ(fetch_fasta_region(path_, {"c1", 4, 7}), "TnTT");
  EXPECT_EQ(fetch_fasta_region(path_, {"c1", 1, 0}), "ACGTnTTTTAGG");
  EXPECT_EQ(fetch_fasta_region(path_, {"c1", 12, 12}), "G");
  EXPECT_EQ(fetch_fasta_region(path_, {"c2", 2, 0}), "YK");
}

TEST_F(IndexedFasta, BgzfGivesTheSameBases) {
  const std::string bases = test::random_bases(200000, 1);
  test::write_bgzf(dir_.file("g.fa.gz"), ">c1\n" + bases + "\n");
  EXPECT_EQ(fetch_fasta_region(dir_.file("g.fa.gz"), {"c1", 150001, 150100}),
            bases.substr(150000, 100));
  EXPECT_TRUE(test::exists(dir_.file("g.fa.gz.gzi")));
  EXPECT_EQ(fetch_fasta_region(dir_.file("g.fa.gz"), {"c1", 1, 3}), bases.substr(0, 3));
}

TEST_F(IndexedFasta, ListsNamesAndLengthsOfWhatHasBasesInFileOrder) {
  const std::vector<std::pair<std::string, std::int64_t>> expected{{"c1", 12}, {"c2", 3}};
  EXPECT_EQ(list_fasta_sequences(path_), expected);
}

TEST_F(IndexedFasta, TheIndexIsKeptBesideTheFileAndNothingElse) {
  list_fasta_sequences(path_);
  EXPECT_TRUE(test::exists(path_ + ".fai"));
  int files = 0;
  for (const auto& entry : fs::directory_iterator(dir_.file(""))) {
    files += entry.exists() ? 1 : 0;
  }
  EXPECT_EQ(files, 2);
}

TEST_F(IndexedFasta, AnIndexOlderThanTheFileIsMadeAgain) {
  list_fasta_sequences(path_);
  write_file(path_, ">other\nACGTACGT\n");
  fs::last_write_time(path_ + ".fai", fs::last_write_time(path_) - std::chrono::hours(1));
  EXPECT_EQ(fetch_fasta_region(path_, {"other", 2, 3}), "CG");
}

TEST_F(IndexedFasta, AnEndPastTheSequenceMeansItsEnd) {
  EXPECT_EQ(fetch_fasta_region(path_, {"c1", 5, 4000}), fetch_fasta_region(path_, {"c1", 5, 12}));
  EXPECT_EQ(fetch_fasta_region(path_, {"c1", 12, 13}), fetch_fasta_region(path_, {"c1", 12, 12}));
}

TEST_F(IndexedFasta, UnknownNamesAndRegionsOutsideAreErrors) {
  EXPECT_HAS(error_for("c9"), "g.fa: has no sequence named 'c9'");
  EXPECT_HAS(error_for("c1:13-20"), "record 'c1': the region begins at 13, but there are 12 bases");
}

TEST_F(IndexedFasta, FilesThatCannotBeIndexedAreErrors) {
  test::write_gzip(dir_.file("g.gz"), ">c1\nACGT\n");
  EXPECT_HAS(message_of([&] { list_fasta_sequences(dir_.file("g.gz")); }),
             "is compressed with gzip, which has no index; recompress it with bgzip");
  write_file(dir_.file("uneven"), ">c1\nACGT\nAC\nACGT\n");
  EXPECT_HAS(message_of([&] { list_fasta_sequences(dir_.file("uneven")); }),
             "uneven: cannot be indexed; every record needs bases");
  write_file(dir_.file("last"), ">c1\nACGT\n>c2\n");
  EXPECT_HAS(message_of([&] { list_fasta_sequences(dir_.file("last")); }), "cannot be indexed");
  write_file(dir_.file("fq"), "@r\nA\n+\nI\n");
  EXPECT_HAS(message_of([&] { list_fasta_sequences(dir_.file("fq")); }), "is not a FASTA file");
  EXPECT_HAS(message_of([&] { list_fasta_sequences(dir_.file("absent")); }), "cannot open");
  EXPECT_HAS(message_of([] { list_fasta_sequences("-"); }), "stdin has no index");
}

TEST_F(IndexedFasta, ADamagedIndexIsAnError) {
  write_file(path_ + ".fai", "no index at all\n");
  EXPECT_HAS(error_for("c1"), "g.fa.fai: is damaged; remove it");
}

class IndexedAlignments : public testing::Test {
 protected:
  IndexedAlignments() : bam_(dir_.file("a.bam")), reference_(dir_.file("ref.fa")) {
    const std::string bases = test::random_bases(1000, 5);
    write_file(reference_, ">chr1\n" + bases + "\n");
    sam_ = "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:1000\n";
    for (const int start : {10, 100, 101, 500}) {
      sam_ += "at" + std::to_string(start) + "\t0\tchr1\t" + std::to_string(start) +
              "\t60\t20M\t*\t0\t0\t" + bases.substr(static_cast<std::size_t>(start) - 1, 20) +
              "\t*\n";
    }
    test::write_alignments(bam_, sam_);
  }

  static void make_index(const std::string& path) {
    ASSERT_EQ(sam_index_build(path.c_str(), 0), 0);
  }

  static std::vector<std::string> names_in(const std::string& path, const std::string& region,
                                           const std::string& reference = "") {
    std::vector<std::string> names;
    for_each_alignment_in_region(path, parse_region(region), reference,
                                 [&](const SequenceRecord& record) {
                                   EXPECT_EQ(record.index, static_cast<std::int64_t>(names.size()));
                                   EXPECT_EQ(record.sequence.size(), 20U);
                                   names.push_back(record.name);
                                 });
    return names;
  }

  TempDir dir_;
  std::string bam_;
  std::string reference_;
  std::string sam_;
};

TEST_F(IndexedAlignments, ThoseThatOverlapTheRegionAreVisitedInOrder) {
  make_index(bam_);
  EXPECT_EQ(names_in(bam_, "chr1:119-120"), (std::vector<std::string>{"at100", "at101"}));
  EXPECT_EQ(names_in(bam_, "chr1:120-120"), (std::vector<std::string>{"at101"}));
  EXPECT_EQ(names_in(bam_, "chr1").size(), 4U);
  EXPECT_TRUE(names_in(bam_, "chr1:600").empty());
}

TEST_F(IndexedAlignments, CramWorksWithItsReferenceOnly) {
  const std::string cram = dir_.file("a.cram");
  test::write_alignments(cram, sam_, "wc", reference_);
  make_index(cram);
  EXPECT_EQ(names_in(cram, "chr1:119-120", reference_).size(), 2U);
  EXPECT_HAS(message_of([&] { names_in(cram, "chr1"); }), "needs the reference");
}

TEST_F(IndexedAlignments, AMissingIndexIsAnErrorThatSaysHowToMakeIt) {
  EXPECT_HAS(message_of([&] { names_in(bam_, "chr1"); }),
             "a.bam: has no index; make one with: samtools index " + bam_);
}

TEST_F(IndexedAlignments, AnEndPastTheReferenceMeansItsEnd) {
  make_index(bam_);
  EXPECT_EQ(names_in(bam_, "chr1:1-4,000,000"), names_in(bam_, "chr1"));
}

TEST_F(IndexedAlignments, UnknownNamesAndRegionsOutsideAreErrors) {
  make_index(bam_);
  EXPECT_HAS(message_of([&] { names_in(bam_, "chr9"); }), "has no reference sequence named 'chr9'");
  EXPECT_HAS(message_of([&] { names_in(bam_, "chr1:1001-1002"); }), "there are 1000 bases");
}

TEST_F(IndexedAlignments, ADamagedRecordIsAnError) {
  make_index(bam_);
  test::flip_byte(bam_, test::read_file(bam_).size() - test::kEndBlockBytes - 8);
  EXPECT_HAS(message_of([&] { names_in(bam_, "chr1"); }), "a.bam: record 1: ");
}

TEST_F(IndexedAlignments, OtherFormatsAreErrors) {
  EXPECT_HAS(message_of([&] { names_in(reference_, "chr1"); }), "is not BAM or CRAM");
  EXPECT_HAS(message_of([&] { names_in("-", "chr1"); }), "stdin has no index");
}

}  // namespace
}  // namespace paramixer
