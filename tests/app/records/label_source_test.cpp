#include "app/services/records/label_source.hpp"

#include <filesystem>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::TempDir;
using test::write_file;

SequenceRecord headed(const std::string& name, const std::string& description = "") {
  SequenceRecord record;
  record.name = name;
  record.description = description;
  return record;
}

std::string class_in(const LabelSource& labels, const SequenceRecord& record) {
  const auto label = labels.label_of(record);
  return label ? label->class_name : "none";
}

class LabelSourceTest : public testing::Test {
 protected:
  void add_file(const std::string& path) {
    const std::string whole = folder_.file(path);
    std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
    write_file(whole, ">r\nACGT\n");
  }
  std::string refusal(const std::vector<std::string>& paths, const LabelOptions& options) {
    try {
      find_labels(paths, options);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage) << error.what();
      return error.what();
    }
    return "accepted";
  }

  TempDir folder_;
};

TEST_F(LabelSourceTest, a_class_field_in_the_header_needs_no_option) {
  const LabelledInputs inputs = find_labels({"x.fa"}, {});
  EXPECT_EQ(inputs.paths, std::vector<std::string>{"x.fa"});
  const LabelSource& labels = *inputs.labels;
  EXPECT_EQ(class_in(labels, headed("r1", "len=4 class=Zika host=human")), "Zika");
  EXPECT_EQ(class_in(labels, headed("r1", "class=\"West Nile\" x")), "West Nile");
  EXPECT_EQ(class_in(labels, headed("r1", "subclass=Zika")), "none");
  EXPECT_EQ(class_in(labels, headed("r1")), "none");
  EXPECT_HAS(labels.remedy(), "--labels TABLE");
}

TEST_F(LabelSourceTest, a_pattern_finds_the_class_in_name_or_description) {
  const auto labels = [](const std::string& pattern) {
    return find_labels({"x.fa"}, {.header_pattern = pattern}).labels;
  };
  EXPECT_EQ(class_in(*labels("^([^|]+)\\|"), headed("HBV-A|HQ646552")), "HBV-A");
  EXPECT_EQ(class_in(*labels("Zika|Dengue"), headed("x1", "Dengue virus 2")), "Dengue");
  EXPECT_EQ(class_in(*labels("(a)|(b)"), headed("b")), "b");
  EXPECT_EQ(class_in(*labels("genus: *(.*)$"), headed("x", "genus:  Lyssa ")), "Lyssa");
  EXPECT_EQ(class_in(*labels("q+"), headed("x")), "none");
}

TEST_F(LabelSourceTest, long_headers_are_searched_at_their_start_only) {
  const auto labels = find_labels({"x.fa"}, {.header_pattern = "(end|start)$|^start"}).labels;
  EXPECT_EQ(class_in(*labels, headed("start", std::string(1 << 20, 'x'))), "start");
  EXPECT_EQ(class_in(*labels, headed("x", std::string(1 << 20, 'x') + "end")), "none");
}

TEST_F(LabelSourceTest, reserved_and_empty_classes_name_the_record) {
  const auto labels = find_labels({"x.fa"}, {.header_pattern = "c=(\\S*)"}).labels;
  EXPECT_HAS(message_of([&] { labels->label_of(headed("r7", "c=unclassified")); }), "r7");
  EXPECT_HAS(message_of([&] { labels->label_of(headed("r8", "c=")); }), "is empty");
}

TEST_F(LabelSourceTest, folders_are_classes) {
  for (const char* file : {"data/Zika/b.fa", "data/Zika/a.fastq.gz", "data/Dengue/x.bam",
                           "data/Dengue/notes.txt", "data/.git/y.fa", "data/loose.fa"}) {
    add_file(file);
  }
  const LabelledInputs inputs = find_labels({folder_.file("data")}, {});
  EXPECT_EQ(inputs.paths,
            (std::vector{folder_.file("data/Dengue/x.bam"), folder_.file("data/Zika/a.fastq.gz"),
                         folder_.file("data/Zika/b.fa")}));
  EXPECT_EQ(inputs.labels->classes(), (std::vector<std::string>{"Dengue", "Zika"}));
  SequenceRecord record = headed("r");
  record.input_number = 2;
  EXPECT_EQ(class_in(*inputs.labels, record), "Zika");
}

TEST_F(LabelSourceTest, folders_that_hold_no_sequences_are_errors_with_what_was_expected) {
  add_file("empty/Zika/notes.txt");
  add_file("flat/x.fa");
  add_file("reserved/unclassified/x.fa");
  EXPECT_HAS(refusal({folder_.file("empty")}, {}), "has no sequence file");
  EXPECT_HAS(refusal({folder_.file("flat")}, {}), "one folder for each class");
  EXPECT_HAS(refusal({folder_.file("reserved")}, {}), "is reserved");
}

TEST_F(LabelSourceTest, two_sources_are_a_usage_error) {
  add_file("data/Zika/x.fa");
  write_file(folder_.file("labels.tsv"), "id\tclass\nr\tZika\n");
  const LabelOptions table{.table = folder_.file("labels.tsv")};
  const LabelOptions pattern{.header_pattern = "x"};
  LabelOptions both = table;
  both.header_pattern = "x";
  EXPECT_HAS(refusal({"x.fa"}, both), "two sources");
  EXPECT_HAS(refusal({folder_.file("data")}, table), "leave out --labels");
  EXPECT_HAS(refusal({folder_.file("data")}, pattern), "leave out --class-from-header");
  EXPECT_HAS(refusal({folder_.file("data"), "x.fa"}, {}), "not both; x.fa is not a folder");
  EXPECT_HAS(refusal({"x.fa"}, {.columns = {.group_column = "g"}}), "--labels");
  EXPECT_HAS(refusal({"x.fa"}, {.header_pattern = "("}), "regular expression");
}

}  // namespace
}  // namespace paramixer
