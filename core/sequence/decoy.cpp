#include "core/sequence/decoy.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include "core/sequence/alphabet.hpp"

namespace paramixer {
namespace {

/// Bases that follow every context of `order` bases in a sequence, by counts. Ambiguous letters
/// count as A, which only blurs the composition.
class MarkovChain {
 public:
  MarkovChain(std::string_view bases, int order)
      : mask_((std::size_t{1} << (2 * order)) - 1), counts_(mask_ + 1) {
    std::size_t context = 0;
    for (std::size_t i = 0; i < bases.size(); ++i) {
      const std::uint8_t code = base_code(bases[i]) & 3;
      if (i >= static_cast<std::size_t>(order)) ++counts_[context][code];
      context = (context << 2 | code) & mask_;
    }
  }

  std::string draw(std::size_t length, Random& random) const {
    std::string bases(length, '\0');
    std::size_t context = random.below(mask_ + 1);
    for (char& base : bases) {
      const std::uint8_t code = next(counts_[context], random);
      base = kBaseLetters[code];
      context = (context << 2 | code) & mask_;
    }
    return bases;
  }

 private:
  using Counts = std::array<std::uint32_t, 4>;

  /// A context that never occurred is followed by any base.
  static std::uint8_t next(const Counts& counts, Random& random) {
    const std::uint32_t all = counts[0] + counts[1] + counts[2] + counts[3];
    if (all == 0) return static_cast<std::uint8_t>(random.below(4));
    std::uint64_t drawn = random.below(all);
    std::uint8_t code = 0;
    while (drawn >= counts[code]) drawn -= counts[code++];
    return code;
  }

  std::size_t mask_;
  std::vector<Counts> counts_;
};

}  // namespace

std::string decoy_of(std::string_view bases, Random& random) {
  if (random.chance(0.5)) return {bases.rbegin(), bases.rend()};
  const auto order = static_cast<int>(random.between(1, 3));
  return MarkovChain(bases, order).draw(bases.size(), random);
}

}  // namespace paramixer
