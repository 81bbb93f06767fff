#pragma once

#include <stop_token>
#include <string>

#include "app/services/records/input_records.hpp"
#include "core/sequence/window.hpp"

namespace paramixer {

/// 1-based positions, both included, as IGV shows them.
struct BaseRange {
  std::int64_t begin = 1;
  std::int64_t end = 0;  ///< 0: the end of the record.
};

/// Parses `a-b`, `a` (from a to the end) or `NAME:a-b`, with thousands separators; the name goes to
/// `record`, which is left alone without one. Throws a usage Error.
BaseRange parse_base_range(const std::string& text, std::string& record);

/// The range in a record, 0-based and half-open; an end past the record's means its end. Throws
/// Error, naming file and record, when the range begins past the end.
Window window_of(const BaseRange& range, const InputRecord& record, const std::string& file);

/// Whether `name` refers to the record: its name in the file, or its id, which distinguishes mates.
bool has_name(const SequenceRecord& record, const std::string& name);

/// The first record of this name, or, for an empty name, the only record of the inputs. Reads the
/// inputs as far as necessary. Throws Error when there is no such record (naming some that exist),
/// when it is damaged, and kInterrupted after a stop request.
InputRecord find_record(InputRecords& source, const std::string& name, std::stop_token stop);

}  // namespace paramixer
