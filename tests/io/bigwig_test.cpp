#include "io/bigwig.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "core/base/error.hpp"
#include "tests/io/test_files.hpp"

#ifdef PARAMIXER_BIGWIG
#define NOCURL
#include <bigWig.h>
#endif

namespace paramixer {
namespace {

using test::exists;
using test::message_of;
using test::TempDir;

#ifdef PARAMIXER_BIGWIG

TEST(BigwigTest, HoldsEveryValueAtItsBase) {
  const TempDir folder;
  const std::string path = folder.file("x.bw");
  std::vector<float> values;
  for (int i = 0; i < 150000; ++i) values.push_back(0.25F * static_cast<float>(i % 1000));
  write_bigwig(path, {"chr1", 200000, 1000, values});
  bigWigFile_t* file = bwOpen(path.c_str(), nullptr, "r");
  ASSERT_NE(file, nullptr);
  bwOverlappingIntervals_t* found = bwGetValues(file, "chr1", 900, 151100, 0);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->l, values.size());
  for (std::uint32_t i = 0; i < found->l; ++i) {
    ASSERT_EQ(found->start[i], i + 1000U);
    ASSERT_EQ(found->value[i], values[i]);
  }
  bwDestroyOverlappingIntervals(found);
  bwClose(file);
  EXPECT_FALSE(exists(path + ".partial"));
}

TEST(BigwigTest, FoldersThatDoNotExistAndStdoutAreRefused) {
  const TempDir folder;
  const std::vector<float> values{1.0F};
  EXPECT_HAS(message_of([&] {
               write_bigwig(folder.file("no/x.bw"), {"r", 1, 0, values});
             }),
             "cannot write");
  EXPECT_HAS(message_of([&] { write_bigwig("-", {"r", 1, 0, values}); }), "stdout");
}

#else

TEST(BigwigTest, BuildsWithoutTheLibrarySaySo) {
  EXPECT_FALSE(has_bigwig());
  EXPECT_HAS(message_of([] { write_bigwig("x.bw", {}); }), "built without libBigWig");
  EXPECT_FALSE(exists("x.bw"));
}

#endif

}  // namespace
}  // namespace paramixer
