#include "io/prediction_writer.hpp"

#include <string_view>

#include "core/base/error.hpp"
#include "io/bam_prediction_writer.hpp"
#include "io/jsonl_prediction_writer.hpp"
#include "io/tsv_prediction_writer.hpp"

namespace paramixer {

const char* name_of(PredictionFormat format) {
  switch (format) {
    case PredictionFormat::kTsv:
      return "tsv";
    case PredictionFormat::kJsonl:
      return "jsonl";
    case PredictionFormat::kBam:
      return "bam";
  }
  return "unknown";
}

PredictionFormat prediction_format_from(std::string_view name) {
  for (const PredictionFormat format :
       {PredictionFormat::kTsv, PredictionFormat::kJsonl, PredictionFormat::kBam}) {
    if (name == name_of(format)) return format;
  }
  throw usage_error("there is no output format '" + std::string(name) +
                    "'; choose tsv, jsonl or bam");
}

std::unique_ptr<PredictionWriter> make_prediction_writer(const PredictionWriterOptions& options) {
  switch (options.format) {
    case PredictionFormat::kTsv:
      return std::make_unique<TsvPredictionWriter>(options);
    case PredictionFormat::kJsonl:
      return std::make_unique<JsonlPredictionWriter>(options);
    case PredictionFormat::kBam:
      return std::make_unique<BamPredictionWriter>(options);
  }
  throw usage_error("there is no such output format");
}

}  // namespace paramixer
