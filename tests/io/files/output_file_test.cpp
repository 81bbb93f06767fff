#include "io/files/output_file.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::exists;
using test::message_of;
using test::read_file;
using test::TempDir;
using test::write_file;

TEST(OutputFile, AppearsUnderItsNameOnlyAfterCommit) {
  const TempDir dir;
  const std::string path = dir.file("out.tsv");
  OutputFile output(path);
  output.write("one\n");
  output.flush();
  EXPECT_FALSE(exists(path));
  EXPECT_EQ(read_file(path + ".partial"), "one\n");
  output.write("two\n");
  output.commit();
  EXPECT_EQ(read_file(path), "one\ntwo\n");
  EXPECT_FALSE(exists(path + ".partial"));
}

TEST(OutputFile, LeavesAnExistingFileAloneUntilCommit) {
  const TempDir dir;
  const std::string path = dir.file("out.tsv");
  write_file(path, "old");
  {
    OutputFile output(path);
    output.write("half");
  }
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(read_file(path + ".partial"), "half");
}

TEST(OutputFile, FreshStartDropsAnOldPartialAndResumeGoesOnAtItsEnd) {
  const TempDir dir;
  const std::string path = dir.file("out.tsv");
  write_file(path + ".partial", "earlier\n");
  {
    OutputFile output(path, OutputStart::kResume);
    output.write("later\n");
  }
  EXPECT_EQ(read_file(path + ".partial"), "earlier\nlater\n");
  OutputFile output(path, OutputStart::kFresh);
  output.commit();
  EXPECT_EQ(read_file(path), "");
}

TEST(OutputFile, ReplacesTheTargetOfASymbolicLinkAndKeepsTheLink) {
  const TempDir dir;
  write_file(dir.file("target"), "old");
  std::filesystem::create_symlink(dir.file("target"), dir.file("link"));
  OutputFile output(dir.file("link"));
  output.write("new");
  output.commit();
  EXPECT_TRUE(std::filesystem::is_symlink(dir.file("link")));
  EXPECT_EQ(read_file(dir.file("target")), "new");
}

TEST(OutputFile, FullDiskIsAnError) {
  OutputFile output("/dev/full");
  EXPECT_EQ(output.partial_path(), "/dev/full");
  output.write("text");
  const std::string message = message_of([&] { output.commit(); });
  EXPECT_HAS(message, "/dev/full: cannot write: No space left on device");
  EXPECT_FALSE(exists("/dev/full.partial"));
}

TEST(OutputFile, FullDiskIsAnErrorWhileWritingMoreThanTheBuffer) {
  OutputFile output("/dev/full");
  const std::string chunk(1 << 20, 'x');
  EXPECT_HAS(message_of([&] { output.write(chunk); }), "No space left on device");
}

TEST(OutputFile, MissingFolderAndFolderAsOutputAreErrors) {
  const TempDir dir;
  EXPECT_HAS(message_of([&] { OutputFile output(dir.file("no/such/out.tsv")); }),
             "cannot create the output: No such file or directory");
  EXPECT_HAS(message_of([&] { OutputFile output(dir.file("")); }), "Is a directory");
}

TEST(OutputFile, DevicesAndStdoutCannotBeResumed) {
  for (const char* path : {"/dev/null", "-"}) {
    try {
      OutputFile output(path, OutputStart::kResume);
      ADD_FAILURE() << path << " was resumed";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    }
  }
}

TEST(OutputFile, NothingIsWrittenAfterCommit) {
  const TempDir dir;
  OutputFile output(dir.file("out"));
  output.commit();
  EXPECT_HAS(message_of([&] { output.write("late"); }), "after the commit");
}

TEST(PartialPath, IsThePathItselfForStdoutAndDevices) {
  EXPECT_EQ(partial_path_of("-"), "-");
  EXPECT_EQ(partial_path_of("/dev/null"), "/dev/null");
  EXPECT_EQ(partial_path_of("results.tsv"), "results.tsv.partial");
}

TEST(OutputPlace, FoldersAndPlacesThatCannotHoldTheOutputAreErrors) {
  const TempDir dir;
  write_file(dir.file("file"), "");
  EXPECT_EQ(message_of([] { check_output_place(""); }), "the name of the output is empty");
  EXPECT_HAS(message_of([&] { check_output_place(dir.file("absent/x")); }),
             "No such file or directory");
  EXPECT_HAS(message_of([&] { check_output_place(dir.file("file/x")); }), "Not a directory");
  EXPECT_HAS(message_of([&] { check_output_place(dir.file("")); }), "Is a directory");
  EXPECT_HAS(message_of([&] { check_output_place(dir.file("new/")); }), "Is a directory");
  EXPECT_FALSE(exists(dir.file("absent")));
}

TEST(OutputPlace, NothingIsMadeWhereTheOutputFits) {
  const TempDir dir;
  write_file(dir.file("old"), "old");
  std::filesystem::create_symlink(dir.file("old"), dir.file("link"));
  std::filesystem::create_symlink(dir.file("nowhere"), dir.file("dangling"));
  for (const std::string& path :
       {dir.file("new"), dir.file("old"), dir.file("link"), dir.file("dangling"), std::string("-"),
        std::string("/dev/null"), std::string("relative")}) {
    EXPECT_EQ(message_of([&] { check_output_place(path); }), "no error") << path;
  }
  EXPECT_FALSE(exists(dir.file("new")));
  EXPECT_FALSE(exists(dir.file("new.partial")));
}

}  // namespace
}  // namespace paramixer
