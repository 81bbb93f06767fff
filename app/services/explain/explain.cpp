#include "app/services/explain/explain.hpp"

#include "app/services/base/stopwatch.hpp"
#include "app/services/explain/explained_record.hpp"
#include "core/base/error.hpp"
#include "core/base/named_values.hpp"
#include "io/tracks/bigwig.hpp"

namespace paramixer {
namespace {

constexpr NamedValues<ExplainQuestion, 7> kQuestions{
    "question",
    {{{ExplainQuestion::kLinks, "links"},
      {ExplainQuestion::kAttribution, "attribution"},
      {ExplainQuestion::kReceptiveField, "receptive-field"},
      {ExplainQuestion::kTable, "table"},
      {ExplainQuestion::kMotifs, "motifs"},
      {ExplainQuestion::kMutagenesis, "mutagenesis"},
      {ExplainQuestion::kPerturbation, "perturbation"}}}};
constexpr NamedValues<ExplanationFormat, 5> kFormats{"format",
                                                     {{{ExplanationFormat::kTsv, "tsv"},
                                                       {ExplanationFormat::kJsonl, "jsonl"},
                                                       {ExplanationFormat::kBedgraph, "bedgraph"},
                                                       {ExplanationFormat::kBigwig, "bigwig"},
                                                       {ExplanationFormat::kBedpe, "bedpe"}}}};

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

ExplainSummary answer(const ExplainedRecord& record) {
  switch (record.options.question) {
    case ExplainQuestion::kLinks:
      return explain_links(record);
    case ExplainQuestion::kReceptiveField:
      return explain_receptive_field(record);
    case ExplainQuestion::kMutagenesis:
      return explain_mutagenesis(record);
    case ExplainQuestion::kPerturbation:
      return explain_perturbation(record);
    default:
      return explain_attribution(record);
  }
}

ExplainSummary explain_record(const ExplainOptions& options, Explainer& explainer,
                              const ServiceCallbacks& callbacks, const std::stop_token& stop) {
  InputRecords source(options.input);
  InputRecord input = find_record(source, options.record, stop);
  log_notes(source.notes(), callbacks);
  const std::string file = source.display_name(input.record.input);
  try {
    explainer.check(input.record.sequence);
  } catch (const Error& error) {
    throw Error({.file = file, .record = input.record.id()}, error.what());
  }
  const Window region = window_of(options.region.value_or(BaseRange{}), input, file);
  return answer({options, explainer, std::move(input), file, region, callbacks, stop});
}

}  // namespace

ExplainQuestion explain_question_from(std::string_view name) { return kQuestions.value_from(name); }
const char* name_of(ExplainQuestion question) { return kQuestions.name_of(question); }
ExplanationFormat explanation_format_from(std::string_view name) {
  return kFormats.value_from(name);
}
std::vector<std::string> explanation_format_names() { return kFormats.all_names(); }
const char* name_of(ExplanationFormat format) { return kFormats.name_of(format); }

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
