#include "core/kernels/mix/link_segments.hpp"

#include <gtest/gtest.h>
#include <map>

namespace paramixer {
namespace {

/// Every (position, link) -> target that segments describe.
std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> expand(
    const std::vector<LinkSegment>& segments) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> links;
  for (const LinkSegment& segment : segments) {
    for (std::int64_t i = segment.begin; i < segment.end; ++i) {
      for (std::size_t k = 0; k < segment.link.size(); ++k) {
        links[{i, segment.link[k]}] = i + segment.delta[k];
      }
    }
  }
  return links;
}

class LinkSegmentsTest
    : public testing::TestWithParam<std::tuple<Protocol, Boundary, std::int64_t>> {};

TEST_P(LinkSegmentsTest, DescribeExactlyTheLinksOfTheDefinition) {
  const auto [protocol, boundary, length] = GetParam();
  const LinkPattern pattern(protocol, 7);
  for (std::int64_t m = 0; m < pattern.factors(); ++m) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> to_target;
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> to_source;
    for (std::int64_t i = 0; i < length; ++i) {
      for (std::int64_t k = 0; k < pattern.links(); ++k) {
        const std::int64_t j = link_target(i, pattern.offset(m, k), length, boundary);
        if (j < 0) continue;
        to_target[{i, k}] = j;
        to_source[{j, k}] = i;
      }
    }
    EXPECT_EQ(expand(make_link_segments(pattern, m, length, boundary, LinkDirection::kToTarget)),
              to_target);
    EXPECT_EQ(expand(make_link_segments(pattern, m, length, boundary, LinkDirection::kToSource)),
              to_source);
  }
}

INSTANTIATE_TEST_SUITE_P(Lengths, LinkSegmentsTest,
                         testing::Combine(testing::Values(Protocol::kChord, Protocol::kDilated),
                                          testing::Values(Boundary::kRing, Boundary::kLinear),
                                          testing::Values(0, 1, 2, 3, 17, 64, 127, 128, 129, 300)));

}  // namespace
}  // namespace paramixer
