#pragma once

#include <string>
#include <vector>

#include "io/sequence/sequence_reader.hpp"
#include "io/sequence/sequence_record.hpp"

namespace paramixer::test {

std::vector<SequenceRecord> read_all(const std::string& path, const ReaderOptions& options = {});

/// Text of the Error on the way through a file, or "no error". `records_before`, when not null,
/// gets the number of records that came first.
std::string read_error(const std::string& path, const ReaderOptions& options = {},
                       int* records_before = nullptr);

/// The same for a file with this content, in a separate folder.
std::string read_error_of_text(const std::string& text);

}  // namespace paramixer::test
