#include "core/sequence/evolution.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include "core/sequence/alphabet.hpp"
#include "core/sequence/amino_acid_exchange.hpp"
#include "core/sequence/genetic_code.hpp"
#include "core/sequence/random_base.hpp"
#include "core/sequence/strand.hpp"

namespace paramixer {
namespace {

constexpr std::uint8_t kStop = static_cast<std::uint8_t>(kAminoAcids.size() - 1);
constexpr double kLengthChanges = 0.02;  ///< Of the changed codons.

/// The number of a codon, or -1 with an ambiguous letter.
int codon_number(std::string_view codon) {
  int number = 0;
  for (const char letter : codon) {
    if (base_code(letter) >= kAmbiguousCode) return -1;
    number = 4 * number + base_code(letter);
  }
  return number;
}

bool is_stop(std::string_view codon) {
  const int number = codon_number(codon);
  return number >= 0 && kCodonAminoAcids[static_cast<std::size_t>(number)] == kStop;
}

/// Codon numbers of every amino acid.
class Synonyms {
 public:
  Synonyms() {
    for (std::uint8_t codon = 0; codon < 64; ++codon) {
      codons_[kCodonAminoAcids[codon]].push_back(codon);
    }
  }

  std::string draw(std::uint8_t amino_acid, Random& random) const {
    const auto& codons = codons_[amino_acid];
    const std::uint8_t codon = codons[random.below(codons.size())];
    return {kBaseLetters[codon >> 4], kBaseLetters[codon >> 2 & 3], kBaseLetters[codon & 3]};
  }

 private:
  std::array<std::vector<std::uint8_t>, 21> codons_;
};

const AminoAcidExchange& exchange() {
  static const AminoAcidExchange kExchange;
  return kExchange;
}

const Synonyms& synonyms() {
  static const Synonyms kSynonyms;
  return kSynonyms;
}

std::string evolved_codon(std::string_view codon, double divergence, Random& random) {
  const int number = codon_number(codon);
  if (number < 0) return std::string(codon);
  const std::uint8_t amino_acid = kCodonAminoAcids[static_cast<std::size_t>(number)];
  if (!random.chance(divergence)) {
    return random.chance(divergence) ? synonyms().draw(amino_acid, random) : std::string(codon);
  }
  std::string changed = synonyms().draw(exchange().draw(amino_acid, random), random);
  if (!random.chance(kLengthChanges)) return changed;
  if (random.chance(0.5)) return "";
  return changed + synonyms().draw(static_cast<std::uint8_t>(random.below(kStop)), random);
}

std::string substituted(std::string_view bases, double rate, Random& random) {
  std::string changed(bases);
  for (char& base : changed) {
    if (random.chance(rate)) base = other_base(base, random);
  }
  return changed;
}

std::string evolved_on_strand(std::string_view bases, const Window& coding, double divergence,
                              Random& random) {
  const auto begin = static_cast<std::size_t>(coding.start);
  const std::size_t end = begin + static_cast<std::size_t>(coding.length);
  std::string changed = substituted(bases.substr(0, begin), divergence / 2.0, random);
  for (std::size_t codon = begin; codon < end; codon += 3) {
    changed += evolved_codon(bases.substr(codon, 3), divergence, random);
  }
  return changed + substituted(bases.substr(end), divergence / 2.0, random);
}

}  // namespace

Window longest_open_stretch(std::string_view bases) {
  Window longest;
  for (std::size_t frame = 0; frame < 3; ++frame) {
    std::size_t start = frame;
    for (std::size_t codon = frame;; codon += 3) {
      const bool ends = codon + 3 > bases.size();
      if (!ends && !is_stop(bases.substr(codon, 3))) continue;
      const auto length = static_cast<std::int64_t>(codon - start);
      if (codon > start && length > longest.length) {
        longest = {static_cast<std::int64_t>(start), length};
      }
      if (ends) break;
      start = codon + 3;
    }
  }
  return longest;
}

std::string evolved(std::string_view bases, double divergence, Random& random) {
  const std::string other = reverse_complement(bases);
  const Window forward = longest_open_stretch(bases);
  const Window reverse = longest_open_stretch(other);
  if (reverse.length > forward.length) {
    return reverse_complement(evolved_on_strand(other, reverse, divergence, random));
  }
  return evolved_on_strand(bases, forward, divergence, random);
}

}  // namespace paramixer
