#include "io/files/htslib_handles.hpp"

#include <cstring>

#include "core/base/error.hpp"

namespace paramixer {

const char* const kMissingEndBlock =
    "the BGZF end-of-file block is missing, so the file is cut off; copy or download it again";

void silence_htslib() { hts_set_log_level(HTS_LOG_OFF); }

HtsPoolPtr make_hts_pool(int threads) {
  if (threads <= 0) return nullptr;
  HtsPoolPtr pool(hts_tpool_init(threads));
  if (!pool) throw Error("cannot start " + std::to_string(threads) + " threads for the files");
  return pool;
}

AlignmentPtr make_alignment() {
  AlignmentPtr alignment(bam_init1());
  if (!alignment) throw Error("out of memory for an alignment record");
  return alignment;
}

std::string bgzf_failure(const BGZF& file) {
  char next = 0;
  if (const int error_number = herrno(file.fp); error_number != 0) {
    return std::string("cannot be read: ") + std::strerror(error_number);
  }
  // A plain gzip stream has no blocks whose end could be missed: htslib reports a truncation like
  // any other damage, but only after it has taken all the input.
  if (file.is_gzip != 0) {
    return hpeek(file.fp, &next, 1) == 0
               ? "the gzip stream ends early, or its last part is damaged; copy or download the "
                 "file again"
               : "the compressed data are damaged; copy or download the file again";
  }
  // htslib adds BGZF_ERR_ZLIB to the more exact codes.
  if ((file.errcode & BGZF_ERR_IO) != 0) {
    return "the compressed data end in the middle of a block; copy or download the file again";
  }
  if ((file.errcode & BGZF_ERR_HEADER) != 0) {
    return "a compressed block is damaged or cut off; copy or download the file again";
  }
  if ((file.errcode & BGZF_ERR_CRC) != 0) {
    return "a compressed block fails its checksum, so the file is damaged; copy or download it "
           "again";
  }
  return "the compressed data are damaged; copy or download the file again";
}

}  // namespace paramixer
