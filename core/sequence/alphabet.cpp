#include "core/sequence/alphabet.hpp"

namespace paramixer {
namespace {

constexpr std::array<std::uint8_t, 256> make_codes() {
  std::array<std::uint8_t, 256> codes{};
  codes.fill(kInvalidCode);
  auto set = [&codes](std::string_view letters, std::uint8_t code) {
    for (const char letter : letters) codes[static_cast<unsigned char>(letter)] = code;
  };
  set("Aa", kCodeA);
  set("Gg", kCodeG);
  set("Cc", kCodeC);
  set("TtUu", kCodeT);
  set("RYSWKMBDHVNryswkmbdhvn", kAmbiguousCode);
  return codes;
}

}  // namespace

constinit const std::array<std::uint8_t, 256> kBaseCodes = make_codes();

}  // namespace paramixer
