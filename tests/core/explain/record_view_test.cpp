#include "core/explain/record_view.hpp"

#include <gtest/gtest.h>

#include "core/sequence/strand.hpp"

namespace paramixer {
namespace {

TEST(RecordViewTest, WeightsAreSharesOfLengthAndAddUpToOne) {
  for (const ViewStrands strands :
       {ViewStrands::kForward, ViewStrands::kReverse, ViewStrands::kBoth}) {
    for (const std::int64_t length : {1, 9, 10, 11, 25}) {
      double sum = 0.0;
      const auto views = record_views(length, 10, strands);
      for (const RecordView& view : views) sum += view.weight;
      EXPECT_NEAR(sum, 1.0, 1e-12);
      const std::size_t windows = length <= 10 ? 1 : length <= 20 ? 2 : 3;
      EXPECT_EQ(views.size(), strands == ViewStrands::kBoth ? 2 * windows : windows);
    }
  }
}

TEST(RecordViewTest, BasesAndPositionsAgreeOnBothStrands) {
  const std::string record = "ACGTTGCAAGGTCATTGACCA";
  for (const RecordView& view :
       record_views(static_cast<std::int64_t>(record.size()), 8, ViewStrands::kBoth)) {
    const std::string bases = bases_of(view, record);
    ASSERT_EQ(std::ssize(bases), view.window.length);
    for (std::int64_t i = 0; i < view.window.length; ++i) {
      const std::int64_t base = view.record_position(i);
      EXPECT_EQ(view.view_position(base), i);
      const std::string own(1, record[static_cast<std::size_t>(base)]);
      EXPECT_EQ(std::string(1, bases[static_cast<std::size_t>(i)]),
                view.reversed ? reverse_complement(own) : own);
    }
  }
}

}  // namespace
}  // namespace paramixer
