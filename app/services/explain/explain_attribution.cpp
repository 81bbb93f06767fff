#include <numeric>

#include "app/services/explain/explained_record.hpp"

namespace paramixer {
namespace {

ExplanationFacts facts_of(const ExplainedRecord& record, const ExplainedClass& about,
                          const Attribution& attribution, std::string_view strands) {
  const auto shown = std::span(attribution.values)
                         .subspan(static_cast<std::size_t>(record.region.start),
                                  static_cast<std::size_t>(record.region.length));
  const double inside = std::accumulate(shown.begin(), shown.end(), 0.0);
  const double all = std::accumulate(attribution.values.begin(), attribution.values.end(), 0.0);
  ExplanationFacts facts = record_facts(record);
  facts.emplace_back("class", about.name);
  if (!about.against.empty()) facts.emplace_back("against", about.against);
  facts.emplace_back("probability", about.probability);
  facts.emplace_back("method", attribution.method);
  facts.emplace_back("strands", strands);
  facts.emplace_back("window", record.explainer.window());
  facts.emplace_back("bias", attribution.bias);
  facts.emplace_back("logit", attribution.logit);
  facts.emplace_back("gap", attribution.gap);
  facts.emplace_back("sum_outside_region", all - inside);
  facts.emplace_back("meaning",
                     "bias + values of all bases + gap = logit, the mean over windows and strands; "
                     "a token's bases share its contribution equally");
  return facts;
}

std::string strands_text(const Explainer& explainer) {
  const auto strands = explainer.strands();
  return strands.size() == 2 ? "mean of both" : name_of(strands.front());
}

}  // namespace

ExplainSummary explain_attribution(const ExplainedRecord& record) {
  const Attribution attribution = record.explainer.attribute(
      record.bases(), named_contrast(record), record.options.method, record.progress_in("windows"));
  const ExplainedClass about = class_of(record, attribution.answer);
  record.check_stop();
  const std::string strands = strands_text(record.explainer);
  const ExplanationFacts facts = facts_of(record, about, attribution, strands);
  if (record.options.format == ExplanationFormat::kBedgraph ||
      record.options.format == ExplanationFormat::kBigwig) {
    const auto shown = std::span(attribution.values)
                           .subspan(static_cast<std::size_t>(record.region.start),
                                    static_cast<std::size_t>(record.region.length));
    return {.records = 1, .rows = write_track(record, facts, record.region.start, shown)};
  }
  ExplanationTable table(record.options, facts, {"position", "base", "value"});
  for (std::int64_t i = record.region.start; i < record.region.start + record.region.length; ++i) {
    const auto at = static_cast<std::size_t>(i);
    table.add({i + 1, std::string_view(record.bases()).substr(at, 1), attribution.values[at]});
  }
  return {.records = 1, .rows = table.commit()};
}

}  // namespace paramixer
