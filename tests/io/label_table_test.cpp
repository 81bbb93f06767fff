#include "io/label_table.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/io/sequence_files.hpp"
#include "tests/io/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::TempDir;
using test::write_file;

LabelTable table_of(const std::string& text, const LabelTableOptions& options = {}) {
  const TempDir dir;
  write_file(dir.file("labels.tsv"), text);
  return LabelTable::read(dir.file("labels.tsv"), options);
}

std::string error_for(const std::string& text, const LabelTableOptions& options = {}) {
  return message_of([&] { table_of(text, options); });
}

TEST(LabelTable, FindsTheColumnsByNameAndKeepsTheOrderOfClasses) {
  const LabelTable table = table_of("length\tclass\tid\n5\tz\tr1\n6\ta\tr2\n7\tz\tr3\n");
  EXPECT_EQ(table.size(), 3);
  ASSERT_NE(table.find("r2"), nullptr);
  EXPECT_EQ(table.find("r2")->class_name, "a");
  EXPECT_EQ(table.find("r2")->group, "");
  EXPECT_EQ(table.find("r4"), nullptr);
  EXPECT_EQ(table.classes(), (std::vector<std::string>{"z", "a"}));
}

TEST(LabelTable, TakesOtherColumnNamesAndAGroup) {
  LabelTableOptions options;
  options.id_column = "name";
  options.class_column = "family";
  options.group_column = "species";
  const LabelTable table = table_of("name\tfamily\tspecies\nr1\tf\ts\n", options);
  EXPECT_EQ(table.find("r1")->class_name, "f");
  EXPECT_EQ(table.find("r1")->group, "s");
}

TEST(LabelTable, AcceptsByteOrderMarkCrlfBlankLinesAndAMissingLastLineEnd) {
  const LabelTable table = table_of("\xEF\xBB\xBFid\tclass\r\nr1\ta\r\n\r\nr2\tb b");
  EXPECT_EQ(table.size(), 2);
  EXPECT_EQ(table.find("r1")->class_name, "a");
  EXPECT_EQ(table.find("r2")->class_name, "b b");
}

TEST(LabelTable, ReadsGzip) {
  const TempDir dir;
  test::write_gzip(dir.file("labels.tsv.gz"), "id\tclass\nr1\ta\n");
  EXPECT_EQ(LabelTable::read(dir.file("labels.tsv.gz")).size(), 1);
}

TEST(LabelTable, TheSameClassTwiceIsAllowedAnotherOneIsNot) {
  EXPECT_EQ(table_of("id\tclass\nr1\ta\nr1\ta\n").size(), 1);
  EXPECT_HAS(error_for("id\tclass\nr1\ta\nr2\ta\nr1\tb\n"),
             "labels.tsv: line 4: 'r1' has the class 'b', but 'a' before");
}

TEST(LabelTable, AMissingColumnIsNamedWithTheColumnsFound) {
  EXPECT_HAS(error_for("name\tclass\nr1\ta\n"),
             "has no column 'id'; its first line names 'name', 'class'");
  LabelTableOptions options;
  options.group_column = "genus";
  EXPECT_HAS(error_for("id\tclass\nr1\ta\n", options), "has no column 'genus'");
  EXPECT_HAS(error_for("id,class\nr1,a\n"), "names 'id,class' (columns are separated by tabs)");
}

TEST(LabelTable, ShortLinesAndEmptyFieldsNameTheirLine) {
  EXPECT_HAS(error_for("id\tclass\nr1\ta\nr2\n"), "line 3: has 1 columns, but column 2 is needed");
  EXPECT_HAS(error_for("id\tclass\n\ta\n"), "line 2: has an empty id");
  EXPECT_HAS(error_for("id\tclass\nr1\t\n"), "line 2: 'r1' has an empty class");
}

TEST(LabelTable, MissingEmptyAndTruncatedFilesAreErrors) {
  const TempDir dir;
  EXPECT_HAS(message_of([&] { LabelTable::read(dir.file("absent")); }),
             "absent: cannot open: No such");
  EXPECT_HAS(message_of([&] { LabelTable::read(dir.file("")); }), "is a directory");
  EXPECT_HAS(error_for(""), "is empty");
  EXPECT_HAS(error_for("\n"), "has no header line");
  test::write_gzip(dir.file("cut.gz"), "id\tclass\n" + test::random_bases(5000, 1) + "\ta\n");
  test::cut_tail(dir.file("cut.gz"), 100);
  EXPECT_HAS(message_of([&] { LabelTable::read(dir.file("cut.gz")); }),
             "cut.gz: the gzip stream ends early");
}

}  // namespace
}  // namespace paramixer
