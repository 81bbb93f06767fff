#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace paramixer {

/// The kind of failure; it determines the exit code.
enum class ErrorKind {
  kFailure,      ///< The work could not be done (exit code 1).
  kUsage,        ///< Wrong usage: the request cannot be served (exit code 2).
  kInterrupted,  ///< The user stopped the work (exit code 1).
};

/// Where in the input a problem was found. Empty fields are left out of the message.
struct ErrorPlace {
  std::string file{};
  std::string record{};
  std::optional<std::int64_t>
      position{};  ///< 1-based, in bases, lines or bytes as the message says.
};

/// The only exception the libraries throw. Its text is one line that names the place, the problem,
/// and what to do about it: `reads.fq.gz: record 'r7': the gzip stream ends early; copy the file
/// again`.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ErrorKind kind = ErrorKind::kFailure);
  Error(const ErrorPlace& place, const std::string& message, ErrorKind kind = ErrorKind::kFailure);

  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

/// An error of kind kUsage.
Error usage_error(const std::string& message);

}  // namespace paramixer
