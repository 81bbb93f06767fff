#include "app/services/explain/explain_questions.hpp"
#include "core/explain/receptive_field.hpp"

namespace paramixer {
namespace {

ExplanationFacts facts_of(const ExplainRequest& request, const Window& seen) {
  const ReceptiveFieldChoices& choices = request.options.receptive_field;
  ExplanationFacts facts = record_facts(request);
  facts.emplace_back("window_begin", seen.start + 1);
  facts.emplace_back("window_end", seen.start + seen.length);
  facts.emplace_back("strand", name_of(request.strand()));
  facts.emplace_back("block", request.options.links.block);
  facts.emplace_back("bases_per_position", request.explainer.tokenizer().span());
  facts.emplace_back("product", choices.residual == Residual::kKeep
                                    ? "(I + W_M) ... (I + W_1)"
                                    : "W_M ... W_1, without the residual");
  return facts;
}

/// One row or column of the product.
ExplainSummary write_vector(const ExplainRequest& request, const Window& seen,
                            FactorProduct& product) {
  const ReceptiveFieldChoices& choices = request.options.receptive_field;
  const std::int64_t valid = product.shape().valid;
  const std::int64_t base = choices.position - 1;
  const bool forward = request.strand() == ExplainedStrand::kForward;
  // base_of_token is its own reverse.
  const std::int64_t position =
      forward ? base - seen.start : request.base_of_token(seen, base - seen.start) - seen.start;
  if (base < 0 || position < 0 || position >= valid) {
    throw request.failure("no token begins at position " + std::to_string(choices.position) +
                          "; the window has tokens at " + std::to_string(seen.start + 1) + "-" +
                          std::to_string(seen.start + valid));
  }
  const bool row = choices.side == ReceptiveFieldSide::kRow;
  const auto values = row ? receptive_field_row(product, position, choices.residual)
                          : receptive_field_column(product, position, choices.residual);
  ExplanationFacts facts = facts_of(request, seen);
  facts.emplace_back("position", choices.position);
  facts.emplace_back("meaning", row ? "what the output at the position takes from every input"
                                    : "what the input at the position gives to every output");
  std::vector<float> shown;
  const std::int64_t first = std::max<std::int64_t>(request.region.start - seen.start, 0);
  const std::int64_t last =
      std::min(request.region.start + request.region.length - seen.start, valid);
  for (std::int64_t i = first; i < last; ++i) {
    shown.push_back(values[static_cast<std::size_t>(forward ? i : valid - 1 - i)]);
  }
  if (request.options.format == ExplanationFormat::kBedgraph ||
      request.options.format == ExplanationFormat::kBigwig) {
    return {.records = 1, .rows = write_track(request, facts, seen.start + first, shown)};
  }
  ExplanationTable table(request.options, facts, {"position", "base", "value"});
  for (std::int64_t i = first; i < last; ++i) {
    const auto at = static_cast<std::size_t>(seen.start + i);
    table.add({seen.start + i + 1, std::string_view(request.bases()).substr(at, 1),
               shown[static_cast<std::size_t>(i - first)]});
  }
  return {.records = 1, .rows = table.commit()};
}

/// The bases, from 1, at which the tokens of a bin begin.
struct BinBases {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

BinBases bases_of_bin(const ExplainRequest& request, const Window& seen,
                      const BinnedReceptiveField& field, std::int64_t bin) {
  const auto at = static_cast<std::size_t>(bin);
  const auto [first, last] = std::minmax({request.base_of_token(seen, field.bounds[at]),
                                          request.base_of_token(seen, field.bounds[at + 1] - 1)});
  return {first + 1, last + 1};
}

/// The binned matrix, of the region if there is one. Bins of padding lie outside the record.
ExplainSummary write_matrix(const ExplainRequest& request, const Window& seen,
                            FactorProduct& product) {
  const ReceptiveFieldChoices& choices = request.options.receptive_field;
  const LinkShape& shape = product.shape();
  const ExplainProgress progress = request.progress_in("bins");
  const Window shown = request.options.region ? request.tokens_in_region(seen, shape.valid)
                                              : Window{0, shape.length};
  if (shown.length < 1) throw request.failure("no token begins in the region; take a longer one");
  const auto field = binned_receptive_field(
      product, {choices.bins, shown}, choices.residual,
      [&](std::int64_t done) { progress(done, std::min(choices.bins, shown.length)); });
  ExplanationFacts facts = facts_of(request, seen);
  facts.emplace_back("meaning",
                     "mean entry of the product: what outputs of one bin take from inputs of "
                     "another; positions are tokens, named by their first base in the record");
  ExplanationTable table(request.options, facts,
                         {"output_begin", "output_end", "input_begin", "input_end", "value"});
  for (std::int64_t r = 0; r < field.bins(); ++r) {
    const BinBases output = bases_of_bin(request, seen, field, r);
    for (std::int64_t c = 0; c < field.bins(); ++c) {
      const BinBases input = bases_of_bin(request, seen, field, c);
      table.add({output.first, output.last, input.first, input.last,
                 field.means[static_cast<std::size_t>(r * field.bins() + c)]});
    }
  }
  return {.records = 1, .rows = table.commit()};
}

}  // namespace

ExplainSummary explain_receptive_field(const ExplainRequest& request) {
  const std::int64_t position = request.options.receptive_field.position;
  const bool is_around_position = position > 0 && !request.options.region;
  const Window seen =
      request.window_around(is_around_position ? Window{position - 1, 1} : request.region);
  const auto links = request.explainer.links(
      std::string_view(request.bases())
          .substr(static_cast<std::size_t>(seen.start), static_cast<std::size_t>(seen.length)),
      request.strand(), request.options.links.block - 1);
  FactorProduct product(*links, request.explainer.pool());
  return position > 0 ? write_vector(request, seen, product) : write_matrix(request, seen, product);
}

}  // namespace paramixer
