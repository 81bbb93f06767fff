#include "app/cli/command.hpp"

namespace paramixer {

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands{
      train_command(), classify_command(), evaluate_command(), explain_command(),  scan_command(),
      info_command(),  import_command(),   export_command(),   simulate_command(), bench_command()};
  return commands;
}

}  // namespace paramixer
