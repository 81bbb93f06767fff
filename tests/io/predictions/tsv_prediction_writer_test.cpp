#include "io/predictions/tsv_prediction_writer.hpp"

#include <gtest/gtest.h>

#include "tests/io/files/test_files.hpp"
#include "tests/io/predictions/prediction_cases.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::no_evidence;
using test::record_of;
using test::rejection;
using test::sure_prediction;
using test::TempDir;
using test::unsure_prediction;

constexpr const char* kHeader =
    "id\tlength\tclass\tprobability\tsecond_class\tsecond_probability\tentropy\tnovelty\tstatus";

class TsvWriter : public testing::Test {
 protected:
  PredictionWriterOptions options() const {
    return test::writer_options(PredictionFormat::kTsv, path_);
  }
  TempDir dir_;
  std::string path_ = dir_.file("out.tsv");
};

TEST_F(TsvWriter, WritesClassesUnclassifiedAndRejectedRecords) {
  const auto writer = make_prediction_writer(options());
  writer->write(record_of("r1", "ACGT"), sure_prediction());
  writer->write(record_of("r2", "A"), unsure_prediction());
  writer->write(record_of("r3", ""), rejection("too\tshort"));
  writer->write(record_of("r4", "NN"), no_evidence("no evidence: 2 of 2 bases unknown"));
  writer->commit();
  EXPECT_EQ(test::read_file(path_),
            std::string(kHeader) +
                "\n"
                "r1\t4\tvirus A\t0.75\tvirus B\t0.25\t0.562335\t0.125\tok\n"
                "r2\t1\tunclassified\t0.75\tvirus B\t0.25\t0.562335\t0.125\tok\n"
                "r3\t0\t.\t.\t.\t.\t.\t.\ttoo short\n"
                "r4\t2\tunclassified\t.\t.\t.\t.\t.\t"
                "no evidence: 2 of 2 bases unknown\n");
}

TEST_F(TsvWriter, ScoresAddOneColumnAClass) {
  PredictionWriterOptions with_scores = options();
  with_scores.scores = ScoreColumns::kAllClasses;
  const auto writer = make_prediction_writer(with_scores);
  writer->write(record_of("r1", "ACGT"), sure_prediction());
  writer->write(record_of("r2", ""), rejection("empty"));
  writer->write(record_of("r3", "N"), no_evidence("none"));
  writer->commit();
  EXPECT_EQ(test::read_file(path_),
            std::string(kHeader) +
                "\tvirus A\tvirus B\n"
                "r1\t4\tvirus A\t0.75\tvirus B\t0.25\t0.562335\t0.125\tok\t0.75\t0.25\n"
                "r2\t0\t.\t.\t.\t.\t.\t.\tempty\t.\t.\n"
                "r3\t1\tunclassified\t.\t.\t.\t.\t.\tnone\t.\t.\n");
}

TEST_F(TsvWriter, AModelWithOneClassHasNoSecond) {
  PredictionWriterOptions one_class = options();
  one_class.classes = {"only"};
  Prediction prediction;
  prediction.probabilities = {1.0F};
  prediction.best = 0;
  const auto writer = make_prediction_writer(one_class);
  writer->write(record_of("r1", "A"), prediction);
  writer->commit();
  EXPECT_HAS(test::read_file(path_), "\nr1\t1\tonly\t1\t.\t.\t0\t0\tok\n");
}

TEST_F(TsvWriter, SmallNumbersKeepSixDigitsAndTabsInNamesBecomeSpaces) {
  Prediction prediction = sure_prediction();
  prediction.probabilities = {0.99999994F, 1.2345678e-9F};
  const auto writer = make_prediction_writer(options());
  writer->write(record_of("a\tb\nc", "A"), prediction);
  writer->commit();
  EXPECT_HAS(test::read_file(path_), "\na b c\t1\tvirus A\t1\tvirus B\t1.23457e-09\t");
}

TEST_F(TsvWriter, ResumeGoesOnWithoutASecondHeader) {
  {
    const auto writer = make_prediction_writer(options());
    writer->write(record_of("r1", "A"), sure_prediction());
    writer->flush();
  }
  PredictionWriterOptions resumed = options();
  resumed.start = OutputStart::kResume;
  const auto writer = make_prediction_writer(resumed);
  writer->write(record_of("r2", "A"), sure_prediction());
  writer->commit();
  const std::string text = test::read_file(path_);
  EXPECT_EQ(text.find("id\t"), 0U);
  EXPECT_EQ(text.find("id\t", 1), std::string::npos);
  EXPECT_HAS(text, "\nr1\t");
  EXPECT_HAS(text, "\nr2\t");
}

TEST_F(TsvWriter, ResumeOfNothingStartsWithTheHeader) {
  PredictionWriterOptions resumed = options();
  resumed.start = OutputStart::kResume;
  make_prediction_writer(resumed)->commit();
  EXPECT_EQ(test::read_file(path_), std::string(kHeader) + "\n");
}

TEST_F(TsvWriter, ResumeWithOtherColumnsIsAnError) {
  make_prediction_writer(options())->flush();
  PredictionWriterOptions resumed = options();
  resumed.start = OutputStart::kResume;
  resumed.scores = ScoreColumns::kAllClasses;
  EXPECT_HAS(message_of([&] { make_prediction_writer(resumed); }),
             "out.tsv.partial: has other columns");
}

TEST_F(TsvWriter, APredictionThatDoesNotFitTheClassesIsAnError) {
  const auto writer = make_prediction_writer(options());
  Prediction prediction = sure_prediction();
  prediction.probabilities.push_back(0.0F);
  EXPECT_HAS(message_of([&] { writer->write(record_of("r1", "A"), prediction); }),
             "does not fit the 2 classes");
}

TEST_F(TsvWriter, FullDiskIsAnError) {
  PredictionWriterOptions full = options();
  full.path = "/dev/full";
  const auto writer = make_prediction_writer(full);
  EXPECT_HAS(message_of([&] { writer->commit(); }), "/dev/full: cannot write: No space left");
}

}  // namespace
}  // namespace paramixer
