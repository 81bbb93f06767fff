#include <numeric>

#include "app/services/explain/explain_questions.hpp"

namespace paramixer {
namespace {

ExplanationFacts facts_of(const ExplainRequest& request, const ExplainedClass& about,
                          const Attribution& attribution, std::string_view strands) {
  const auto shown = std::span(attribution.values)
                         .subspan(static_cast<std::size_t>(request.region.start),
                                  static_cast<std::size_t>(request.region.length));
  const double inside = std::accumulate(shown.begin(), shown.end(), 0.0);
  const double all = std::accumulate(attribution.values.begin(), attribution.values.end(), 0.0);
  ExplanationFacts facts = record_facts(request);
  facts.emplace_back("class", about.name);
  if (!about.against.empty()) facts.emplace_back("against", about.against);
  facts.emplace_back("probability", about.probability);
  facts.emplace_back("method", attribution.method);
  facts.emplace_back("strands", strands);
  facts.emplace_back("window", request.explainer.window());
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

ExplainSummary explain_attribution(const ExplainRequest& request) {
  const Attribution attribution =
      request.explainer.attribute(request.bases(), named_contrast(request), request.options.method,
                                  request.progress_in("windows"));
  const ExplainedClass about = class_of(request, attribution.answer);
  request.check_stop();
  const std::string strands = strands_text(request.explainer);
  const ExplanationFacts facts = facts_of(request, about, attribution, strands);
  if (request.options.format == ExplanationFormat::kBedgraph ||
      request.options.format == ExplanationFormat::kBigwig) {
    const auto shown = std::span(attribution.values)
                           .subspan(static_cast<std::size_t>(request.region.start),
                                    static_cast<std::size_t>(request.region.length));
    return {.records = 1, .rows = write_track(request, facts, request.region.start, shown)};
  }
  ExplanationTable table(request.options, facts, {"position", "base", "value"});
  for (std::int64_t i = request.region.start; i < request.region.start + request.region.length;
       ++i) {
    const auto at = static_cast<std::size_t>(i);
    table.add({i + 1, std::string_view(request.bases()).substr(at, 1), attribution.values[at]});
  }
  return {.records = 1, .rows = table.commit()};
}

}  // namespace paramixer
