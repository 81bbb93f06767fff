#include "core/sequence/random_base.hpp"

#include "core/sequence/alphabet.hpp"

namespace paramixer {

char random_base(Random& random) { return kBaseLetters[random.below(4)]; }

char other_base(char base, Random& random) {
  const std::uint8_t code = base_code(base);
  if (code >= kAmbiguousCode) return base;
  return kBaseLetters[(code + 1 + random.below(3)) % 4];
}

}  // namespace paramixer
