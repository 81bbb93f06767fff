#include "io/tracks/bigwig.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

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

/// The values of a stretch, one per base that has one: "100:0.5 101:0.5 ".
std::string values_in(const std::string& path, const char* sequence, std::uint32_t begin,
                      std::uint32_t end) {
  bigWigFile_t* file = bwOpen(path.c_str(), nullptr, "r");
  if (file == nullptr) return "no file";
  std::string text;
  if (bwOverlappingIntervals_t* found = bwGetValues(file, sequence, begin, end, 0)) {
    for (std::uint32_t i = 0; i < found->l; ++i) {
      text += std::to_string(found->start[i]) + ":" + std::to_string(found->value[i]) + " ";
    }
    bwDestroyOverlappingIntervals(found);
  }
  bwClose(file);
  return text;
}

TEST(BigwigTest, HoldsEveryValueAtItsBase) {
  const TempDir folder;
  const std::string path = folder.file("x.bw");
  BigwigSequence track{.name = "chr1", .length = 200000};
  std::string expected;
  for (std::int64_t i = 0; i < 150000; ++i) {
    const float value = 0.25F * static_cast<float>(i % 1000);
    track.values.push_back({1000 + i, 1001 + i, value});
    expected += std::to_string(1000 + i) + ":" + std::to_string(value) + " ";
  }
  write_bigwig(path, {track});
  EXPECT_EQ(values_in(path, "chr1", 900, 151100), expected);
  EXPECT_FALSE(exists(path + ".partial"));
}

TEST(BigwigTest, HoldsSeveralSequencesWhateverTheirOrder) {
  const TempDir folder;
  const std::string path = folder.file("x.bw");
  write_bigwig(
      path, {{"r2", 9, {{0, 2, 1.0F}, {4, 5, 2.0F}}}, {"empty", 5, {}}, {"r1", 3, {{0, 3, 3.0F}}}});
  EXPECT_EQ(values_in(path, "r2", 0, 9), "0:1.000000 1:1.000000 4:2.000000 ");
  EXPECT_EQ(values_in(path, "r1", 0, 3), "0:3.000000 1:3.000000 2:3.000000 ");
  EXPECT_EQ(values_in(path, "empty", 0, 5), "");
}

TEST(BigwigTest, WhatTheFormatCannotHoldIsRefused) {
  const TempDir folder;
  const std::string path = folder.file("x.bw");
  const std::vector<TrackValue> values{{0, 1, 1.0F}};
  EXPECT_HAS(message_of([&] {
               write_bigwig(path, {{"r", 1, values}, {"r", 2, values}});
             }),
             "twice");
  EXPECT_HAS(message_of([&] { write_bigwig(path, {{"r", 1, {}}}); }), "no values");
  EXPECT_HAS(message_of([&] {
               write_bigwig(path, {{"r", std::int64_t{1} << 33, values}});
             }),
             "too long");
  EXPECT_FALSE(exists(path));
}

TEST(BigwigTest, FoldersThatDoNotExistStdoutAndDevicesAreRefused) {
  const TempDir folder;
  EXPECT_HAS(message_of([&] {
               write_bigwig(folder.file("no/x.bw"), {{"r", 1, {{0, 1, 1.0F}}}});
             }),
             "cannot create the output");
  EXPECT_HAS(message_of([&] { write_bigwig("-", {}); }), "stdout");
  EXPECT_HAS(message_of([&] { check_bigwig_output("/dev/null"); }), "pipe");
  EXPECT_HAS(message_of([&] { check_bigwig_output("x.bw.gz"); }), "without .gz");
}

#else

TEST(BigwigTest, BuildsWithoutTheLibrarySaySo) {
  EXPECT_FALSE(has_bigwig());
  EXPECT_HAS(message_of([] { write_bigwig("x.bw", {}); }), "built without libBigWig");
  EXPECT_HAS(message_of([] { check_bigwig_output("x.bw"); }), "built without libBigWig");
  EXPECT_FALSE(exists("x.bw"));
}

#endif

}  // namespace
}  // namespace paramixer
