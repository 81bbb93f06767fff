#include "core/explain/link_list.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/core/explain/explain_cases.hpp"

namespace paramixer {
namespace {

using test::dense_factor;
using test::ExplainCase;
using test::make_source;

std::vector<Link> list_of(LinkSource& links, const LinkQuery& query) {
  std::vector<Link> list;
  for_each_link(links, query, [&](const Link& link) { list.push_back(link); });
  return list;
}

LinkQuery whole(const LinkSource& links) { return {.end = links.shape().length}; }

std::vector<float> strengths_of(std::vector<Link> list) {
  std::vector<float> strengths;
  for (const Link& link : list) strengths.push_back(std::abs(link.weight));
  return strengths;
}

class LinkListTest : public testing::TestWithParam<ExplainCase> {
 protected:
  std::unique_ptr<LinkSource> links_ = make_source(GetParam());
  std::int64_t length_ = GetParam().length;
};

TEST_P(LinkListTest, AllLinksAreTheEntriesOfTheDenseFactors) {
  const auto list = list_of(*links_, whole(*links_));
  for (std::int64_t m = 0; m < links_->factors(); ++m) {
    auto matrix = dense_factor(*links_, m, Residual::kDrop);
    for (const Link& link : list) {
      if (link.factor != m) continue;
      auto& entry = matrix[static_cast<std::size_t>(link.source * length_ + link.target)];
      EXPECT_NEAR(link.weight, entry, 1e-6);
      entry = 0.0;  // Every target once: links to the same one are merged.
    }
    for (const double rest : matrix) EXPECT_EQ(rest, 0.0);
  }
}

TEST_P(LinkListTest, OffsetsLeadAroundTheRingAndMarksTellWhere) {
  std::int64_t merged = 0;
  for (const Link& link : list_of(*links_, whole(*links_))) {
    EXPECT_EQ(link.target,
              link_target(link.source, link.offset, length_, links_->shape().boundary));
    const std::int64_t straight = link.source + link.offset;
    EXPECT_EQ(link.crosses_seam, straight < 0 || straight >= length_);
    EXPECT_EQ(link.touches_padding,
              link.source >= GetParam().valid || link.target >= GetParam().valid);
    merged += link.merged;
  }
  if (links_->shape().boundary == Boundary::kRing) {
    EXPECT_EQ(merged, links_->factors() * links_->links() * length_);
  }
}

TEST_P(LinkListTest, TheStrongestAreTheFirstOfAllSortedLinks) {
  LinkQuery query = whole(*links_);
  auto expected = strengths_of(list_of(*links_, query));
  std::sort(expected.rbegin(), expected.rend());
  for (const std::int64_t top : {0, 1, 5, 100000}) {
    query.choice = LinkChoice::kTopOverall;
    query.top = top;
    const auto first =
        expected.begin() + std::min<std::int64_t>(top, static_cast<std::int64_t>(expected.size()));
    EXPECT_EQ(strengths_of(list_of(*links_, query)), std::vector<float>(expected.begin(), first));
  }
}

TEST_P(LinkListTest, TheStrongestOfEachFactorAndSourceComeGrouped) {
  LinkQuery query = whole(*links_);
  const auto all = list_of(*links_, query);
  query.top = 2;
  query.choice = LinkChoice::kTopOfFactor;
  std::vector<float> expected;
  for (std::int64_t m = 0; m < links_->factors(); ++m) {
    std::vector<Link> own;
    std::copy_if(all.begin(), all.end(), std::back_inserter(own),
                 [&](const Link& link) { return link.factor == m; });
    auto strengths = strengths_of(own);
    std::sort(strengths.rbegin(), strengths.rend());
    strengths.resize(std::min<std::size_t>(2, strengths.size()));
    expected.insert(expected.end(), strengths.begin(), strengths.end());
  }
  EXPECT_EQ(strengths_of(list_of(*links_, query)), expected);
  query.choice = LinkChoice::kTopOfSource;
  expected.clear();
  for (std::int64_t i = 0; i < length_; ++i) {
    std::vector<Link> own;
    std::copy_if(all.begin(), all.end(), std::back_inserter(own),
                 [&](const Link& link) { return link.source == i; });
    auto strengths = strengths_of(own);
    std::sort(strengths.rbegin(), strengths.rend());
    strengths.resize(std::min<std::size_t>(2, strengths.size()));
    expected.insert(expected.end(), strengths.begin(), strengths.end());
  }
  EXPECT_EQ(strengths_of(list_of(*links_, query)), expected);
}

TEST_P(LinkListTest, ARegionAndSomeFactorsGiveTheirPartOfAll) {
  LinkQuery query = whole(*links_);
  const auto all = list_of(*links_, query);
  query.begin = length_ / 3;
  query.end = length_ - length_ / 4;
  query.first_factor = 1;
  query.last_factor = 2;
  std::size_t expected = 0;
  for (const Link& link : all) {
    expected += link.source >= query.begin && link.source < query.end && link.factor >= 1 &&
                        link.factor <= 2
                    ? 1
                    : 0;
  }
  EXPECT_EQ(list_of(*links_, query).size(), expected);
}

INSTANTIATE_TEST_SUITE_P(Cases, LinkListTest, testing::ValuesIn(test::explain_cases()),
                         [](const auto& row) { return row.param.name; });

TEST(LinkListBounds, RangesOutsideTheSequenceAreRefused) {
  const auto links = make_source(test::explain_cases().front());
  EXPECT_THROW(list_of(*links, {.begin = 0, .end = 2}), Error);
  EXPECT_THROW(list_of(*links, {.begin = -1, .end = 1}), Error);
  EXPECT_THROW(list_of(*links, {.begin = 1, .end = 0}), Error);
  EXPECT_THROW(list_of(*links, {.end = 1, .first_factor = -1}), Error);
}

/// Counts what is asked for together.
class CountingLinks final : public LinkSource {
 public:
  using LinkSource::LinkSource;
  void read(std::int64_t, std::int64_t begin, std::int64_t end, float* out) override {
    most_ = std::max(most_, end - begin);
    std::fill_n(out, (end - begin) * links(), 1.0F);
  }
  std::int64_t most() const { return most_; }

 private:
  std::int64_t most_ = 0;
};

TEST(LinkListMemory, AMillionPositionsAreReadInSmallPieces) {
  constexpr std::int64_t kLength = 1 << 20;
  CountingLinks links({LinkPattern(Protocol::kDilated, 20), Boundary::kRing, kLength, kLength});
  for (const LinkChoice choice : {LinkChoice::kTopOverall, LinkChoice::kAll}) {
    std::int64_t visited = 0;
    for_each_link(links, {.end = kLength, .last_factor = 1, .choice = choice, .top = 100},
                  [&](const Link&) { ++visited; });
    EXPECT_EQ(visited, choice == LinkChoice::kAll ? 2 * 9 * kLength : 100);
  }
  EXPECT_LE(links.most(), 1024);
}

}  // namespace
}  // namespace paramixer
