#include "core/explain/token_shares.hpp"

#include <string>

#include "core/base/error.hpp"

namespace paramixer {

void add_token_shares(std::span<const double> tokens, std::int64_t span, std::span<double> bases) {
  const auto width = static_cast<std::size_t>(span);
  if (bases.size() != tokens.size() + width - 1) {
    throw Error("contributions of " + std::to_string(tokens.size()) + " tokens do not cover " +
                std::to_string(bases.size()) + " bases");
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const double share = tokens[i] / static_cast<double>(span);
    for (std::size_t b = 0; b < width; ++b) bases[i + b] += share;
  }
}

}  // namespace paramixer
