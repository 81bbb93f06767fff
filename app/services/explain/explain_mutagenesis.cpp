#include "app/services/explain/explained_record.hpp"

namespace paramixer {

ExplainSummary explain_mutagenesis(const ExplainedRecord& record) {
  const ExplainedClass about =
      class_of(record, record.explainer.logits(std::vector{record.bases()}).front());
  const auto changes = record.explainer.mutate(record.bases(), record.region, about.contrast,
                                               record.progress_in("changes"));
  ExplanationFacts facts = record_facts(record);
  facts.emplace_back("class", about.name);
  if (!about.against.empty()) facts.emplace_back("against", about.against);
  facts.emplace_back("probability", about.probability);
  facts.emplace_back("meaning", "effect: new logit - old logit, the mean over windows and strands");
  ExplanationTable table(record.options, facts, {"position", "base", "to", "effect"});
  for (const BaseChange& change : changes) {
    table.add({change.position + 1, std::string_view(&change.from, 1),
               std::string_view(&change.to, 1), change.effect});
  }
  return {.records = 1, .rows = table.commit()};
}

}  // namespace paramixer
