#pragma once

#include <htslib/faidx.h>
#include <memory>
#include <string>

#include "io/files/htslib_handles.hpp"

namespace paramixer {

using FastaIndexPtr = std::unique_ptr<faidx_t, HtslibRelease<fai_destroy>>;

/// Opens a FASTA file, plain or BGZF, through its index. An index that is missing or older than the
/// file is made first: beside the file, or in a temporary folder if that is not writable. Throws
/// Error for files other than FASTA, for plain gzip, and for lines of uneven length.
FastaIndexPtr open_fasta_index(const std::string& path);

}  // namespace paramixer
