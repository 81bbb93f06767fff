#include "app/services/explore/record_explorer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/services/explore/value_track.hpp"
#include "core/base/error.hpp"
#include "core/explain/record_view.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kOpenWindows = 16;

/// The overall top among the top links of each window.
void keep_top(const LinkQuery& query, std::vector<Link>& links) {
  const bool by_factor = query.choice == LinkChoice::kTopOfFactor;
  if (!by_factor && query.choice != LinkChoice::kTopOverall) return;
  std::stable_sort(links.begin(), links.end(), [&](const Link& a, const Link& b) {
    if (by_factor && a.factor != b.factor) return a.factor < b.factor;
    return std::abs(a.weight) > std::abs(b.weight);
  });
  std::int64_t factor = -1;
  std::int64_t kept = 0;
  std::erase_if(links, [&](const Link& link) {
    if (by_factor && link.factor != factor) kept = 0;
    factor = link.factor;
    return kept++ >= query.top;
  });
}

}  // namespace

RecordExplorer::RecordExplorer(Explainer& explainer, std::string bases, ExploreChoices choices)
    : explainer_(explainer),
      bases_(std::move(bases)),
      choices_(choices),
      pattern_(explainer.card().config.link_pattern()),
      span_(explainer.tokenizer().span()) {
  explainer_.check(bases_);
  for (const RecordView& view :
       record_views(length(), explainer_.window(), ViewStrands::kForward)) {
    windows_.push_back(view.window);
  }
  source(0);
}

RecordExplorer::~RecordExplorer() = default;

