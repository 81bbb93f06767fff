#include "io/predictions/jsonl_prediction_writer.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "tests/io/files/test_files.hpp"
#include "tests/io/predictions/prediction_cases.hpp"

namespace paramixer {
namespace {

using test::no_evidence;
using test::record_of;
using test::rejection;
using test::sure_prediction;
using test::TempDir;

class JsonlWriter : public testing::Test {
 protected:
  PredictionWriterOptions options() const {
    return test::writer_options(PredictionFormat::kJsonl, path_);
  }
  std::string written(const PredictionWriterOptions& options, const SequenceRecord& record,
                      const Prediction& prediction) const {
    const auto writer = make_prediction_writer(options);
    writer->write(record, prediction);
    writer->commit();
    return test::read_file(path_);
  }
  TempDir dir_;
  std::string path_ = dir_.file("out.jsonl");
};

TEST_F(JsonlWriter, WritesOneObjectALine) {
  EXPECT_EQ(
      written(options(), record_of("r1", "ACGT"), sure_prediction()),
      R"({"id":"r1","length":4,"class":"virus A","probability":0.75,)"
      R"("second_class":"virus B","second_probability":0.25,"entropy":0.562335,"novelty":0.125,)"
      R"("status":"ok"})"
      "\n");
}

TEST_F(JsonlWriter, RejectedRecordsHaveNullForWhatIsMissing) {
  PredictionWriterOptions with_scores = options();
  with_scores.scores = ScoreColumns::kAllClasses;
  EXPECT_EQ(
      written(with_scores, record_of("r1", ""), rejection("too \"short\"")),
      R"({"id":"r1","length":0,"class":null,"probability":null,"second_class":null,)"
      R"("second_probability":null,"entropy":null,"novelty":null,"status":"too \"short\"","scores":null})"
      "\n");
}

TEST_F(JsonlWriter, RecordsWithoutEvidenceAreUnclassifiedWithoutNumbers) {
  PredictionWriterOptions with_scores = options();
  with_scores.scores = ScoreColumns::kAllClasses;
  EXPECT_EQ(written(with_scores, record_of("r1", "NN"), no_evidence("no evidence: 2 of 2")),
            R"({"id":"r1","length":2,"class":"unclassified","probability":null,)"
            R"("second_class":null,"second_probability":null,"entropy":null,"novelty":null,)"
            R"("status":"no evidence: 2 of 2","scores":null})"
            "\n");
}

TEST_F(JsonlWriter, ScoresAreAnObject) {
  PredictionWriterOptions with_scores = options();
  with_scores.scores = ScoreColumns::kAllClasses;
  EXPECT_HAS(written(with_scores, record_of("r1", "A"), sure_prediction()),
             R"("scores":{"virus A":0.75,"virus B":0.25}})");
}

TEST_F(JsonlWriter, NamesThatAreNoUtf8AndNumbersThatAreNoneStayValidJson) {
  Prediction prediction = sure_prediction();
  prediction.entropy = std::numeric_limits<float>::quiet_NaN();
  const std::string text = written(options(), record_of("r\xFF\"\t1", "A"), prediction);
  EXPECT_HAS(text, "{\"id\":\"r\xEF\xBF\xBD\\\"\\t1\",");
  EXPECT_HAS(text, "\"entropy\":null");
}

}  // namespace
}  // namespace paramixer
