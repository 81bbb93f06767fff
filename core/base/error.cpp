#include "core/base/error.hpp"

#include "core/base/printable.hpp"

namespace paramixer {
namespace {

std::string with_place(const ErrorPlace& place, const std::string& message) {
  std::string text;
  auto append = [&text](const std::string& part) {
    if (!text.empty()) text += ": ";
    text += part;
  };
  if (!place.file.empty()) append(place.file);
  if (!place.record.empty()) append("record '" + place.record + "'");
  if (place.position) {
    const std::string position = "position " + std::to_string(*place.position);
    if (place.record.empty()) {
      append(position);
    } else {
      text += ", " + position;
    }
  }
  append(message);
  return text;
}

}  // namespace

Error::Error(const std::string& message, ErrorKind kind)
    : std::runtime_error(printable(message)), kind_(kind) {}

Error::Error(const ErrorPlace& place, const std::string& message, ErrorKind kind)
    : std::runtime_error(printable(with_place(place, message))), kind_(kind) {}

Error usage_error(const std::string& message) { return Error(message, ErrorKind::kUsage); }

}  // namespace paramixer
