#include "core/sequence/tokenizer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include "core/base/error.hpp"
#include "core/sequence/alphabet.hpp"
#include "core/sequence/canonical_kmers.hpp"
#include "core/sequence/genetic_code.hpp"
#include "core/sequence/rolling_kmer.hpp"

namespace paramixer {
namespace {

constexpr int kMaxKmer = 8;
constexpr int kMaxHashedKmer = 32;
constexpr std::int64_t kFewestBuckets = std::int64_t{1} << 10;
constexpr std::int64_t kMostBuckets = std::int64_t{1} << 22;
constexpr int kMaxPeptide = 3;
constexpr std::int32_t kAminoAcidCount = static_cast<std::int32_t>(kAminoAcids.size());

// kInvalidCode is the only code with this bit, so one OR over a sequence shows whether it is clean.
constexpr std::uint32_t kInvalidBit = 0x80;

std::int32_t power(std::int32_t base, int exponent) {
  std::int32_t result = 1;
  for (int i = 0; i < exponent; ++i) result *= base;
  return result;
}

void check_range(const char* what, int k, int largest, const char* otherwise = "") {
  if (k < 1 || k > largest) {
    throw Error(std::string(what) + " tokens of k = " + std::to_string(k) +
                " are not supported; choose k from 1 to " + std::to_string(largest) + otherwise);
  }
}

void check_buckets(std::int64_t buckets) {
  if (buckets < kFewestBuckets || buckets > kMostBuckets) {
    throw Error(std::to_string(buckets) + " buckets are not supported; choose from " +
                std::to_string(kFewestBuckets) + " to " + std::to_string(kMostBuckets) +
                ", or 0 to give every k-mer its own token");
  }
}

void check_kmer_settings(const TokenScheme& scheme) {
  if (scheme.kind == TokenKind::kKmer) return;
  const std::string kind = std::string("; the tokens are of kind '") + name_of(scheme.kind) + "'";
  if (scheme.strand != TokenStrand::kForward) throw Error("canonical tokens are k-mers" + kind);
  if (scheme.buckets != 0) throw Error("buckets are for k-mers" + kind);
}

void check_alphabet(const std::string& alphabet) {
  std::string sorted = alphabet;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != "acgt" && sorted != "acgnt") {
    throw Error("the nucleotide alphabet '" + alphabet +
                "' is not supported; give the letters a, g, c, t in any order, with or without n");
  }
}

[[noreturn]] void throw_invalid_base(std::string_view sequence) {
  const std::int64_t position = first_invalid_base(sequence);
  const auto letter = static_cast<unsigned char>(sequence[static_cast<std::size_t>(position)]);
  const std::string shown = std::isprint(letter) != 0 ? "'" + std::string(1, letter) + "'"
                                                      : "byte " + std::to_string(letter);
  throw Error({"", "", position + 1},
              shown +
                  " is not a nucleotide code; expected A, C, G, T, U or an IUPAC ambiguity "
                  "letter, so check that this is an ungapped nucleotide sequence");
}

// Token of every base code under a nucleotide alphabet.
std::array<std::int32_t, kAmbiguousCode + 1> nucleotide_tokens(const std::string& alphabet) {
  std::array<std::int32_t, kAmbiguousCode + 1> tokens{};
  tokens.fill(static_cast<std::int32_t>(alphabet.size()));
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    tokens[base_code(alphabet[i])] = static_cast<std::int32_t>(i);
  }
  return tokens;
}

// The three encoders write one token per position and return the OR of all base codes.

std::uint32_t encode_nucleotides(const std::string& alphabet, std::string_view sequence,
                                 std::span<std::int32_t> out) {
  const auto tokens = nucleotide_tokens(alphabet);
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    const std::uint32_t code = base_code(sequence[i]);
    seen |= code;
    out[i] = tokens[std::min<std::uint32_t>(code, kAmbiguousCode)];
  }
  return seen;
}

