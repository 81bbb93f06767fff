#pragma once

#include <htslib/bgzf.h>
#include <htslib/hfile.h>
#include <htslib/hts.h>
#include <htslib/sam.h>
#include <htslib/thread_pool.h>
#include <memory>
#include <string>

namespace paramixer {

/// Deleter that calls one htslib function and drops its return code: for readers, and for writers
/// that were given up. A writer that is complete closes its handle itself and looks at the code.
template <auto kRelease>
struct HtslibRelease {
  template <typename Handle>
  void operator()(Handle* handle) const {
    kRelease(handle);
  }
};

using HFilePtr = std::unique_ptr<hFILE, HtslibRelease<hclose_abruptly>>;
using BgzfPtr = std::unique_ptr<BGZF, HtslibRelease<bgzf_close>>;
using HtsFilePtr = std::unique_ptr<htsFile, HtslibRelease<hts_close>>;
using HeaderPtr = std::unique_ptr<sam_hdr_t, HtslibRelease<sam_hdr_destroy>>;
using AlignmentPtr = std::unique_ptr<bam1_t, HtslibRelease<bam_destroy1>>;
using HtsPoolPtr = std::unique_ptr<hts_tpool, HtslibRelease<hts_tpool_destroy>>;
using HtsIndexPtr = std::unique_ptr<hts_idx_t, HtslibRelease<hts_idx_destroy>>;
using HtsIteratorPtr = std::unique_ptr<hts_itr_t, HtslibRelease<hts_itr_destroy>>;

/// Switches htslib's own messages off for the process: every failure is reported by an Error.
void silence_htslib();

/// A pool of decompression or compression threads; null for 0 threads. It must outlive the files
/// that use it. Throws Error when the threads cannot be started.
HtsPoolPtr make_hts_pool(int threads);

/// An empty alignment. Throws Error when memory runs out.
AlignmentPtr make_alignment();

/// Why the last operation on a BGZF, gzip or plain file failed, with what to do about it.
std::string bgzf_failure(const BGZF& file);

/// What is wrong with a BGZF file that lacks its end block.
extern const char* const kMissingEndBlock;

}  // namespace paramixer
