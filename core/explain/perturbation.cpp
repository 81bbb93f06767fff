#include "core/explain/perturbation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace paramixer {

std::vector<std::int64_t> top_positions(std::span<const float> values, std::int64_t count) {
  std::vector<std::int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto strength = [&](std::int64_t i) {
    return std::abs(values[static_cast<std::size_t>(i)]);
  };
  const auto kept = std::min(count, std::ssize(order));
  std::partial_sort(order.begin(), order.begin() + kept, order.end(),
                    [&](std::int64_t a, std::int64_t b) {
                      return strength(a) != strength(b) ? strength(a) > strength(b) : a < b;
                    });
  order.resize(static_cast<std::size_t>(kept));
  std::sort(order.begin(), order.end());
  return order;
}

std::vector<std::int64_t> random_positions(std::int64_t length, std::int64_t count,
                                           Random& random) {
  std::vector<std::int64_t> positions(static_cast<std::size_t>(length));
  std::iota(positions.begin(), positions.end(), 0);
  random.shuffle(positions);
  positions.resize(static_cast<std::size_t>(std::min(count, length)));
  std::sort(positions.begin(), positions.end());
  return positions;
}

std::string perturbed(std::string_view bases, std::span<const std::int64_t> positions,
                      Perturbation perturbation, Random& random) {
  std::string result(bases);
  if (perturbation == Perturbation::kMask) {
    for (const std::int64_t i : positions) result[static_cast<std::size_t>(i)] = 'N';
    return result;
  }
  if (perturbation == Perturbation::kDelete) {
    result.clear();
    std::int64_t next = 0;
    for (const std::int64_t i : positions) {
      result += bases.substr(static_cast<std::size_t>(next), static_cast<std::size_t>(i - next));
      next = i + 1;
    }
    return result += bases.substr(static_cast<std::size_t>(next));
  }
  std::vector<char> letters;
  for (const std::int64_t i : positions) letters.push_back(bases[static_cast<std::size_t>(i)]);
  random.shuffle(letters);
  for (std::size_t p = 0; p < positions.size(); ++p) {
    result[static_cast<std::size_t>(positions[p])] = letters[p];
  }
  return result;
}

}  // namespace paramixer
