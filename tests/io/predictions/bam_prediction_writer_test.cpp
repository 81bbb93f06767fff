#include "io/predictions/bam_prediction_writer.hpp"

#include <gtest/gtest.h>
#include <string>

#include "core/base/error.hpp"
#include "io/sequence/sequence_reader.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/io/predictions/prediction_cases.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::record_of;
using test::rejection;
using test::sure_prediction;
using test::TempDir;
using test::unsure_prediction;

class BamWriter : public testing::TestWithParam<int> {
 protected:
  PredictionWriterOptions options() const {
    PredictionWriterOptions result = test::writer_options(PredictionFormat::kBam, path_);
    result.threads = GetParam();
    return result;
  }

  /// Writes every record of a SAM text with the same prediction and returns the output as SAM.
  std::string annotated(const std::string& sam, const Prediction& prediction) const {
    test::write_alignments(dir_.file("in.bam"), sam);
    SequenceReader reader(dir_.file("in.bam"));
    PredictionWriterOptions with_header = options();
    with_header.header = reader.header();
    const auto writer = make_prediction_writer(with_header);
    SequenceRecord record;
    while (reader.next(record)) writer->write(record, prediction);
    writer->commit();
    return test::sam_text_of(path_);
  }

  TempDir dir_;
  std::string path_ = dir_.file("out.bam");
};

INSTANTIATE_TEST_SUITE_P(Threads, BamWriter, testing::Values(0, 2));

TEST_P(BamWriter, KeepsHeaderOrderFlagsAndTagsAndAddsItsOwn) {
  const std::string header =
      "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:1000\n@PG\tID:bwa\tPN:bwa\tVN:1\n";
  const std::string reverse = "a\t16\tchr1\t5\t60\t3M2S\t*\t0\t0\tAACGM\tIIIII\tNM:i:0\tRG:Z:x";
  const std::string unmapped = "b\t4\t*\t0\t0\t*\t*\t0\t0\t*\t*";
  EXPECT_EQ(annotated(header + reverse + "\n" + unmapped + "\n", sure_prediction()),
            header + "@PG\tID:paramixer\tPP:bwa\tPN:paramixer\tVN:0.1.0\tCL:paramixer classify\n" +
                reverse + "\txc:Z:virus A\txp:f:0.75\txe:f:0.562335\txn:f:0.125\n" + unmapped +
                "\txc:Z:virus A\txp:f:0.75\txe:f:0.562335\txn:f:0.125\n");
}

TEST_P(BamWriter, SamHoldsTheSamePlainOrCompressed) {
  const std::string sam =
      "@HD\tVN:1.6\tSO:unsorted\n@SQ\tSN:chr1\tLN:1000\n"
      "a\t16\tchr1\t5\t60\t3M2S\t*\t0\t0\tAACGM\tIIIII\tNM:i:0\n"
      "b\t4\t*\t0\t0\t*\t*\t0\t0\t*\t*\n";
  const std::string expected = annotated(sam, sure_prediction());
  test::write_alignments(dir_.file("in.bam"), sam);
  for (const char* name : {"out.sam", "out.sam.gz"}) {
    SequenceReader reader(dir_.file("in.bam"));
    PredictionWriterOptions own = options();
    own.format = PredictionFormat::kSam;
    own.path = dir_.file(name);
    own.header = reader.header();
    const auto writer = make_prediction_writer(own);
    SequenceRecord record;
    while (reader.next(record)) writer->write(record, sure_prediction());
    writer->flush();
    writer->commit();
    EXPECT_EQ(test::inflated(dir_.file(name)), expected) << name;
    EXPECT_FALSE(test::exists(dir_.file(name) + std::string(".partial")));
  }
  EXPECT_EQ(test::read_file(dir_.file("out.sam")), expected);
  EXPECT_EQ(test::read_file(dir_.file("out.sam.gz")).substr(0, 2), "\x1f\x8b");
}

TEST_P(BamWriter, ItsOwnEarlierTagsAreReplacedWhateverTheirType) {
  const std::string sam = "a\t4\t*\t0\t0\t*\t*\t0\t0\tAC\t*\txc:i:7\tNM:i:1\txp:Z:old\txe:f:9\n";
  EXPECT_HAS(annotated(sam, unsure_prediction()),
             "\tAC\t*\tNM:i:1\txc:Z:unclassified\txp:f:0.75\txe:f:0.562335\txn:f:0.125\n");
}

TEST_P(BamWriter, ARejectedRecordKeepsItsBasesAndHasNoClass) {
  const std::string sam = "a\t4\t*\t0\t0\t*\t*\t0\t0\tAC\t*\txc:Z:old\n";
  EXPECT_HAS(annotated(sam, rejection("too short")), "\na\t4\t*\t0\t0\t*\t*\t0\t0\tAC\t*\n");
}

TEST_P(BamWriter, ARecordWithoutEvidenceIsUnclassifiedWithoutNumbers) {
  const std::string sam = "a\t4\t*\t0\t0\t*\t*\t0\t0\tNN\t*\txc:Z:old\txp:f:0.5\txe:f:0.5\n";
  EXPECT_HAS(annotated(sam, test::no_evidence("none")),
             "\na\t4\t*\t0\t0\t*\t*\t0\t0\tNN\t*\txc:Z:unclassified\n");
}

