#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/enum_names.hpp"

namespace paramixer {

class CanonicalKmers;

enum class TokenKind {
  kNucleotide,  ///< One token per base: a, g, c, t, n, PAD as in the paper.
  kKmer,        ///< Overlapping k-mers of bases.
  kPeptide,  ///< Overlapping windows of k codons (3k bases, step 1 base), 20 amino acids and stop.
};

template <>
struct EnumNames<TokenKind> {
  static constexpr const char* kWhat = "token kind";
  static constexpr EnumName<TokenKind> kTable[] = {{TokenKind::kNucleotide, "nucleotide"},
                                                   {TokenKind::kKmer, "kmer"},
                                                   {TokenKind::kPeptide, "peptide"}};
};

enum class TokenStrand {
  kForward,    ///< A k-mer as read.
  kCanonical,  ///< A k-mer and its reverse complement are one token.
};

template <>
struct EnumNames<TokenStrand> {
  static constexpr const char* kWhat = "token strand";
  static constexpr EnumName<TokenStrand> kTable[] = {{TokenStrand::kForward, "forward"},
                                                     {TokenStrand::kCanonical, "canonical"}};
};

/// How bases become tokens. Stored in the model file.
struct TokenScheme {
  TokenKind kind = TokenKind::kKmer;
  /// 1..8 for k-mers, 1..32 for k-mers in buckets, 1..3 for peptides, ignored for nucleotides.
  int k = 6;
  /// Nucleotides only: letters in token order, the paper's "agct" plus "n" if N has its own token.
  std::string alphabet = "agctn";
  TokenStrand strand = TokenStrand::kForward;  ///< kCanonical: k-mers only.
  /// k-mers only: number of tokens to which k-mers are hashed; 0: every k-mer has its own token.
  std::int64_t buckets = 0;

  bool operator==(const TokenScheme&) const = default;
};

/// Turns sequences into token numbers. Immutable, thread-safe.
///
/// Token numbers. Nucleotide: index of the letter in `alphabet`; without 'n' an ambiguous base
/// becomes PAD. k-mer: base-4 number of the codes of base_code (first base most significant); 4^k
/// is the reserved token of every k-mer with an ambiguous letter. Canonical k-mers are numbered in
/// the same order without gaps, and buckets from 0; the reserved token follows them. Peptide:
/// base-21 number of amino acids in alphabetical order of their one-letter codes with '*' (stop) as
/// 20 and the standard code; 21^k is reserved for ambiguity. In every scheme the last number,
/// vocabulary() - 1, is PAD and is never produced for a real unambiguous base.
class Tokenizer {
 public:
  /// Throws Error for a k out of range or an alphabet that is not a permutation of "agct" with an
  /// optional 'n'.
  explicit Tokenizer(TokenScheme scheme);

  const TokenScheme& scheme() const noexcept { return scheme_; }
  std::int64_t vocabulary() const noexcept { return vocabulary_; }
  std::int32_t pad_token() const noexcept { return static_cast<std::int32_t>(vocabulary_ - 1); }
  /// Bases that one token covers: 1, k or 3k.
  std::int64_t span() const noexcept { return span_; }
  /// Number of tokens of a sequence of `bases` bases: max(0, bases - span() + 1).
  std::int64_t token_count(std::int64_t bases) const noexcept;
  /// The letters token `token` stands for, e.g. "AGCTTA" (the canonical one of two k-mers); "#17"
  /// for bucket 17, "N..." for the reserved token ("X..." for peptides, where N is asparagine),
  /// "PAD" for padding. Throws Error for a token out of range.
  std::string text(std::int32_t token) const;

  /// Writes token_count(sequence.size()) tokens. `out` must have exactly that size. Throws Error
  /// with the 1-based position and the letter for a character that is not a nucleotide code; `out`
  /// is then unspecified.
  void encode(std::string_view sequence, std::span<std::int32_t> out) const;
  std::vector<std::int32_t> encode(std::string_view sequence) const;

 private:
  /// Tokens except the last two; checks the settings of k-mers.
  std::int64_t count_kmer_tokens();
  std::uint32_t encode_as_kmers(std::string_view sequence, std::span<std::int32_t> out) const;

  TokenScheme scheme_;
  std::int64_t vocabulary_ = 0;
  std::int64_t span_ = 1;
  std::shared_ptr<const CanonicalKmers> canonical_{};  ///< For canonical k-mers without buckets.
};

/// Position (0-based) of the first character that is not a nucleotide code, or -1.
std::int64_t first_invalid_base(std::string_view sequence) noexcept;

}  // namespace paramixer
