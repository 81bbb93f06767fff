#include "io/files/text_output.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <htslib/tbx.h>
#include <memory>

#include "core/base/error.hpp"
#include "io/files/htslib_handles.hpp"
#include "io/tracks/track_lines.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer {
namespace {

using test::exists;
using test::message_of;
using test::read_file;
using test::TempDir;

class TextOutputTest : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return folder_.file(name); }

 private:
  TempDir folder_;
};

/// Lines of a region through the index.
std::string indexed_lines(const std::string& path, const std::string& region) {
  const HtsFilePtr input(hts_open(path.c_str(), "r"));
  const std::unique_ptr<tbx_t, decltype(&tbx_destroy)> index(tbx_index_load(path.c_str()),
                                                             &tbx_destroy);
  if (!input || !index) return "no index";
  const HtsIteratorPtr iterator(tbx_itr_querys(index.get(), region.c_str()));
  if (!iterator) return "no such region";
  kstring_t line = KS_INITIALIZE;
  std::string lines;
  while (tbx_itr_next(input.get(), index.get(), iterator.get(), &line) >= 0) {
    lines += std::string(line.s, line.l) + "\n";
  }
  ks_free(&line);
  return lines;
}

TEST_F(TextOutputTest, ANameInGzGivesBgzfWithATabixIndex) {
  TextOutput track(file("x.bedgraph.gz"), TrackIndex::kBed);
  std::string text = "# made by a test\n";
  for (int i = 0; i < 20000; ++i) append_bedgraph(text, {"chr1", i, i + 1}, 0.5F);
  append_bedgraph(text, {"chr2", 7, 9}, -1.0F);
  track.write(text);
  EXPECT_FALSE(exists(file("x.bedgraph.gz"))) << "not before the commit";
  track.commit();
  EXPECT_EQ(indexed_lines(file("x.bedgraph.gz"), "chr1:15001-15002"),
            "chr1\t15000\t15001\t0.5\nchr1\t15001\t15002\t0.5\n");
  EXPECT_EQ(indexed_lines(file("x.bedgraph.gz"), "chr2"), "chr2\t7\t9\t-1\n");
  EXPECT_FALSE(exists(file("x.bedgraph.gz.partial")));
  EXPECT_FALSE(exists(file("x.bedgraph.gz.tbi.partial")));
}

TEST_F(TextOutputTest, OtherNamesGivePlainText) {
  TextOutput track(file("x.bed"), TrackIndex::kBed);
  track.write("a\t0\t1\n");
  track.commit();
  EXPECT_EQ(read_file(file("x.bed")), "a\t0\t1\n");
  EXPECT_FALSE(exists(file("x.bed.tbi")));
}

TEST_F(TextOutputTest, WithoutAnIndexOnlyTheDataAreWritten) {
  TextOutput track(file("x.tsv.gz"), TrackIndex::kNone);
  track.write("a\tb\n");
  track.commit();
  EXPECT_TRUE(exists(file("x.tsv.gz")));
  EXPECT_FALSE(exists(file("x.tsv.gz.tbi")));
}

TEST_F(TextOutputTest, UnsortedLinesAreAnErrorAndNoFile) {
  TextOutput track(file("x.bed.gz"), TrackIndex::kBed);
  track.write("a\t9\t10\na\t0\t1\n");
  EXPECT_HAS(message_of([&] { track.commit(); }), "cannot be indexed");
  EXPECT_FALSE(exists(file("x.bed.gz")));
}

TEST_F(TextOutputTest, AFolderThatDoesNotExistIsNamed) {
  const std::string path = file("absent/x.bed.gz");
  EXPECT_HAS(message_of([&] { TextOutput(path, TrackIndex::kBed); }), path);
}

TEST_F(TextOutputTest, AFullDiskIsAnError) {
  if (!exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  TextOutput track("/dev/full", TrackIndex::kNone);
  track.write("a");
  EXPECT_HAS(message_of([&] { track.commit(); }), "cannot write");
}

TEST_F(TextOutputTest, BgzIsCompressedToo) {
  TextOutput text(file("x.tsv.bgz"));
  text.write("a\tb\n");
  text.commit();
  EXPECT_EQ(test::inflated(file("x.tsv.bgz")), "a\tb\n");
}

TEST_F(TextOutputTest, WhatWasFlushedIsWholeLinesOnDisk) {
  TextOutput text(file("x.tsv.gz"));
  text.write("one\n");
  text.flush();
  EXPECT_EQ(test::inflated(file("x.tsv.gz.partial")), "one\n");
  text.write("two\n");
  text.commit();
  EXPECT_EQ(test::inflated(file("x.tsv.gz")), "one\ntwo\n");
}

TEST_F(TextOutputTest, AResumedOutputGoesOnAtTheEndOfItsPartial) {
  for (const char* name : {"x.tsv", "x.tsv.gz"}) {
    {
      TextOutput text(file(name));
      text.write("one\n");
      text.flush();
    }
    TextOutput text(file(name), OutputStart::kResume);
    text.write("two\n");
    text.commit();
    EXPECT_EQ(test::inflated(file(name)), "one\ntwo\n") << name;
  }
}

TEST_F(TextOutputTest, AFullDiskIsAnErrorOfCompressedOutputToo) {
  if (!exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  std::filesystem::create_symlink("/dev/full", file("full.tsv.gz"));
  TextOutput text(file("full.tsv.gz"));
  text.write("a");
  EXPECT_HAS(message_of([&] { text.commit(); }), "No space left on device");
}

}  // namespace
}  // namespace paramixer
