#include "io/predictions/prediction_writer.hpp"

#include <string_view>

#include "core/base/error.hpp"
#include "io/predictions/bam_prediction_writer.hpp"
#include "io/predictions/jsonl_prediction_writer.hpp"
#include "io/predictions/tsv_prediction_writer.hpp"

namespace paramixer {

bool holds_alignments(PredictionFormat format) {
  return format == PredictionFormat::kBam || format == PredictionFormat::kSam;
}

std::unique_ptr<PredictionWriter> make_prediction_writer(const PredictionWriterOptions& options) {
  switch (options.format) {
    case PredictionFormat::kTsv:
      return std::make_unique<TsvPredictionWriter>(options);
    case PredictionFormat::kJsonl:
      return std::make_unique<JsonlPredictionWriter>(options);
    case PredictionFormat::kBam:
    case PredictionFormat::kSam:
      return std::make_unique<BamPredictionWriter>(options);
  }
  throw usage_error("unknown output format");
}

}  // namespace paramixer
