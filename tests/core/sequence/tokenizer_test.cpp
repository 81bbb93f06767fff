#include "core/sequence/tokenizer.hpp"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/sequence/alphabet.hpp"
#include "core/sequence/genetic_code.hpp"
#include "core/sequence/strand.hpp"

namespace paramixer {
namespace {

using Tokens = std::vector<std::int32_t>;

Tokenizer nucleotides(const std::string& alphabet) {
  return Tokenizer({TokenKind::kNucleotide, 0, alphabet});
}
Tokenizer kmers(int k) { return Tokenizer({TokenKind::kKmer, k, ""}); }
Tokenizer peptides(int k) { return Tokenizer({TokenKind::kPeptide, k, ""}); }

Tokenizer canonical_kmers(int k, std::int64_t buckets = 0) {
  return Tokenizer({TokenKind::kKmer, k, "", TokenStrand::kCanonical, buckets});
}
Tokenizer hashed_kmers(int k, std::int64_t buckets) {
  return Tokenizer({TokenKind::kKmer, k, "", TokenStrand::kForward, buckets});
}

std::string random_sequence(std::size_t length, Random& random) {
  std::string sequence(length, '\0');
  for (char& letter : sequence)
    letter = random.chance(0.04) ? "NRYn"[random.below(4)] : "ACGTUacgtu"[random.below(10)];
  return sequence;
}

// Token of one window, straight from the definition.
std::int32_t kmer_number(std::string_view window) {
  std::int32_t number = 0;
  std::int32_t reserved = 1;
  bool ambiguous = false;
  for (const char letter : window) {
    number = 4 * number + base_code(letter);
    reserved *= 4;
    ambiguous = ambiguous || base_code(letter) == kAmbiguousCode;
  }
  return ambiguous ? reserved : number;
}

std::int32_t peptide_number(std::string_view window) {
  std::int32_t number = 0;
  std::int32_t reserved = 1;
  bool ambiguous = false;
  for (std::size_t i = 0; i < window.size(); i += 3) {
    const std::int32_t codon = kmer_number(window.substr(i, 3));
    ambiguous = ambiguous || codon == 64;
    number = 21 * number + (codon == 64 ? 0 : kCodonAminoAcids[static_cast<std::size_t>(codon)]);
    reserved *= 21;
  }
  return ambiguous ? reserved : number;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(TokenizerTest, PublishedNucleotideTokens) {
  const Tokenizer tokenizer = nucleotides("agctn");
  EXPECT_EQ(tokenizer.vocabulary(), 6);
  EXPECT_EQ(tokenizer.pad_token(), 5);
  EXPECT_EQ(tokenizer.span(), 1);
  EXPECT_EQ(tokenizer.encode("AGCTNagctnUuRw"), (Tokens{0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 3, 3, 4, 4}));
}

TEST(TokenizerTest, NucleotideTokensFollowTheOrderOfTheAlphabet) {
  EXPECT_EQ(nucleotides("nacgt").encode("ACGTN"), (Tokens{1, 2, 3, 4, 0}));
}

TEST(TokenizerTest, WithoutNAnAmbiguousBaseIsPadding) {
  const Tokenizer tokenizer = nucleotides("agct");
  EXPECT_EQ(tokenizer.vocabulary(), 5);
  EXPECT_EQ(tokenizer.encode("ANTy"), (Tokens{0, 4, 3, 4}));
  EXPECT_EQ(tokenizer.pad_token(), 4);
}

TEST(TokenizerTest, KmerTokensAreBaseFourNumbersWithTheFirstBaseMostSignificant) {
  const Tokenizer tokenizer = kmers(2);
  EXPECT_EQ(tokenizer.vocabulary(), 18);
  EXPECT_EQ(tokenizer.pad_token(), 17);
  EXPECT_EQ(tokenizer.span(), 2);
  EXPECT_EQ(tokenizer.encode("AGCTTA"), (Tokens{1, 6, 11, 15, 12}));
}

TEST(TokenizerTest, OneAmbiguousLetterReservesEveryKmerOverIt) {
  EXPECT_EQ(kmers(3).encode("AAAANAAAG"), (Tokens{0, 0, 64, 64, 64, 0, 1}));
  EXPECT_EQ(kmers(3).encode("NAAAN"), (Tokens{64, 0, 64}));
  EXPECT_EQ(kmers(2).encode("NN"), (Tokens{16}));
}

TEST(TokenizerTest, LowerCaseAndUracilGiveTheSameTokens) {
  for (const Tokenizer& tokenizer : {nucleotides("agctn"), kmers(4), peptides(1),
                                     canonical_kmers(4), canonical_kmers(4, 1024)}) {
    EXPECT_EQ(tokenizer.encode("acgugcanruu"), tokenizer.encode("ACGTGCANRTT"));
  }
}

TEST(TokenizerTest, PeptideTokensAreOverlappingWindowsOfCodons) {
  // ATG M, TGG W, GGT G; M = 10, W = 18, G = 5 in ACDEFGHIKLMNPQRSTVWY*.
  const Tokenizer single = peptides(1);
  EXPECT_EQ(single.vocabulary(), 23);
  EXPECT_EQ(single.encode("ATGGT"), (Tokens{10, 18, 5}));
  EXPECT_EQ(single.encode("TAA"), (Tokens{20}));
  const Tokenizer pairs = peptides(2);
  EXPECT_EQ(pairs.vocabulary(), 443);
  EXPECT_EQ(pairs.span(), 6);
  EXPECT_EQ(pairs.encode("ATGTGG"), (Tokens{10 * 21 + 18}));
}

TEST(TokenizerTest, EverySchemeMatchesItsDefinitionOnRandomSequences) {
  Random random(3);
  for (const std::size_t length : {1U, 2U, 3U, 8U, 9U, 10U, 101U, 1000U}) {
    const std::string sequence = random_sequence(length, random);
    auto expect_matches = [&](const Tokenizer& tokenizer, auto definition) {
      const Tokens tokens = tokenizer.encode(sequence);
      const auto span = static_cast<std::size_t>(tokenizer.span());
      ASSERT_EQ(tokens.size(), length < span ? 0 : length - span + 1);
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        ASSERT_EQ(tokens[i], definition(std::string_view(sequence).substr(i, span)))
            << "position " << i << ", span " << span;
      }
    };
    for (int k = 1; k <= 8; ++k) expect_matches(kmers(k), kmer_number);
    for (int k = 1; k <= 3; ++k) expect_matches(peptides(k), peptide_number);
  }
}

TEST(TokenizerTest, SequencesShorterThanTheSpanHaveNoToken) {
  const Tokenizer tokenizer = kmers(6);
  EXPECT_EQ(tokenizer.token_count(0), 0);
  EXPECT_EQ(tokenizer.token_count(5), 0);
  EXPECT_EQ(tokenizer.token_count(6), 1);
  EXPECT_EQ(tokenizer.token_count(7), 2);
  EXPECT_TRUE(tokenizer.encode("").empty());
  EXPECT_TRUE(tokenizer.encode("ACGTA").empty());
  EXPECT_EQ(peptides(3).token_count(8), 0);
  EXPECT_EQ(nucleotides("agct").token_count(1), 1);
}

TEST(TokenizerTest, PadIsNeverProducedForRealTokens) {
  for (const Tokenizer& tokenizer : {kmers(1), kmers(8), peptides(3), nucleotides("agctn")}) {
    const Tokens tokens = tokenizer.encode("TTTTTTTTTTTTNTAATAATAATAA");
    EXPECT_LT(*std::max_element(tokens.begin(), tokens.end()), tokenizer.pad_token());
    EXPECT_EQ(tokenizer.pad_token(), tokenizer.vocabulary() - 1);
  }
}

TEST(TokenizerTest, TextSpellsTokensOut) {
  EXPECT_EQ(kmers(6).text(kmers(6).encode("AGCTTA")[0]), "AGCTTA");
  EXPECT_EQ(kmers(2).text(16), "NN");
  EXPECT_EQ(kmers(2).text(17), "PAD");
  EXPECT_EQ(peptides(2).text(10 * 21 + 20), "M*");
  EXPECT_EQ(peptides(2).text(441), "XX");
  EXPECT_EQ(peptides(2).text(442), "PAD");
  const Tokenizer paper = nucleotides("agctn");
  EXPECT_EQ(paper.text(0), "A");
  EXPECT_EQ(paper.text(2), "C");
  EXPECT_EQ(paper.text(4), "N");
  EXPECT_EQ(paper.text(5), "PAD");
  EXPECT_THROW(paper.text(6), Error);
  EXPECT_THROW(paper.text(-1), Error);
}

TEST(TokenizerTest, InvalidLetterIsAnErrorWithItsPosition) {
  for (const Tokenizer& tokenizer : {nucleotides("agctn"), kmers(3), peptides(1)}) {
    const std::string message = message_of([&] { tokenizer.encode("ACGTJACG-"); });
    EXPECT_EQ(message.rfind("position 5: 'J' is not a nucleotide code", 0), 0U) << message;
  }
}

TEST(TokenizerTest, InvalidLettersAreFoundAtTheEndsAndInShortSequences) {
  EXPECT_THROW(kmers(6).encode("*"), Error);
  EXPECT_THROW(kmers(3).encode("-ACGT"), Error);
  EXPECT_THROW(kmers(3).encode("ACGT "), Error);
  EXPECT_THROW(peptides(1).encode("E"), Error);
}

TEST(TokenizerTest, UnprintableCharactersAreNamedByNumber) {
  const std::string message = message_of([] { kmers(1).encode("AC\nGT"); });
  EXPECT_EQ(message.rfind("position 3: byte 10 is no", 0), 0U) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(TokenizerTest, BufferOfTheWrongSizeIsAnError) {
  Tokens tokens(3);
  EXPECT_THROW(kmers(2).encode("ACGTA", tokens), Error);
  EXPECT_THROW(kmers(2).encode("ACG", tokens), Error);
  kmers(2).encode("ACGT", tokens);
  EXPECT_EQ(tokens, (Tokens{2, 9, 7}));
}

TEST(TokenizerTest, SchemesOutOfRangeAreErrors) {
  EXPECT_THROW(kmers(0), Error);
  EXPECT_THROW(kmers(9), Error);
  EXPECT_THROW(kmers(-1), Error);
  EXPECT_THROW(peptides(0), Error);
  EXPECT_THROW(peptides(4), Error);
  for (const char* alphabet : {"", "agc", "aggt", "AGCT", "agctnn", "agctx"}) {
    EXPECT_THROW(nucleotides(alphabet), Error) << alphabet;
  }
}

TEST(TokenizerTest, CanonicalKmersAreNumberedWithoutGaps) {
  // Of AA/TT, AG/CT, AC/GT, AT, GA/TC, GG/CC, GC, CA/TG, CG, TA the smaller ones, in the order
  // AGCT.
  const Tokenizer tokenizer = canonical_kmers(2);
  EXPECT_EQ(tokenizer.vocabulary(), 12);
  EXPECT_EQ(tokenizer.encode("AAGACTT"), (Tokens{0, 1, 4, 2, 1, 0}));
  EXPECT_EQ(tokenizer.encode("CGTAN"), (Tokens{8, 2, 9, 10}));
  EXPECT_EQ(canonical_kmers(1).vocabulary(), 4);
  EXPECT_EQ(canonical_kmers(3).vocabulary(), 34);
  EXPECT_EQ(canonical_kmers(8).vocabulary(), (65536 + 256) / 2 + 2);
}

TEST(TokenizerTest, CanonicalTokensOfTheOtherStrandAreTheSameInReverseOrder) {
  Random random(4);
  const std::string sequence = random_sequence(300, random);
  for (const Tokenizer& tokenizer :
       {canonical_kmers(1), canonical_kmers(2), canonical_kmers(7), canonical_kmers(8),
        canonical_kmers(11, 5000), canonical_kmers(31, 1024), canonical_kmers(32, 4194304)}) {
    Tokens tokens = tokenizer.encode(reverse_complement(sequence));
    std::reverse(tokens.begin(), tokens.end());
    EXPECT_EQ(tokens, tokenizer.encode(sequence)) << tokenizer.span();
  }
}

TEST(TokenizerTest, EqualCanonicalTokensAreTheSameKmerOrItsReverseComplement) {
  Random random(5);
  const std::string sequence = random_sequence(2000, random);
  const Tokens forward = kmers(4).encode(sequence);
  const Tokens canonical = canonical_kmers(4).encode(sequence);
  const std::int32_t reserved = canonical_kmers(4).pad_token() - 1;
  for (std::size_t i = 0; i < forward.size(); ++i) {
    const std::string kmer = sequence.substr(i, 4);
    const bool clean = forward[i] != kmers(4).pad_token() - 1;
    ASSERT_EQ(canonical[i] != reserved, clean) << kmer;
    if (!clean) continue;
    const std::string text = canonical_kmers(4).text(canonical[i]);
    const std::string plain = kmers(4).text(forward[i]);
    ASSERT_TRUE(text == plain || text == reverse_complement(plain)) << text << ' ' << plain;
    ASSERT_EQ(canonical_kmers(4).encode(text), Tokens{canonical[i]});
  }
}

TEST(TokenizerTest, BucketsSpreadKmersEvenly) {
  Random random(6);
  std::string sequence(200'000, '\0');
  for (char& letter : sequence) letter = "ACGT"[random.below(4)];
  std::vector<int> counts(1024, 0);
  for (const std::int32_t token : hashed_kmers(12, 1024).encode(sequence)) {
    ASSERT_LT(token, 1024);
    ++counts[static_cast<std::size_t>(token)];
  }
  // 195 a bucket; 7 standard deviations.
  EXPECT_GT(*std::min_element(counts.begin(), counts.end()), 97);
  EXPECT_LT(*std::max_element(counts.begin(), counts.end()), 293);
}

TEST(TokenizerTest, BucketsDependOnTheKmerAlone) {
  const Tokenizer tokenizer = hashed_kmers(20, 1 << 16);
  EXPECT_EQ(tokenizer.vocabulary(), (1 << 16) + 2);
  const std::string kmer = "ACGTTGCAACGGTTAACCGT";
  const std::int32_t bucket = tokenizer.encode(kmer)[0];
  EXPECT_EQ(tokenizer.encode("TTT" + kmer)[3], bucket);
  EXPECT_EQ(tokenizer.text(bucket), "#" + std::to_string(bucket));
  EXPECT_NE(tokenizer.encode(reverse_complement(kmer))[0], bucket);
  EXPECT_EQ(tokenizer.encode("N" + kmer)[0], 1 << 16);
  EXPECT_EQ(tokenizer.text(1 << 16), std::string(20, 'N'));
}

TEST(TokenizerTest, SettingsOfKmersAreChecked) {
  EXPECT_THROW(canonical_kmers(9), Error);
  EXPECT_THROW(canonical_kmers(33, 4096), Error);
  EXPECT_THROW(hashed_kmers(0, 4096), Error);
  EXPECT_THROW(hashed_kmers(12, 1023), Error);
  EXPECT_THROW(hashed_kmers(12, 4194305), Error);
  EXPECT_THROW(hashed_kmers(12, -1), Error);
  for (const TokenKind kind : {TokenKind::kNucleotide, TokenKind::kPeptide}) {
    EXPECT_THROW(Tokenizer({kind, 1, "agct", TokenStrand::kCanonical, 0}), Error);
    EXPECT_THROW(Tokenizer({kind, 1, "agct", TokenStrand::kForward, 4096}), Error);
  }
}

TEST(TokenizerTest, FirstInvalidBaseIsFoundOrMinusOne) {
  EXPECT_EQ(first_invalid_base(""), -1);
  EXPECT_EQ(first_invalid_base("ACGTUNryswkmbdhv"), -1);
  EXPECT_EQ(first_invalid_base("1ACG"), 0);
  EXPECT_EQ(first_invalid_base("ACG.*"), 3);
}

TEST(TokenizerTest, KindsHaveNames) {
  for (const TokenKind kind : {TokenKind::kNucleotide, TokenKind::kKmer, TokenKind::kPeptide}) {
    EXPECT_EQ(value_named<TokenKind>(name_of(kind)), kind);
  }
  try {
    value_named<TokenKind>("codon");
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("nucleotide, kmer, peptide"), std::string::npos);
  }
}

}  // namespace
}  // namespace paramixer