// Spreads k-mers over buckets: all bits of the number decide (the finaliser of MurmurHash3).
std::uint64_t mixed_bits(std::uint64_t number) {
  number = (number ^ number >> 33) * 0xff51afd7ed558ccd;
  number = (number ^ number >> 33) * 0xc4ceb9fe1a85ec53;
  return number ^ number >> 33;
}

// `token_of` gives the token of a k-mer without ambiguous letters.
template <typename TokenOf>
std::uint32_t encode_kmers(const TokenScheme& scheme, std::int32_t reserved,
                           std::string_view sequence, std::span<std::int32_t> out,
                           TokenOf token_of) {
  const auto span = static_cast<std::size_t>(scheme.k);
  RollingKmer kmer(scheme.k);
  std::uint32_t seen = 0;
  const std::size_t first_end = std::min(span - 1, sequence.size());
  for (std::size_t i = 0; i < first_end; ++i) seen |= kmer.push(sequence[i]);
  for (std::size_t i = first_end; i < sequence.size(); ++i) {
    seen |= kmer.push(sequence[i]);
    out[i - first_end] = kmer.clean() >= span ? token_of(kmer) : reserved;
  }
  return seen;
}

std::uint32_t encode_peptides(int k, std::string_view sequence, std::span<std::int32_t> out) {
  const std::size_t span = 3 * static_cast<std::size_t>(k);
  const std::int32_t reserved = power(kAminoAcidCount, k);
  const std::int32_t leading = reserved / kAminoAcidCount;
  RollingKmer codon(3);
  std::int32_t frames[3] = {0, 0, 0};  // peptide ending 3, 2 and 1 bases ago
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    seen |= codon.push(sequence[i]);
    const std::int32_t peptide =
        frames[0] % leading * kAminoAcidCount + kCodonAminoAcids[codon.forward()];
    frames[0] = frames[1];
    frames[1] = frames[2];
    frames[2] = peptide;
    if (i + 1 >= span) out[i + 1 - span] = codon.clean() >= span ? peptide : reserved;
  }
  return seen;
}

// Letters of a number written in base letters.size(), most significant first.
std::string digits(std::int32_t number, int count, std::string_view letters) {
  const auto base = static_cast<std::int32_t>(letters.size());
  std::string text(static_cast<std::size_t>(count), '\0');
  for (auto letter = text.rbegin(); letter != text.rend(); ++letter) {
    *letter = letters[static_cast<std::size_t>(number % base)];
    number /= base;
  }
  return text;
}

}  // namespace

Tokenizer::Tokenizer(TokenScheme scheme) : scheme_(std::move(scheme)) {
  check_kmer_settings(scheme_);
  switch (scheme_.kind) {
    case TokenKind::kNucleotide:
      check_alphabet(scheme_.alphabet);
      vocabulary_ = static_cast<std::int64_t>(scheme_.alphabet.size()) + 1;
      span_ = 1;
      break;
    case TokenKind::kKmer:
      vocabulary_ = count_kmer_tokens() + 2;
      span_ = scheme_.k;
      break;
    case TokenKind::kPeptide:
      check_range("peptide", scheme_.k, kMaxPeptide);
      vocabulary_ = power(kAminoAcidCount, scheme_.k) + 2;
      span_ = 3 * std::int64_t{scheme_.k};
      break;
  }
}

std::int64_t Tokenizer::count_kmer_tokens() {
  if (scheme_.buckets != 0) {
    check_buckets(scheme_.buckets);
    check_range("hashed k-mer", scheme_.k, kMaxHashedKmer);
    return scheme_.buckets;
  }
  check_range("k-mer", scheme_.k, kMaxKmer, ", or give longer ones a number of buckets");
  if (scheme_.strand == TokenStrand::kForward) return power(4, scheme_.k);
  canonical_ = std::make_shared<const CanonicalKmers>(scheme_.k);
  return canonical_->count();
}

std::int64_t Tokenizer::token_count(std::int64_t bases) const noexcept {
  return std::max<std::int64_t>(0, bases - span_ + 1);
}

