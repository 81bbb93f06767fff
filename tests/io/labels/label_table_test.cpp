#include "io/labels/label_table.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/io/files/test_files.hpp"
#include "tests/io/sequence/sequence_files.hpp"

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
  EXPECT_HAS(error_for("id\tclass\n"), "has a header line, but no labels after it");
  test::write_gzip(dir.file("cut.gz"), "id\tclass\n" + test::random_bases(5000, 1) + "\ta\n");
  test::cut_tail(dir.file("cut.gz"), 100);
  EXPECT_HAS(message_of([&] { LabelTable::read(dir.file("cut.gz")); }),
             "cut.gz: the gzip stream ends early");
}

TEST(LabelTable, TakesCommasOrSemicolonsWhenTheHeaderHasNoTab) {
  EXPECT_EQ(table_of("id,class\nr1,a\n").find("r1")->class_name, "a");
  EXPECT_EQ(table_of("id;class\nr1;a,b\n").find("r1")->class_name, "a,b");
  const LabelTable quoted = table_of("\"id\",note,class\n\"r,1\",\"two\nlines\",\"a \"\"b\"\"\"\n");
  ASSERT_NE(quoted.find("r,1"), nullptr);
  EXPECT_EQ(quoted.find("r,1")->class_name, "a \"b\"");
  EXPECT_HAS(error_for("id,class\nr1,\"a\n"), "line 2: opens a quote that is never closed");
}

TEST(LabelTable, TakesLinesThatEndWithCarriageReturns) {
  const LabelTable table = table_of("id\tclass\rr1\ta\rr2\tb\r");
  EXPECT_EQ(table.size(), 2);
  EXPECT_EQ(table.find("r2")->class_name, "b");
  EXPECT_HAS(error_for("id\tclass\rr1\ta\rr2\r"), "line 3: has 1 columns");
}

TEST(LabelTable, IgnoresWhiteSpaceAroundIdsAndClasses) {
  const LabelTable table = table_of("id \tclass\nr1\tA\n r2\tA \n");
  EXPECT_EQ(table.classes(), std::vector<std::string>{"A"});
  EXPECT_NE(table.find("r2"), nullptr);
}

TEST(LabelTable, RejectsReservedClassNamesAndDoubledColumns) {
  EXPECT_HAS(error_for("id\tclass\nr1\tunclassified\n"),
             "line 2: the class name 'unclassified' is reserved");
  EXPECT_HAS(error_for("id\tclass\nr1\t.\n"), "the class name '.' is reserved");
  EXPECT_HAS(error_for("id\tclass\nr1\ta\x01\n"), "holds a control character");
  EXPECT_HAS(error_for("id\tclass\tclass\nr1\ta\tb\n"), "has the column 'class' twice");
}

TEST(LabelTable, MessagesShowNoMoreThanAnExcerpt) {
  EXPECT_LT(error_for(std::string(100000, 'x') + "\tclass\n").size(), 500U);
  EXPECT_LT(error_for("id\tclass\n" + std::string(100000, 'x') + "\t\n").size(), 500U);
}

}  // namespace
}  // namespace paramixer
