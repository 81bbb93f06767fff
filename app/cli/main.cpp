#include <algorithm>
#include <cstdio>
#include <exception>
#include <malloc.h>
#include <string>
#include <vector>

#include "app/cli/command.hpp"
#include "app/cli/nearest_name.hpp"
#include "app/cli/stop_signals.hpp"
#include "app/services/base/build_facts.hpp"
#include "app/services/base/failure_text.hpp"
#include "core/base/error.hpp"
#include "io/files/output_file.hpp"

namespace paramixer {
namespace {

// The first touch of a fresh page costs far more than computing on it: by default glibc returns
// every large block to the system and faults it in again at the next step, which makes inference
// and training up to ten times slower. Freed memory therefore stays with the process, which grows
// in large steps.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 64 << 20);
}

std::string overview() {
  std::string text =
      "Usage: paramixer COMMAND [options] INPUT...\n\n"
      "Classifies long DNA sequences with Paramixer networks.\n\nCommands:\n";
  for (const Command& command : all_commands()) {
    text +=
        "  " + command.name + std::string(12 - command.name.size(), ' ') + command.summary + "\n";
  }
  return text +
         "\n'paramixer COMMAND --help' describes a command; 'paramixer --version' prints the "
         "version.\n"
         "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some records were rejected.\n\n"
         "Example:\n  paramixer classify --model motif.safetensors reads.fastq.gz > classes.tsv\n";
}

const Command& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : all_commands()) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  const std::string nearest = nearest_name(name, names);
  throw usage_error("unknown command '" + name + "'" +
                    (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

/// A word quoted for a shell where necessary.
std::string quoted(const std::string& word) {
  const bool plain =
      !word.empty() && word.find_first_of(" \t\n'\"\\$`&|;<>()*?[]#~!{}") == word.npos;
  if (plain) return word;
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? "'\\''" : std::string(1, letter);
  return text + "'";
}

int print(const std::string& text) {
  OutputFile out("-");
  out.write(text);
  out.commit();
  return kExitDone;
}

bool asks_for_help(const std::string& word) { return word == "--help" || word == "-h"; }

int run_command(const Command& command, const std::vector<std::string>& arguments,
                const std::string& command_line) {
  const CommandOptions options = command.options();
  if (std::any_of(arguments.begin(), arguments.end(), asks_for_help)) {
    return print(options.help_text());
  }
  try {
    const ParsedOptions parsed = options.parse(arguments);
    options.check_files(parsed);
    const StopSignals signals;
    return command.run(parsed, {.stop = signals.token(), .command_line = command_line});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kUsage) throw;
    throw usage_error(std::string(error.what()) + " (see: paramixer " + command.name + " --help)");
  }
}

int run_program(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::fputs(overview().c_str(), stderr);
    return kExitUsage;
  }
  if (asks_for_help(words.front())) {
    return print(overview());
  }
  if (words.front() == "--version") {
    return print(std::string("paramixer ") + program_version() + "\n");
  }
  std::string command_line = "paramixer";
  for (const std::string& word : words) command_line += " " + quoted(word);
  return run_command(find_command(words.front()), {words.begin() + 1, words.end()}, command_line);
}

int fail(const std::string& message, int exit_code) {
  std::fprintf(stderr, "paramixer: error: %s\n", message.c_str());
  return exit_code;
}

}  // namespace
}  // namespace paramixer

int main(int argc, char** argv) {
  using namespace paramixer;
  keep_freed_memory();
  try {
    return run_program({argv + 1, argv + argc});
  } catch (const Error& error) {
    return fail(error.what(), error.kind() == ErrorKind::kUsage ? kExitUsage : kExitFailed);
  } catch (const std::exception& failure) {
    return fail(failure_text(failure), kExitFailed);
  }
}
