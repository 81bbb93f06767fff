#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "app/services/base/service_callbacks.hpp"
#include "core/simulate/motif.hpp"

namespace paramixer {

struct SimulateMotifOptions {
  MotifTask task{};
  std::int64_t count = 1000;
  std::string prefix;
};

/// Writes PREFIX.fa (sequences), PREFIX.tsv (labels: id, class) and PREFIX.bed (the planted motifs:
/// record, start, end, motif). Equal options give equal files. Throws Error for a task that makes
/// no sense, a count below 1, a file that cannot be written, and kInterrupted after a stop request;
/// unfinished files keep the name `.partial`.
void simulate_motif(const SimulateMotifOptions& options, const ServiceCallbacks& callbacks = {},
                    std::stop_token stop = {});

}  // namespace paramixer
