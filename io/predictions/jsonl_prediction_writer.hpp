#pragma once

#include <string>
#include <vector>

#include "io/files/output_file.hpp"
#include "io/files/text_output.hpp"
#include "io/predictions/prediction_writer.hpp"

namespace paramixer {

/// Predictions as one JSON object a line.
class JsonlPredictionWriter : public PredictionWriter {
 public:
  explicit JsonlPredictionWriter(const PredictionWriterOptions& options);

  void write(const SequenceRecord& record, const Prediction& prediction) override;
  void flush() override { output_.flush(); }
  void commit() override { output_.commit(); }

 private:
  void append_answer(const Prediction& prediction);
  void append_scores(const Prediction& prediction);

  std::vector<std::string> classes_;
  std::vector<std::string> files_;
  std::vector<std::string> quoted_classes_;
  ScoreColumns scores_;
  TextOutput output_;
  std::string line_;  ///< Reused.
};

}  // namespace paramixer
