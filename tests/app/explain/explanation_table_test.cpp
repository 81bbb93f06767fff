#include "app/services/explain/explanation_table.hpp"

#include <gtest/gtest.h>
#include <limits>

#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

class ExplanationTableTest : public testing::Test {
 protected:
  std::string written(ExplanationFormat format, const std::vector<Cell>& row) const {
    const ExplainOptions options{.format = format, .output = folder_.file("table")};
    ExplanationTable table(options, {{"gap", 0.5}, {"class", "a\tb"}}, {"x", "y"});
    table.add(row);
    EXPECT_EQ(table.commit(), 1);
    return test::read_file(options.output);
  }

  test::TempDir folder_;
};

TEST_F(ExplanationTableTest, TsvHasFactsThenColumnsThenRows) {
  EXPECT_EQ(written(ExplanationFormat::kTsv, {std::int64_t{7}, 0.1F}),
            "# gap\t0.5\n# class\ta b\nx\ty\n7\t0.1\n");
  EXPECT_EQ(written(ExplanationFormat::kTsv, {Cell{}, -kInfinity}),
            "# gap\t0.5\n# class\ta b\nx\ty\n.\t-inf\n");
}

TEST_F(ExplanationTableTest, JsonHasNullWhereThereIsNoNumber) {
  EXPECT_EQ(written(ExplanationFormat::kJsonl, {std::int64_t{7}, std::string_view("\"")}),
            "{\"gap\":0.5,\"class\":\"a\\tb\"}\n{\"x\":7,\"y\":\"\\\"\"}\n");
  EXPECT_EQ(written(ExplanationFormat::kJsonl, {Cell{}, kInfinity}),
            "{\"gap\":0.5,\"class\":\"a\\tb\"}\n{\"x\":null,\"y\":null}\n");
}

}  // namespace
}  // namespace paramixer