TEST_P(BamWriter, ASecondRunChainsItsProgramLine) {
  const std::string sam =
      "@HD\tVN:1.6\n@PG\tID:paramixer\tPN:paramixer\na\t4\t*\t0\t0\t*\t*\t0\t0\tAC\t*\n";
  EXPECT_HAS(annotated(sam, sure_prediction()),
             "@PG\tID:paramixer.1\tPP:paramixer\tPN:paramixer\tVN:0.1.0");
}

TEST_P(BamWriter, FastaAndFastqBecomeUnalignedRecords) {
  const auto writer = make_prediction_writer(options());
  writer->write(record_of("fa", "ACGTNa"), sure_prediction());
  writer->write(record_of("fq", "ACG", "!I~"), sure_prediction());
  writer->write(record_of("none", ""), rejection("empty"));
  writer->commit();
  EXPECT_EQ(
      test::sam_text_of(path_),
      "@HD\tVN:1.6\tSO:unknown\n"
      "@PG\tID:paramixer\tPN:paramixer\tVN:0.1.0\tCL:paramixer classify\n"
      "fa\t4\t*\t0\t0\t*\t*\t0\t0\tACGTNA\t*\txc:Z:virus A\txp:f:0.75\txe:f:0.562335\txn:f:0.125\n"
      "fq\t4\t*\t0\t0\t*\t*\t0\t0\tACG\t!I~\txc:Z:virus A\txp:f:0.75\txe:f:0.562335\txn:f:0.125\n"
      "none\t4\t*\t0\t0\t*\t*\t0\t0\t*\t*\n");
}

TEST_P(BamWriter, TheFileAppearsWholeAndOnlyAfterCommit) {
  const auto writer = make_prediction_writer(options());
  for (int i = 0; i < 2000; ++i) {
    writer->write(record_of("r" + std::to_string(i), "ACGTACGTACGT"), sure_prediction());
  }
  writer->flush();
  EXPECT_FALSE(test::exists(path_));
  EXPECT_TRUE(test::exists(path_ + ".partial"));
  writer->commit();
  EXPECT_FALSE(test::exists(path_ + ".partial"));
  SequenceReader reader(path_);
  SequenceRecord record;
  int records = 0;
  while (reader.next(record)) ++records;
  EXPECT_EQ(records, 2000);
  EXPECT_HAS(message_of([&] { writer->write(record_of("late", "A"), sure_prediction()); }),
             "after the commit");
}

TEST_P(BamWriter, LineBreaksInTheCommandLineDoNotBreakTheHeader) {
  PredictionWriterOptions odd = options();
  odd.command_line = "paramixer\t'a\nb'";
  odd.program_version = "";
  make_prediction_writer(odd)->commit();
  EXPECT_HAS(test::sam_text_of(path_), "VN:.\tCL:paramixer 'a b'\n");
}

TEST_P(BamWriter, ANameThatBamCannotHoldIsAnError) {
  const auto writer = make_prediction_writer(options());
  EXPECT_HAS(
      message_of([&] { writer->write(record_of(std::string(255, 'n'), "A"), sure_prediction()); }),
      "a BAM name has at most 254 letters, this one has 255");
  writer->write(record_of(std::string(254, 'n'), "A"), sure_prediction());
  writer->commit();
}

TEST_P(BamWriter, AnAlignmentWhoseReferenceIsNotInTheHeaderIsAnError) {
  test::write_alignments(dir_.file("in.bam"),
                         "@SQ\tSN:c\tLN:9\na\t0\tc\t1\t0\t2M\t*\t0\t0\tAC\t*\n");
  SequenceReader reader(dir_.file("in.bam"));
  SequenceRecord record;
  ASSERT_TRUE(reader.next(record));
  const auto writer = make_prediction_writer(options());
  EXPECT_HAS(message_of([&] { writer->write(record, sure_prediction()); }),
             "record 'a': its reference sequence is not in the header");
}

TEST_P(BamWriter, FullDiskIsAnError) {
  PredictionWriterOptions full = options();
  full.path = "/dev/full";
  const std::string message = message_of([&] {
    const auto writer = make_prediction_writer(full);
    for (int i = 0; i < 300; ++i) {
      writer->write(record_of("r", test::random_bases(3000, static_cast<unsigned>(i))),
                    sure_prediction());
    }
    writer->commit();
  });
  EXPECT_HAS(message, "/dev/full: cannot write: No space left on device");
}

TEST_P(BamWriter, FullDiskIsAnErrorAtTheCommitOfASmallFile) {
  PredictionWriterOptions full = options();
  full.path = "/dev/full";
  EXPECT_HAS(message_of([&] { make_prediction_writer(full)->commit(); }),
             "/dev/full: cannot write: No space left on device");
}

TEST_P(BamWriter, MissingFoldersAreErrors) {
  PredictionWriterOptions lost = options();
  lost.path = dir_.file("no/such/out.bam");
  EXPECT_HAS(message_of([&] { make_prediction_writer(lost); }),
             "out.bam: cannot create the output: No such file or directory");
}

TEST_P(BamWriter, ResumeIsAUsageError) {
  PredictionWriterOptions resumed = options();
  resumed.start = OutputStart::kResume;
  try {
    make_prediction_writer(resumed);
    ADD_FAILURE() << "BAM was resumed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace paramixer
