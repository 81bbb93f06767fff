#include <cmath>

#include "app/services/explain/explained_record.hpp"

namespace paramixer {
namespace {

constexpr double kShares[] = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2};

/// Mean and spread of the probability of a class over disturbed copies of a record.
struct Answers {
  double mean = 0.0;
  double deviation = 0.0;
};

Answers answers_of(const ExplainedRecord& record, std::int64_t target,
                   const std::vector<std::string>& copies) {
  double sum = 0.0;
  double squares = 0.0;
  for (const RecordLogits& answer : record.explainer.logits(copies)) {
    const double probability = answer.probabilities[static_cast<std::size_t>(target)];
    sum += probability;
    squares += probability * probability;
  }
  const auto count = static_cast<double>(copies.size());
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

}  // namespace

ExplainSummary explain_perturbation(const ExplainedRecord& record) {
  const PerturbationChoices& choices = record.options.perturbation;
  if (choices.repeats < 1) throw usage_error("the number of repeats must be 1 or more");
  const Attribution attribution = record.explainer.attribute(
      record.bases(), named_contrast(record), record.options.method, record.progress_in("windows"));
  const ExplainedClass about = class_of(record, attribution.answer);
  ExplanationFacts facts = record_facts(record);
  facts.emplace_back("class", about.name);
  if (!about.against.empty()) facts.emplace_back("against", about.against);
  facts.emplace_back("method", attribution.method);
  facts.emplace_back("perturbation", name_of(choices.kind));
  facts.emplace_back("repeats", choices.repeats);
  facts.emplace_back("probability", about.probability);
  facts.emplace_back("meaning",
                     "probability of the class after disturbing this many bases: those with the "
                     "largest |value|, and as many random ones");
  ExplanationTable table(record.options, facts,
                         {"bases", "share", "top", "top_deviation", "random", "random_deviation"});
  Random random(choices.seed);
  const std::int64_t fewest = record.explainer.tokenizer().span();
  for (const double share : kShares) {
    const auto count =
        static_cast<std::int64_t>(std::llround(share * static_cast<double>(record.length())));
    const bool too_short =
        choices.kind == Perturbation::kDelete && record.length() - count < fewest;
    if (count < 1 || too_short) continue;
    const auto top = top_positions(attribution.values, count);
    std::vector<std::string> disturbed;
    std::vector<std::string> compared;
    for (std::int64_t r = 0; r < choices.repeats; ++r) {
      disturbed.push_back(perturbed(record.bases(), top, choices.kind, random));
      compared.push_back(perturbed(record.bases(), random_positions(record.length(), count, random),
                                   choices.kind, random));
    }
    const Answers own = answers_of(record, about.contrast.target, disturbed);
    record.check_stop();
    const Answers others = answers_of(record, about.contrast.target, compared);
    record.check_stop();
    table.add({count, share, own.mean, own.deviation, others.mean, others.deviation});
  }
  return {.records = 1, .rows = table.commit()};
}

}  // namespace paramixer
