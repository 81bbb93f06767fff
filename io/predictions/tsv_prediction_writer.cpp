#include "io/predictions/tsv_prediction_writer.hpp"

#include <filesystem>

#include "core/base/error.hpp"
#include "io/files/input_file.hpp"
#include "io/files/text_stream.hpp"
#include "io/predictions/prediction_fields.hpp"

namespace paramixer {
namespace {

constexpr const char* kColumns =
    "id\tlength\tclass\tprobability\tsecond_class\tsecond_probability\tentropy\tnovelty\tstatus";

/// First line of a file, compressed or not; empty when there is none.
std::string first_line_of(const std::string& path) {
  std::string line;
  std::error_code missing;
  if (std::filesystem::file_size(path, missing) == 0 || missing) return line;
  TextStream(open_input(path), path, 0).next_line(line);
  return line;
}

}  // namespace

TsvPredictionWriter::TsvPredictionWriter(const PredictionWriterOptions& options)
    : classes_(options.classes),
      files_(options.files),
      scores_(options.scores),
      output_(options.path, options.start) {
  const std::string header = header_line();
  const std::string partial = partial_path_of(options.path);
  const std::string present = options.start == OutputStart::kResume ? first_line_of(partial) : "";
  if (present.empty()) {
    output_.write(header + "\n");
  } else if (present != header) {
    throw Error({.file = partial},
                "has other columns than this run would write; resume with the same model and "
                "options, or start over");
  }
}

std::string TsvPredictionWriter::header_line() const {
  std::string line = kColumns;
  if (!files_.empty()) line += "\tfile";
  if (scores_ == ScoreColumns::kAllClasses) {
    for (const std::string& name : classes_) {
      line += '\t';
      append_field(line, name);
    }
  }
  return line;
}

void TsvPredictionWriter::write(const SequenceRecord& record, const Prediction& prediction) {
  line_.clear();
  append_field(line_, record.id());
  line_ += '\t';
  line_ += std::to_string(record.sequence.size());
  line_ += '\t';
  append_field(line_, has_class(prediction) ? reported_class(prediction, classes_) : ".");
  if (prediction.status == RecordStatus::kOk) {
    append_answer(prediction);
  } else {
    line_ += "\t.\t.\t.\t.\t.";
  }
  line_ += '\t';
  append_field(line_, status_text(prediction));
  if (!files_.empty()) {
    line_ += '\t';
    append_field(line_, files_.at(record.input_number));
  }
  if (scores_ == ScoreColumns::kAllClasses) append_scores(prediction);
  line_ += '\n';
  output_.write(line_);
}

void TsvPredictionWriter::append_answer(const Prediction& prediction) {
  line_ += '\t';
  append_number(line_, prediction.probabilities[static_cast<std::size_t>(prediction.best)]);
  if (prediction.second < 0) {
    line_ += "\t.\t.";
  } else {
    line_ += '\t';
    append_field(line_, second_class(prediction, classes_));
    line_ += '\t';
    append_number(line_, prediction.probabilities[static_cast<std::size_t>(prediction.second)]);
  }
  line_ += '\t';
  append_number(line_, prediction.entropy);
  line_ += '\t';
  append_number(line_, prediction.novelty);
}

void TsvPredictionWriter::append_scores(const Prediction& prediction) {
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    line_ += '\t';
    if (prediction.status == RecordStatus::kOk) {
      append_number(line_, prediction.probabilities[i]);
    } else {
      line_ += '.';
    }
  }
}

}  // namespace paramixer
