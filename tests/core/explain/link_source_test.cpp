#include "core/explain/link_source.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/core/explain/explain_cases.hpp"

namespace paramixer {
namespace {

std::shared_ptr<const LinkTables> tables_of_two_tokens() {
  auto tables = std::make_shared<LinkTables>();
  tables->vocabulary = 2;
  tables->links = 2;
  tables->weights = {{1, 2, 3, 4}};
  return tables;
}

LinkShape shape_of(std::int64_t length) {
  return {LinkPattern(Protocol::kChord, 1), Boundary::kRing, length, length};
}

TEST(FoldedLinksTest, LooksRowsUpByToken) {
  FoldedLinks links(shape_of(3), tables_of_two_tokens(), {1, 0, 1});
  std::vector<float> rows(4);
  links.read(0, 1, 3, rows.data());
  EXPECT_EQ(rows, (std::vector<float>{1, 2, 3, 4}));
}

TEST(FoldedLinksTest, NeedsOneKnownTokenAPosition) {
  EXPECT_THROW(FoldedLinks(shape_of(3), tables_of_two_tokens(), {1, 0}), Error);
  EXPECT_THROW(FoldedLinks(shape_of(2), tables_of_two_tokens(), {1, 2}), Error);
  EXPECT_THROW(FoldedLinks(shape_of(2), tables_of_two_tokens(), {1, -1}), Error);
}

TEST(LinkSourceTest, AWholeFactorIsWhatReadingGives) {
  for (const auto& shape : test::explain_cases()) {
    if (shape.factors == 0) continue;
    const auto links = test::make_source(shape);
    std::vector<float> scratch;
    const FactorWeights whole = links->whole_factor(0, scratch);
    std::vector<float> row(static_cast<std::size_t>(links->links()));
    for (std::int64_t i = 0; i < shape.length; ++i) {
      links->read(0, i, i + 1, row.data());
      const std::int64_t at = whole.row_of == nullptr ? i : whole.row_of[i];
      for (std::int64_t k = 0; k < links->links(); ++k) {
        EXPECT_EQ(whole.weights[at * links->links() + k], row[static_cast<std::size_t>(k)]);
      }
    }
  }
}

}  // namespace
}  // namespace paramixer