std::string Tokenizer::text(std::int32_t token) const {
  if (token < 0 || token >= vocabulary_) {
    throw Error("token " + std::to_string(token) + " is out of range; the vocabulary has " +
                std::to_string(vocabulary_) + " tokens");
  }
  if (token == pad_token()) return "PAD";
  const auto width = static_cast<std::size_t>(scheme_.k);
  const bool reserved = token == pad_token() - 1;
  switch (scheme_.kind) {
    case TokenKind::kNucleotide: {
      const char letter = scheme_.alphabet[static_cast<std::size_t>(token)];
      return letter == 'n' ? "N" : std::string(1, kBaseLetters[base_code(letter)]);
    }
    case TokenKind::kKmer:
      if (reserved) return std::string(width, 'N');
      if (scheme_.buckets != 0) return "#" + std::to_string(token);
      return digits(canonical_ ? static_cast<std::int32_t>(canonical_->kmer(token)) : token,
                    scheme_.k, kBaseLetters);
    case TokenKind::kPeptide:
      return reserved ? std::string(width, 'X') : digits(token, scheme_.k, kAminoAcids);
  }
  return {};
}

void Tokenizer::encode(std::string_view sequence, std::span<std::int32_t> out) const {
  const std::int64_t expected = token_count(static_cast<std::int64_t>(sequence.size()));
  if (static_cast<std::int64_t>(out.size()) != expected) {
    throw Error("the token buffer holds " + std::to_string(out.size()) + " tokens; expected " +
                std::to_string(expected));
  }
  std::uint32_t seen = 0;
  switch (scheme_.kind) {
    case TokenKind::kNucleotide:
      seen = encode_nucleotides(scheme_.alphabet, sequence, out);
      break;
    case TokenKind::kKmer:
      seen = encode_as_kmers(sequence, out);
      break;
    case TokenKind::kPeptide:
      seen = encode_peptides(scheme_.k, sequence, out);
      break;
  }
  if ((seen & kInvalidBit) != 0) throw_invalid_base(sequence);
}

std::uint32_t Tokenizer::encode_as_kmers(std::string_view sequence,
                                         std::span<std::int32_t> out) const {
  const auto encode_with = [&](auto token_of) {
    return encode_kmers(scheme_, pad_token() - 1, sequence, out, token_of);
  };
  const bool canonical = scheme_.strand == TokenStrand::kCanonical;
  if (scheme_.buckets != 0) {
    // The high half of a product maps the hash to [0, buckets) without a division.
    const auto buckets = static_cast<std::uint64_t>(scheme_.buckets);
    const auto bucket_of = [buckets](std::uint64_t kmer) {
      return static_cast<std::int32_t>((mixed_bits(kmer) >> 32) * buckets >> 32);
    };
    if (canonical) {
      return encode_with([&](const RollingKmer& kmer) { return bucket_of(kmer.canonical()); });
    }
    return encode_with([&](const RollingKmer& kmer) { return bucket_of(kmer.forward()); });
  }
  if (canonical) {
    return encode_with([&](const RollingKmer& kmer) {
      return canonical_->number_of(static_cast<std::uint32_t>(kmer.forward()));
    });
  }
  return encode_with(
      [](const RollingKmer& kmer) { return static_cast<std::int32_t>(kmer.forward()); });
}

std::vector<std::int32_t> Tokenizer::encode(std::string_view sequence) const {
  std::vector<std::int32_t> tokens(
      static_cast<std::size_t>(token_count(static_cast<std::int64_t>(sequence.size()))));
  encode(sequence, tokens);
  return tokens;
}

std::int64_t first_invalid_base(std::string_view sequence) noexcept {
  const auto* const found = std::find_if(sequence.begin(), sequence.end(), [](char letter) {
    return base_code(letter) == kInvalidCode;
  });
  return found == sequence.end() ? -1 : found - sequence.begin();
}

}  // namespace paramixer
