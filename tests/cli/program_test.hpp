#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "tests/io/files/test_files.hpp"

namespace paramixer::test {

/// What a finished command left behind.
struct CommandResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Tests that run the program as its users do: by a shell command, in a fresh folder.
class ProgramTest : public ::testing::Test {
 protected:
  /// Runs a shell command; `paramixer` in it is the program under test. stdin is empty.
  CommandResult run(const std::string& command) const;
  /// Runs a command that must end with exit code 0 and returns its stdout.
  std::string run_well(const std::string& command) const;

  std::string file(std::string_view name) const { return dir_.file(name); }
  void write(std::string_view name, std::string_view bytes) const { write_file(file(name), bytes); }
  std::string read(std::string_view name) const { return read_file(file(name)); }

  /// A small DNA model with random weights and four classes, N = 1,024.
  void make_model(const std::string& name) const;

 private:
  TempDir dir_;
};

/// FASTA of `count` records r0, r1, ... of different length.
std::string fasta_of(int count);
/// The records of fasta_of as FASTQ.
std::string fastq_of(int count);
/// The records of fasta_of as unaligned SAM.
std::string sam_of(int count);

std::vector<std::string> lines_of(const std::string& text);
/// Tab-separated fields.
std::vector<std::string> fields_of(const std::string& line);
bool has_tool(const std::string& name);

#define SKIP_WITHOUT(tool) \
  if (!::paramixer::test::has_tool(tool)) GTEST_SKIP() << tool << " is not installed"

}  // namespace paramixer::test
