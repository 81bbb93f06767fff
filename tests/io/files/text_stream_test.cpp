#include "io/files/text_stream.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "io/files/input_file.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer {
namespace {

using test::TempDir;
using test::write_file;
using Lines = std::vector<std::string>;

Lines lines_of_file(const std::string& path) {
  TextStream stream(open_input(path), "in", 0);
  Lines lines;
  for (std::string line; stream.next_line(line);) lines.push_back(line);
  EXPECT_EQ(stream.line(), std::ssize(lines));
  return lines;
}

Lines lines_of_text(const std::string& text) {
  const TempDir dir;
  write_file(dir.file("in"), text);
  return lines_of_file(dir.file("in"));
}

TEST(TextStream, LinesEndWithLfOrCrlf) {
  EXPECT_EQ(lines_of_text("a\nb\r\n\nc"), (Lines{"a", "b", "", "c"}));
  EXPECT_EQ(lines_of_text("a\rb\nc\r\n"), (Lines{"a\rb", "c"})) << "a CR within a line stays";
}

TEST(TextStream, LinesEndWithCrWhereThereIsNoLf) {
  EXPECT_EQ(lines_of_text("a\r\rb\rc"), (Lines{"a", "", "b", "c"}));
  const TempDir dir;
  test::write_gzip(dir.file("gz"), "a\rb\r");
  EXPECT_EQ(lines_of_file(dir.file("gz")), (Lines{"a", "b"}));
}

TEST(TextStream, LinesWithCrAloneMayCrossBlocks) {
  const std::string line = test::random_bases(100000, 1);
  const Lines lines = lines_of_text(">r\r" + line + "\r" + line + "\r");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_TRUE(lines[1] == line && lines[2] == line);
}

TEST(TextStream, Utf16IsAnErrorThatNamesIt) {
  using namespace std::string_literals;
  for (const std::string& text : {"\xFF\xFEi\0d\0"s, "\xFE\xFF\0i\0d"s, "i\0d\0"s, "\0i\0d"s}) {
    EXPECT_HAS(test::message_of([&] { lines_of_text(text); }), "in: is UTF-16 text; convert it");
  }
  EXPECT_EQ(lines_of_text("i\0d\n"s), Lines{"i\0d"s}) << "one NUL is damage, no UTF-16";
}

}  // namespace
}  // namespace paramixer
