#include "tests/cli/program_test.hpp"

#include <cstdlib>
#include <sstream>
#include <sys/wait.h>

#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer::test {
namespace {

std::string bases_of(int record) {
  return random_bases(static_cast<std::size_t>(200 + 37 * record), static_cast<unsigned>(record));
}

std::string name_of(int record) { return "r" + std::to_string(record); }

}  // namespace

CommandResult ProgramTest::run(const std::string& command) const {
  const std::string function = "paramixer() { '" PARAMIXER_PROGRAM "' \"$@\"; }";
  const std::string script = "cd '" + file("") + "' || exit 99\n" + function + "\n{ " + command +
                             "\n} > .out 2> .err < /dev/null\n";
  write(".script", script);
  const int status = std::system(("bash -o pipefail '" + file(".script") + "'").c_str());
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = read(".out"),
          .err = read(".err")};
}

std::string ProgramTest::run_well(const std::string& command) const {
  const CommandResult result = run(command);
  EXPECT_EQ(result.exit_code, 0) << command << "\n" << result.err;
  return result.out;
}

void ProgramTest::make_model(const std::string& name) const {
  run_well("paramixer import --weights '" PARAMIXER_TEST_DATA
           "/reference/chord_no_position.safetensors' --output " +
           name);
}

std::string fasta_of(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += ">" + name_of(i) + "\n" + bases_of(i) + "\n";
  return text;
}

std::string fastq_of(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const std::string bases = bases_of(i);
    text += "@" + name_of(i) + "\n" + bases + "\n+\n" + std::string(bases.size(), 'I') + "\n";
  }
  return text;
}

std::string sam_of(int count) {
  std::string text = "@HD\tVN:1.6\tSO:unsorted\n";
  for (int i = 0; i < count; ++i) {
    text += name_of(i) + "\t4\t*\t0\t0\t*\t*\t0\t0\t" + bases_of(i) + "\t*\tRG:Z:one\n";
  }
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  return fields;
}

bool has_tool(const std::string& name) {
  return std::system(("command -v " + name + " > /dev/null").c_str()) == 0;
}

}  // namespace paramixer::test
