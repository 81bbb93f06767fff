#include "models/config/link_feed.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

ModelConfig kmer_config() {
  ModelConfig config;
  config.tokens = TokenScheme{TokenKind::kKmer, 6, "acgt"};
  config.classes = {"a", "b"};
  return validated(config);
}

TEST(LinkFeed, TokensAloneDecideWithoutPositions) {
  const ModelConfig config = kmer_config();
  EXPECT_EQ(training_link_feed(config), LinkFeed::kTokenTable);
  EXPECT_EQ(inference_link_feed(config), LinkFeed::kTokenTable);
  EXPECT_EQ(describe_link_feed(config, LinkFeed::kTokenTable), "table of 4098 tokens");
}

TEST(LinkFeed, DropoutOfSinglePositionsNeedsLinksOfItsOwnInTrainingOnly) {
  ModelConfig config = kmer_config();
  config.embedding_dropout = 0.2;
  EXPECT_EQ(training_link_feed(config), LinkFeed::kFused);
  EXPECT_EQ(inference_link_feed(config), LinkFeed::kTokenTable);
}

TEST(LinkFeed, LearnedPositionsGetATableForInferenceWhileItIsSmall) {
  const ModelConfig small = validated(published_genome_config(16384, {"a", "b"}));
  EXPECT_EQ(training_link_feed(small), LinkFeed::kFused);
  EXPECT_EQ(inference_link_feed(small), LinkFeed::kPositionTable);
  EXPECT_EQ(position_table_bytes(small), 16384 * 6 * (14 * 15 + 2 * 32) * 4);
  EXPECT_EQ(describe_link_feed(small, LinkFeed::kPositionTable),
            "table of 6 tokens x 16384 positions (103 MB)");
  const ModelConfig large = validated(published_genome_config(262144, {"a", "b"}));
  EXPECT_EQ(inference_link_feed(large), LinkFeed::kFused);
}

TEST(LinkFeed, RealInputIsComputedAtEveryPosition) {
  ModelConfig config = kmer_config();
  config.input = InputKind::kReal;
  EXPECT_EQ(inference_link_feed(config), LinkFeed::kFused);
  EXPECT_EQ(describe_link_feed(config, LinkFeed::kFused), "computed at every position");
}

}  // namespace
}  // namespace paramixer
