#pragma once

#include <cstdint>
#include <string>

#include "io/files/htslib_handles.hpp"

namespace paramixer {

/// Prepares an open CRAM whose header has been read: its sequences come from the FASTA `reference`
/// (with an index), or from the CRAM alone when `reference` is empty. Never from the network or the
/// folders of REF_PATH. Throws Error for a reference that cannot be used.
void set_cram_reference(htsFile& file, const std::string& reference);

/// Name of the reference sequence that a record of a CRAM file is aligned to, read without
/// decoding bases; `record` counts from 0. Empty when it is not aligned, or cannot be found out: on
/// stdin and in damaged files.
std::string cram_reference_of(const std::string& path, std::int64_t record);

}  // namespace paramixer
