#include "app/services/base/build_facts.hpp"

#include "models/network/device.hpp"

namespace paramixer {

const char* program_version() { return PARAMIXER_VERSION; }

std::vector<std::pair<std::string, std::string>> build_facts() {
  std::vector<std::pair<std::string, std::string>> facts{
      {"paramixer", program_version()},
      {"compiler", "GCC " __VERSION__},
      {"htslib", PARAMIXER_HTSLIB_VERSION},
  };
  for (auto& fact : compute_facts()) facts.push_back(std::move(fact));
  return facts;
}

}  // namespace paramixer
