#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "app/cli/command_options.hpp"

namespace paramixer {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitRejected = 3;  ///< Done, but some records were rejected.

struct CommandContext {
  std::stop_token stop;
  std::string command_line;  ///< As typed, for provenance.
};

/// One command of the program.
struct Command {
  std::string name;
  std::string summary;          ///< One line for the overview.
  CommandOptions (*options)();  ///< What it accepts, and its help.
  /// Does the work and returns the exit code; throws Error.
  int (*run)(const ParsedOptions&, const CommandContext&);
};

Command train_command();
Command classify_command();
Command evaluate_command();
Command explain_command();
Command scan_command();
Command info_command();
Command import_command();
Command export_command();
Command simulate_command();
Command bench_command();

/// All commands in the order of the overview.
const std::vector<Command>& all_commands();

}  // namespace paramixer
