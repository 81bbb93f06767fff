#pragma once

#include <stop_token>

#include "app/services/base/service_callbacks.hpp"
#include "app/services/explain/explain_options.hpp"

namespace paramixer {

/// Explains a model's answer for a record and writes the explanation to `options.output` (BGZF for
/// a name in .gz, with a tabix index for bedGraph and BEDPE; bigWig where has_bigwig()). Positions
/// in tables are 1-based, intervals 0-based and half-open. The first lines state which window of a
/// long record is explained, on which strand and by which method. Throws Error for anything that
/// goes wrong, of kind kUsage for a format, class or method that does not fit the question,
/// kInterrupted after a stop request.
ExplainSummary explain(const ExplainOptions& options, const ServiceCallbacks& callbacks = {},
                       std::stop_token stop = {});

}  // namespace paramixer