void RecordExplorer::check_stop() const {
  if (stop_.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
}

std::size_t RecordExplorer::number_at(std::int64_t base) const {
  const auto after = std::upper_bound(
      windows_.begin(), windows_.end(), base,
      [](std::int64_t place, const Window& own) { return place < own.start + own.length; });
  return std::min(static_cast<std::size_t>(after - windows_.begin()), windows_.size() - 1);
}

const Window& RecordExplorer::window_at(std::int64_t base) const {
  return windows_[number_at(base)];
}

std::int64_t RecordExplorer::own_begin(std::size_t number) const {
  if (number == 0) return 0;
  return windows_[number - 1].start + windows_[number - 1].length;
}

LinkSource& RecordExplorer::source(std::size_t number) {
  const auto found = std::find_if(open_.begin(), open_.end(),
                                  [&](const OpenWindow& open) { return open.number == number; });
  if (found != open_.end()) {
    std::rotate(found, found + 1, open_.end());
    return *open_.back().links;
  }
  if (open_.size() == kOpenWindows) open_.erase(open_.begin());
  const Window& own = windows_[number];
  const auto seen = std::string_view(bases_).substr(static_cast<std::size_t>(own.start),
                                                    static_cast<std::size_t>(own.length));
  const auto strand = choices_.reversed ? ExplainedStrand::kReverse : ExplainedStrand::kForward;
  open_.push_back({number, explainer_.links(seen, strand, choices_.block)});
  return *open_.back().links;
}

std::int64_t RecordExplorer::token_at(std::size_t number, std::int64_t base) const {
  const Window& own = windows_[number];
  return choices_.reversed ? own.start + own.length - span_ - base : base - own.start;
}

std::int64_t RecordExplorer::base_of(std::size_t number, std::int64_t token) const {
  const Window& own = windows_[number];
  return choices_.reversed ? own.start + own.length - span_ - token : own.start + token;
}

std::int64_t RecordExplorer::required_token(std::size_t number, std::int64_t base) const {
  const std::int64_t token = token_at(number, base);
  const std::int64_t tokens = windows_[number].length - span_ + 1;
  if (base < 0 || base >= length() || token < 0 || token >= tokens) {
    throw Error("no token begins at base " + std::to_string(base + 1) + "; choose one from " +
                std::to_string(windows_[number].start + 1) + " to " +
                std::to_string(windows_[number].start + tokens));
  }
  return token;
}

void RecordExplorer::read(std::int64_t factor, std::int64_t begin, std::int64_t end, float* out) {
  check_stop();
  const std::int64_t links = pattern_.links();
  std::fill_n(out, (end - begin) * links, kNoValue);
  for (std::size_t w = number_at(begin); w < windows_.size() && own_begin(w) < end; ++w) {
    const std::int64_t tokens = windows_[w].length - span_ + 1;
    const std::int64_t first = std::max({begin, own_begin(w), windows_[w].start});
    const std::int64_t last = std::min(end, windows_[w].start + tokens);
    if (first >= last) continue;
    float* rows = out + (first - begin) * links;
    if (!choices_.reversed) {
      source(w).read(factor, token_at(w, first), token_at(w, last - 1) + 1, rows);
      continue;
    }
    source(w).read(factor, token_at(w, last - 1), token_at(w, first) + 1, rows);
    for (std::int64_t i = 0, j = last - first - 1; i < j; ++i, --j) {
      std::swap_ranges(rows + i * links, rows + (i + 1) * links, rows + j * links);
    }
  }
}

LinkStretch RecordExplorer::stretch(std::int64_t factor, std::int64_t begin, std::int64_t end) {
  return {.begin = begin,
          .end = end,
          .links = pattern_.links(),
          .read = [this, factor](std::int64_t from, std::int64_t to, float* out) {
            read(factor, from, to, out);
          }};
}

std::vector<Link> RecordExplorer::links(const LinkQuery& query) {
  std::vector<Link> found;
  for (std::size_t w = number_at(query.begin); w < windows_.size() && own_begin(w) < query.end;
       ++w) {
    check_stop();
    const std::int64_t tokens = windows_[w].length - span_ + 1;
    const std::int64_t first = std::max(query.begin, own_begin(w));
    const std::int64_t last = std::min(query.end, windows_[w].start + tokens);
    if (first >= last) continue;
    LinkQuery own = query;
    own.begin = std::min(token_at(w, first), token_at(w, last - 1));
    own.end = own.begin + last - first;
    for_each_link(source(w), own, [&](const Link& link) {
      found.push_back(link);
      found.back().source = base_of(w, link.source);
      found.back().target = base_of(w, link.target);
    });
  }
  keep_top(query, found);
  return found;
}

std::vector<float> RecordExplorer::by_base(std::size_t number,
                                           std::span<const float> by_token) const {
  const Window& own = windows_[number];
  std::vector<float> values(static_cast<std::size_t>(own.length), kNoValue);
  for (std::int64_t token = 0; token <= own.length - span_; ++token) {
    values[static_cast<std::size_t>(base_of(number, token) - own.start)] =
        by_token[static_cast<std::size_t>(token)];
  }
  return values;
}

ReceptiveVector RecordExplorer::receptive_field(std::int64_t base, ProductSide side,
                                                Residual residual) {
  const std::size_t number = number_at(base);
  const std::int64_t token = required_token(number, base);
  FactorProduct product(source(number), explainer_.pool());
  const auto values = side == ProductSide::kTranspose
                          ? receptive_field_row(product, token, residual)
                          : receptive_field_column(product, token, residual);
  return {windows_[number], by_base(number, values)};
}

Spread RecordExplorer::spread(std::int64_t base, Residual residual) {
  const std::size_t number = number_at(base);
  const std::int64_t token = required_token(number, base);
  FactorProduct product(source(number), explainer_.pool());
  row_.assign(static_cast<std::size_t>(product.shape().length), 0.0F);
  row_[static_cast<std::size_t>(token)] = 1.0F;
  Spread spread{windows_[number], {by_base(number, row_)}};
  product.apply(ProductSide::kProduct, residual, 1, row_,
                [&](std::int64_t, std::span<const float> values) {
                  check_stop();
                  spread.values.push_back(by_base(number, values));
                });
  return spread;
}

ReceptiveMatrix RecordExplorer::receptive_matrix(
    std::int64_t base, std::int64_t bins, Residual residual,
    const std::function<void(std::int64_t)>& progress) {
  const std::size_t number = number_at(base);
  FactorProduct product(source(number), explainer_.pool());
  BinnedReceptiveField field =
      binned_receptive_field(product, {bins, Window{0, product.shape().valid}}, residual, progress);
  ReceptiveMatrix matrix{windows_[number], std::move(field.bounds), std::move(field.means)};
  if (choices_.reversed) {
    std::reverse(matrix.bounds.begin(), matrix.bounds.end());
    std::reverse(matrix.means.begin(), matrix.means.end());
    // A bin of tokens [a, b) begins at the base of its last one.
    for (std::int64_t& bound : matrix.bounds) bound = base_of(number, bound - 1);
  } else {
    for (std::int64_t& bound : matrix.bounds) bound += windows_[number].start;
  }
  return matrix;
}

}  // namespace paramixer
