#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace paramixer {

/// Codes of single nucleotides, in the paper's order. Policy for other letters, the same everywhere
/// in the program: lower case equals upper case, U equals T, the IUPAC codes R Y S W K M B D H V N
/// are all kAmbiguousCode, and everything else (digits, gaps, '*', protein letters) is kInvalidCode
/// and makes the record an error.
inline constexpr std::uint8_t kCodeA = 0;
inline constexpr std::uint8_t kCodeG = 1;
inline constexpr std::uint8_t kCodeC = 2;
inline constexpr std::uint8_t kCodeT = 3;
inline constexpr std::uint8_t kAmbiguousCode = 4;
inline constexpr std::uint8_t kInvalidCode = 255;

/// Letters of the codes 0 to 3.
inline constexpr std::string_view kBaseLetters = "AGCT";

/// Code of every character value.
extern const std::array<std::uint8_t, 256> kBaseCodes;

/// Code of one letter. Constant time, no locale.
inline std::uint8_t base_code(char letter) noexcept {
  return kBaseCodes[static_cast<unsigned char>(letter)];
}

}  // namespace paramixer
