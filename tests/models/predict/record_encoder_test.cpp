#include "models/predict/record_encoder.hpp"

#include <gtest/gtest.h>

#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"
#include "tests/models/training/training_cases.hpp"

namespace paramixer {
namespace {

using test::message_of;

TEST(RecordEncoderTest, FixedLengthsArePadded) {
  ModelConfig config = test::small_config();
  const TokenBatch plain = RecordEncoder(config).encode("ACGTA");
  EXPECT_EQ(plain.positions(), 4);
  config.length = LengthKind::kFixed;
  const TokenBatch padded = RecordEncoder(config).encode("ACGTA");
  EXPECT_EQ(padded.positions(), config.max_length);
  EXPECT_EQ(padded.valid, plain.valid);
  EXPECT_TRUE(std::equal(plain.tokens.begin(), plain.tokens.end(), padded.tokens.begin()));
}

TEST(RecordEncoderTest, AChangedBaseGivesTheTokensOfTheChangedSequence) {
  ModelConfig config = test::small_config();
  for (const TokenScheme& scheme :
       {TokenScheme{TokenKind::kNucleotide, 1, "agctn"}, TokenScheme{TokenKind::kKmer, 3, "agctn"},
        TokenScheme{TokenKind::kPeptide, 1, "agctn"}}) {
    config.tokens = scheme;
    const RecordEncoder encoder(validated(config));
    const std::string bases = test::random_bases(9, 1);
    const TokenBatch unchanged = encoder.encode(bases);
    for (std::size_t place = 0; place < bases.size(); ++place) {
      std::string changed = bases;
      changed[place] = changed[place] == 'A' ? 'C' : 'A';
      EXPECT_EQ(
          encoder.with_base(unchanged, bases, static_cast<std::int64_t>(place), changed[place])
              .tokens,
          encoder.encode(changed).tokens);
    }
  }
}

TEST(RecordEncoderTest, WhatCannotBeClassifiedIsRefused) {
  const RecordEncoder encoder(test::small_config());
  EXPECT_HAS(message_of([&] { encoder.check(""); }), "too short: 0 bases, the model needs 2");
  EXPECT_HAS(message_of([&] { encoder.check("AC-GT"); }), "invalid letter '-' at position 3");
  EXPECT_EQ(message_of([&] { encoder.check("acNu"); }), "no error");
}

}  // namespace
}  // namespace paramixer
