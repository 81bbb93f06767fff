#include "models/training/link_start.hpp"

#include <cmath>

namespace paramixer {
namespace {

template <typename Visit>
void for_each_link_network(Paramixer& model, std::int64_t first, Visit visit) {
  const torch::NoGradGuard no_gradients;
  for (std::int64_t b = 0; b < model.config().blocks; ++b) {
    for (std::int64_t m = first; m < model.config().resolved_factors(); ++m) {
      visit(model.block(b).link_network(m));
    }
  }
}

void make_identity(Mlp& network) {
  network.last().weight.zero_();
  network.last().bias.zero_();
}

/// Standard normal embeddings give links with a standard deviation of about 1 / sqrt(L).
void make_full_size(Mlp& network) {
  const auto inputs = static_cast<double>(network.first().weight.size(1));
  const auto hidden = static_cast<double>(network.last().weight.size(1));
  const auto links = static_cast<double>(network.last().weight.size(0));
  // E[gelu(x)^2] of a standard normal x.
  constexpr double kGeluSecondMoment = 0.425;
  network.first().weight.normal_(0.0, 1.0 / std::sqrt(inputs));
  network.first().bias.zero_();
  network.last().weight.normal_(0.0, 1.0 / std::sqrt(kGeluSecondMoment * hidden * links));
  network.last().bias.zero_();
}

}  // namespace

void start_links(Paramixer& model, LinkStart start) {
  if (start == LinkStart::kIdentity) for_each_link_network(model, 0, make_identity);
  if (start == LinkStart::kFullSize) for_each_link_network(model, 0, make_full_size);
}

void start_factors_as_identity(Paramixer& model, std::int64_t first) {
  for_each_link_network(model, first, make_identity);
}

}  // namespace paramixer
