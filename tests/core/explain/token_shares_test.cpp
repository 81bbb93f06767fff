#include "core/explain/token_shares.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <vector>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

TEST(TokenSharesTest, EveryBaseOfATokenGetsTheSame) {
  std::vector<double> bases(4, 1.0);
  add_token_shares(std::vector<double>{3.0, -6.0}, 3, bases);
  EXPECT_EQ(bases, (std::vector<double>{2.0, 0.0, 0.0, -1.0}));
}

TEST(TokenSharesTest, SumsAreKept) {
  for (const std::int64_t span : {1, 2, 6, 9}) {
    std::vector<double> tokens(20);
    std::iota(tokens.begin(), tokens.end(), -7.0);
    std::vector<double> bases(tokens.size() + static_cast<std::size_t>(span) - 1, 0.0);
    add_token_shares(tokens, span, bases);
    EXPECT_NEAR(std::accumulate(bases.begin(), bases.end(), 0.0),
                std::accumulate(tokens.begin(), tokens.end(), 0.0), 1e-9);
  }
}

TEST(TokenSharesTest, SizesThatDisagreeAreRefused) {
  std::vector<double> bases(4, 0.0);
  EXPECT_THROW(add_token_shares(std::vector<double>{1.0}, 3, bases), Error);
}

}  // namespace
}  // namespace paramixer
