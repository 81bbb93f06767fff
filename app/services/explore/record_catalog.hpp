#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/records/input_records.hpp"
#include "core/base/progress.hpp"
#include "core/prediction.hpp"
#include "models/predict/predictor.hpp"

namespace paramixer {

/// What is known about one input record, without its bases.
struct CatalogEntry {
  std::string name;
  std::int64_t length = 0;       ///< Bases.
  std::size_t input_number = 0;  ///< Index into InputOptions::paths.
  std::int64_t index = 0;        ///< 0-based number of the record in its input.
  bool reverse_strand = false;
  Prediction prediction{};
};

struct CatalogOptions {
  InputOptions input{};
  std::int64_t most_records = 1'000'000;  ///< Bounds the memory of who keeps the entries.
};

struct CatalogSummary {
  std::int64_t records = 0;
  std::int64_t bases = 0;
  bool complete = true;  ///< False when there were more than `most_records`.
};

struct CatalogCallbacks {
  std::function<void(std::vector<CatalogEntry>)> records;  ///< In input order, some at a time.
  ProgressCallback progress{};
};

/// Classifies all input records and passes on what a table of them shows. Memory is that of
/// `classify`. The callbacks come from another thread, one at a time. Throws Error as `classify`
/// does; entries before the error were handed on by then.
CatalogSummary catalog_records(const CatalogOptions& options, Predictor& predictor,
                               const CatalogCallbacks& callbacks, std::stop_token stop = {});

/// Reads one record of a catalog again, from the start of its file. Throws Error if it no longer
/// exists, and kInterrupted after a stop request.
InputRecord read_catalog_record(const InputOptions& input, const CatalogEntry& entry,
                                std::stop_token stop = {});

}  // namespace paramixer
