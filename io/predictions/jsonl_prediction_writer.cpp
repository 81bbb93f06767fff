#include "io/predictions/jsonl_prediction_writer.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "io/predictions/prediction_fields.hpp"

namespace paramixer {
namespace {

/// A JSON string; invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// JSON has neither infinity nor NaN.
void append_json_number(std::string& text, float value) {
  if (std::isfinite(value)) {
    append_number(text, value);
  } else {
    text += "null";
  }
}

}  // namespace

JsonlPredictionWriter::JsonlPredictionWriter(const PredictionWriterOptions& options)
    : classes_(options.classes),
      files_(options.files),
      scores_(options.scores),
      output_(options.path, options.start) {
  for (const std::string& name : classes_) quoted_classes_.push_back(json_string(name));
}

void JsonlPredictionWriter::write(const SequenceRecord& record, const Prediction& prediction) {
  line_ = "{\"id\":" + json_string(record.id()) +
          ",\"length\":" + std::to_string(record.sequence.size());
  line_ += ",\"class\":";
  line_ += has_class(prediction) ? json_string(reported_class(prediction, classes_)) : "null";
  if (prediction.status == RecordStatus::kOk) {
    append_answer(prediction);
  } else {
    line_ +=
        ",\"probability\":null,\"second_class\":null,\"second_probability\":null,"
        "\"entropy\":null,\"novelty\":null";
  }
  line_ += ",\"status\":" + json_string(status_text(prediction));
  if (!files_.empty()) line_ += ",\"file\":" + json_string(files_.at(record.input_number));
  if (scores_ == ScoreColumns::kAllClasses) append_scores(prediction);
  line_ += "}\n";
  output_.write(line_);
}

void JsonlPredictionWriter::append_answer(const Prediction& prediction) {
  line_ += ",\"probability\":";
  append_json_number(line_, prediction.probabilities[static_cast<std::size_t>(prediction.best)]);
  if (prediction.second < 0) {
    line_ += ",\"second_class\":null,\"second_probability\":null";
  } else {
    line_ += ",\"second_class\":" + json_string(second_class(prediction, classes_)) +
             ",\"second_probability\":";
    append_json_number(line_,
                       prediction.probabilities[static_cast<std::size_t>(prediction.second)]);
  }
  line_ += ",\"entropy\":";
  append_json_number(line_, prediction.entropy);
  line_ += ",\"novelty\":";
  append_json_number(line_, prediction.novelty);
}

void JsonlPredictionWriter::append_scores(const Prediction& prediction) {
  if (prediction.status != RecordStatus::kOk) {
    line_ += ",\"scores\":null";
    return;
  }
  line_ += ",\"scores\":{";
  for (std::size_t i = 0; i < quoted_classes_.size(); ++i) {
    if (i > 0) line_ += ',';
    line_ += quoted_classes_[i] + ":";
    append_json_number(line_, prediction.probabilities[i]);
  }
  line_ += '}';
}

}  // namespace paramixer
