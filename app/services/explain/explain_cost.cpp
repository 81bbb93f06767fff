#include "app/services/explain/explain_cost.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "app/services/base/stopwatch.hpp"
#include "core/base/random.hpp"
#include "core/explain/link_list.hpp"
#include "models/explain/explainer.hpp"

namespace paramixer {
namespace {

std::string random_record(std::int64_t length) {
  Random random(1);
  std::string bases;
  for (std::int64_t i = 0; i < length; ++i) bases += "ACGT"[random.below(4)];
  return bases;
}

double best_of(int repeats, const std::function<void()>& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int r = 0; r < repeats; ++r) {
    const Stopwatch watch;
    work();
    best = std::min(best, 1000.0 * watch.seconds());
  }
  return best;
}

}  // namespace

ExplainCost measure_explain_cost(const std::string& model, std::int64_t length, int repeats) {
  Explainer explainer(model, {.window = length, .strand = ExplainedStrand::kForward});
  const std::vector<std::string> records{random_record(length)};
  ExplainCost cost;
  cost.forward_ms = best_of(repeats, [&] { explainer.logits(records); });
  cost.attribution_ms = best_of(repeats, [&] {
    explainer.attribute(records.front(), {0, -1}, AttributionMethod::kAuto);
  });
  const auto links = explainer.links(records.front(), ExplainedStrand::kForward);
  cost.links = links->factors() * links->links() * links->shape().length;
  cost.links_ms = best_of(repeats, [&] {
    for_each_link(*links,
                  {.end = links->shape().length, .choice = LinkChoice::kTopOverall, .top = 1000},
                  [](const Link&) {});
  });
  return cost;
}

}  // namespace paramixer
