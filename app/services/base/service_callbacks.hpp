#pragma once

#include <functional>
#include <string>

#include "core/base/progress.hpp"

namespace paramixer {

/// A record without an answer.
struct RejectedRecord {
  std::string file;    ///< "stdin" for standard input.
  std::string record;  ///< Name of the record.
  std::string reason;
};

/// How a service reports while it works. Each may be empty. They may be called from a thread of the
/// service, one at a time, and must not throw.
struct ServiceCallbacks {
  ProgressCallback progress{};
  std::function<void(const std::string&)> log{};  ///< One line worth keeping.
  std::function<void(const RejectedRecord&)> rejected{};
};

}  // namespace paramixer
