#include "io/files/file_position.hpp"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "io/sequence/sequence_reader.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

TEST(FilePosition, follows_what_another_descriptor_reads) {
  const test::TempDir dir;
  test::write_file(dir.file("x"), "0123456789");
  const int descriptor = open(dir.file("x").c_str(), O_RDONLY);
  const FilePosition position(descriptor);
  EXPECT_EQ(position.share_read(), 0.0);
  std::array<char, 4> bytes{};
  ASSERT_EQ(read(descriptor, bytes.data(), bytes.size()), 4);
  EXPECT_EQ(position.share_read(), 0.4);
  close(descriptor);
  EXPECT_EQ(position.share_read(), 0.4);
}

TEST(FilePosition, of_a_pipe_or_of_nothing_is_unknown) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  EXPECT_EQ(FilePosition(ends[0]).share_read(), std::nullopt);
  EXPECT_EQ(FilePosition().share_read(), std::nullopt);
  close(ends[0]);
  close(ends[1]);
}

TEST(FilePosition, of_a_reader_is_1_at_the_end_of_the_file) {
  const test::TempDir dir;
  test::write_file(dir.file("x.fa"), ">r\n" + std::string(300'000, 'A') + "\n>s\nACGT\n");
  SequenceReader reader(dir.file("x.fa"));
  ASSERT_TRUE(reader.share_read().has_value());
  EXPECT_LT(*reader.share_read(), 1.0);
  SequenceRecord record;
  while (reader.next(record)) continue;
  EXPECT_EQ(reader.share_read(), 1.0);
}

}  // namespace
}  // namespace paramixer
