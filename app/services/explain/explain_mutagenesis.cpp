#include "app/services/explain/explain_questions.hpp"

namespace paramixer {

ExplainSummary explain_mutagenesis(const ExplainRequest& request) {
  const ExplainedClass about =
      class_of(request, request.explainer.logits(std::vector{request.bases()}).front());
  const auto changes = request.explainer.mutate(request.bases(), request.region, about.contrast,
                                                request.progress_in("changes"));
  ExplanationFacts facts = record_facts(request);
  facts.emplace_back("class", about.name);
  if (!about.against.empty()) facts.emplace_back("against", about.against);
  facts.emplace_back("probability", about.probability);
  facts.emplace_back("meaning", "effect: new logit - old logit, the mean over windows and strands");
  ExplanationTable table(request.options, facts, {"position", "base", "to", "effect"});
  for (const BaseChange& change : changes) {
    table.add({change.position + 1, std::string_view(&change.from, 1),
               std::string_view(&change.to, 1), change.effect});
  }
  return {.records = 1, .rows = table.commit()};
}

}  // namespace paramixer
