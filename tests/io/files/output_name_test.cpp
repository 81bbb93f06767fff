#include "io/files/output_name.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

void expect_name(std::string_view path, std::string_view format, std::string_view compression) {
  const OutputName name = read_output_name(path);
  EXPECT_EQ(name.format, format) << path;
  EXPECT_EQ(name.compression, compression) << path;
}

TEST(OutputNameTest, TheEndingSaysFormatAndCompression) {
  expect_name("x.tsv", "tsv", "");
  expect_name("a.b/x.TSV.GZ", "tsv", ".gz");
  expect_name("x.jsonl.bgz", "jsonl", ".bgz");
  expect_name("x.ndjson", "jsonl", "");
  expect_name("x.json", "json", "");
  expect_name("x.bedgraph", "bedgraph", "");
  expect_name("x.bg", "bedgraph", "");
  expect_name("x.bed", "bed", "");
  expect_name("x.bedpe.gz", "bedpe", ".gz");
  expect_name("x.bw", "bigwig", "");
  expect_name("x.bam", "bam", "");
  expect_name("x.sam", "sam", "");
  expect_name("x.cram", "cram", "");
  expect_name("x.fq.gz", "fastq", ".gz");
  expect_name("m.safetensors", "model", "");
  expect_name("x.tsv.zst", "tsv", ".zst");
}

TEST(OutputNameTest, OtherNamesSayNothing) {
  for (const char* path : {"", "-", "x", "x.txt", "x.out", "/dev/stdout", "/dev/fd/63", "x.tsv/y",
                           "tsv", "x.tsv ", "x.tsv.partial"}) {
    expect_name(path, "", "");
  }
  expect_name("x.gz", "", ".gz");
}

TEST(OutputNameTest, OnlyGzAndBgzAreCompressed) {
  for (const char* path : {"x.gz", "x.tsv.gz", "x.tsv.BGZ"}) EXPECT_TRUE(is_compressed_name(path));
  for (const char* path : {"x", "x.tsv", "x.tsv.bz2", "gz", "x.gz.txt"}) {
    EXPECT_FALSE(is_compressed_name(path)) << path;
  }
}

TEST(OutputNameTest, EndingsAreListedInTheOrderOfTheFormats) {
  EXPECT_EQ(endings_of({"bed", "tsv", "bigwig"}), ".bed, .tsv, .bigwig");
  EXPECT_EQ(endings_of({}), "");
}

}  // namespace
}  // namespace paramixer
