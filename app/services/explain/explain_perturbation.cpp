#include <cmath>

#include "app/services/explain/explain_questions.hpp"

namespace paramixer {
namespace {

constexpr double kShares[] = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2};

/// Mean and spread of the probability of a class over disturbed copies of a record.
struct Answers {
  double mean = 0.0;
  double deviation = 0.0;
};

Answers answers_of(const ExplainRequest& request, std::int64_t target,
                   const std::vector<std::string>& copies) {
  double sum = 0.0;
  double squares = 0.0;
  for (const RecordLogits& answer : request.explainer.logits(copies)) {
    const double probability = answer.probabilities[static_cast<std::size_t>(target)];
    sum += probability;
    squares += probability * probability;
  }
  const auto count = static_cast<double>(copies.size());
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

}  // namespace

ExplainSummary explain_perturbation(const ExplainRequest& request) {
  const PerturbationChoices& choices = request.options.perturbation;
  if (choices.repeats < 1) throw usage_error("the number of repeats must be 1 or more");
  const Attribution attribution =
      request.explainer.attribute(request.bases(), named_contrast(request), request.options.method,
                                  request.progress_in("windows"));
  const ExplainedClass about = class_of(request, attribution.answer);
  ExplanationFacts facts = record_facts(request);
  facts.emplace_back("class", about.name);
  if (!about.against.empty()) facts.emplace_back("against", about.against);
  facts.emplace_back("method", attribution.method);
  facts.emplace_back("perturbation", name_of(choices.kind));
  facts.emplace_back("repeats", choices.repeats);
  facts.emplace_back("probability", about.probability);
  facts.emplace_back("meaning",
                     "probability of the class after disturbing this many bases: those with the "
                     "largest |value|, and as many random ones");
  ExplanationTable table(request.options, facts,
                         {"bases", "share", "top", "top_deviation", "random", "random_deviation"});
  Random random(choices.seed);
  const std::int64_t fewest = request.explainer.tokenizer().span();
  for (const double share : kShares) {
    const auto count =
        static_cast<std::int64_t>(std::llround(share * static_cast<double>(request.length())));
    const bool too_short =
        choices.kind == Perturbation::kDelete && request.length() - count < fewest;
    if (count < 1 || too_short) continue;
    const auto top = top_positions(attribution.values, count);
    std::vector<std::string> disturbed;
    std::vector<std::string> compared;
    for (std::int64_t r = 0; r < choices.repeats; ++r) {
      disturbed.push_back(perturbed(request.bases(), top, choices.kind, random));
      compared.push_back(perturbed(request.bases(),
                                   random_positions(request.length(), count, random), choices.kind,
                                   random));
    }
    const Answers own = answers_of(request, about.contrast.target, disturbed);
    request.check_stop();
    const Answers others = answers_of(request, about.contrast.target, compared);
    request.check_stop();
    table.add({count, share, own.mean, own.deviation, others.mean, others.deviation});
  }
  return {.records = 1, .rows = table.commit()};
}

}  // namespace paramixer
