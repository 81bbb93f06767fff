#include "app/services/explain/explain_questions.hpp"

namespace paramixer {

ExplainSummary explain_table(const ExplainOptions& options, Explainer& explainer) {
  const auto tables = explainer.tables(options.links.block - 1);
  const LinkPattern pattern = explainer.card().config.link_pattern();
  const std::int64_t factors = std::ssize(tables->weights);
  if (options.links.factor < 0 || options.links.factor > factors) {
    throw usage_error("factor " + std::to_string(options.links.factor) +
                      " does not exist; the model has " + std::to_string(factors));
  }
  ExplanationTable table(options,
                         {{"model", options.model},
                          {"block", options.links.block},
                          {"meaning", "a position with this token adds weight x V at its offset"}},
                         {"factor", "token", "bases", "offset", "weight"});
  for (std::int64_t m = 0; m < factors; ++m) {
    if (options.links.factor > 0 && options.links.factor != m + 1) continue;
    const float* weight = tables->weights[static_cast<std::size_t>(m)].data();
    for (std::int64_t token = 0; token < tables->vocabulary; ++token) {
      const std::string bases = explainer.tokenizer().text(static_cast<std::int32_t>(token));
      for (std::int64_t k = 0; k < tables->links; ++k) {
        table.add({m + 1, token, std::string_view(bases), pattern.offset(m, k), *weight++});
      }
    }
  }
  return {.rows = table.commit()};
}

}  // namespace paramixer
