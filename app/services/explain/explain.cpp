#include "app/services/explain/explain.hpp"

#include "app/services/base/stopwatch.hpp"
#include "app/services/explain/explain_questions.hpp"
#include "core/base/error.hpp"
#include "io/tracks/bigwig.hpp"

namespace paramixer {
namespace {

/// Checks that are possible before a model is loaded.
void check_options(const ExplainOptions& options) {
  using enum ExplanationFormat;
  switch (options.question) {
    case ExplainQuestion::kLinks:
      require_format(options, {kTsv, kJsonl, kBedpe});
      if (options.format == kBedpe && options.links.choice == LinkChoice::kAll) {
        throw usage_error("BEDPE holds the strongest links; set their number with --top");
      }
      break;
    case ExplainQuestion::kAttribution:
      require_format(options, {kTsv, kJsonl, kBedgraph, kBigwig});
      break;
    case ExplainQuestion::kReceptiveField:
      if (options.receptive_field.position < 0) {
        throw usage_error("the position must be 1 or more, or 0 for the binned matrix");
      }
      if (options.receptive_field.position == 0 &&
          (options.format == kBedgraph || options.format == kBigwig)) {
        throw usage_error(
            "a track shows one row or column of the receptive field; choose it with "
            "--position");
      }
      require_format(options, {kTsv, kJsonl, kBedgraph, kBigwig});
      break;
    default:
      require_format(options, {kTsv, kJsonl});
  }
  if (options.question == ExplainQuestion::kMutagenesis && !options.region) {
    throw usage_error("mutagenesis needs --region, because it computes every base three times");
  }
  if (options.format == kBigwig) check_bigwig_output(options.output);
}

ExplainSummary answer(const ExplainRequest& request) {
  switch (request.options.question) {
    case ExplainQuestion::kLinks:
      return explain_links(request);
    case ExplainQuestion::kReceptiveField:
      return explain_receptive_field(request);
    case ExplainQuestion::kMutagenesis:
      return explain_mutagenesis(request);
    case ExplainQuestion::kPerturbation:
      return explain_perturbation(request);
    default:
      return explain_attribution(request);
  }
}

ExplainSummary explain_record(const ExplainOptions& options, Explainer& explainer,
                              const ServiceCallbacks& callbacks, const std::stop_token& stop) {
  InputRecords source(options.input);
  InputRecord input = find_record(source, options.record, stop);
  log_notes(source.notes(), callbacks);
  const std::string file = source.display_name(input.record.input_number);
  try {
    explainer.check(input.record.sequence);
  } catch (const Error& error) {
    throw Error({.file = file, .record = input.record.id()}, error.what());
  }
  const Window region = window_of(options.region.value_or(BaseRange{}), input, file);
  return answer({options, explainer, std::move(input), file, region, callbacks, stop});
}

}  // namespace

ExplainSummary explain(const ExplainOptions& options, const ServiceCallbacks& callbacks,
                       std::stop_token stop) {
  const Stopwatch watch;
  check_options(options);
  Explainer explainer(options.model, options.explainer);
  ExplainSummary summary;
  switch (options.question) {
    case ExplainQuestion::kTable:
      summary = explain_table(options, explainer);
      break;
    case ExplainQuestion::kMotifs:
      summary = explain_motifs(options, explainer, callbacks, stop);
      break;
    default:
      summary = explain_record(options, explainer, callbacks, stop);
  }
  summary.seconds = watch.seconds();
  return summary;
}

}  // namespace paramixer
