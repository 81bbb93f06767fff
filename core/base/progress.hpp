#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace paramixer {

/// Progress of a long computation. The libraries report it; only the programs display it.
struct Progress {
  std::string phase;                    ///< "classify", "train", ...
  std::int64_t done = 0;                ///< In `unit`.
  std::optional<std::int64_t> total{};  ///< Unknown for streams.
  std::string unit = "records";
  std::int64_t bases = 0;  ///< Bases processed so far; 0 if not applicable.
  std::string note{};      ///< Short extra text, e.g. "loss 0.31".
};

/// Called from the thread that does the work, often; implementations must be cheap and must not
/// throw.
using ProgressCallback = std::function<void(const Progress&)>;

}  // namespace paramixer
