#include "core/sequence/read_errors.hpp"

#include "core/base/error.hpp"
#include "core/sequence/random_base.hpp"

namespace paramixer {
namespace {

void check_rate(const char* name, double rate) {
  if (!(rate >= 0.0 && rate < 1.0)) {
    throw usage_error(std::string(name) + " rate " + std::to_string(rate) +
                      " is out of range; choose a number from 0 up to but not including 1");
  }
}

}  // namespace

std::string with_read_errors(std::string_view sequence, const ReadErrorRates& rates,
                             Random& random) {
  check_rate("substitution", rates.substitution);
  check_rate("insertion", rates.insertion);
  check_rate("deletion", rates.deletion);

  std::string read;
  read.reserve(sequence.size() + sequence.size() / 8);
  for (const char base : sequence) {
    if (!random.chance(rates.deletion)) {
      read += random.chance(rates.substitution) ? other_base(base, random) : base;
    }
    if (random.chance(rates.insertion)) read += random_base(random);
  }
  if (read.empty() && !sequence.empty()) read += sequence[random.below(sequence.size())];
  return read;
}

}  // namespace paramixer
