#include "core/sequence/invalid_base.hpp"

#include "core/sequence/tokenizer.hpp"

namespace paramixer {

std::string describe_invalid_base(std::string_view sequence) {
  const std::int64_t invalid = first_invalid_base(sequence);
  if (invalid < 0) return "";
  return "invalid letter '" + std::string(1, sequence[static_cast<std::size_t>(invalid)]) +
         "' at position " + std::to_string(invalid + 1);
}

}  // namespace paramixer
