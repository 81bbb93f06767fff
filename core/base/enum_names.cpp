#include "core/base/enum_names.hpp"

#include "core/base/error.hpp"

namespace paramixer {
namespace {

std::string joined(const std::vector<std::string>& names, const char* separator) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : separator) + name;
  return text;
}

}  // namespace

void throw_unknown_name(const char* what, std::string_view text,
                        const std::vector<std::string>& names) {
  throw usage_error("unknown " + std::string(what) + " '" + std::string(text) +
                    "'; expected one of: " + joined(names, ", "));
}

std::string joined_names(const std::vector<std::string>& names) { return joined(names, "|"); }

}  // namespace paramixer
