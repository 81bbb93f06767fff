#include "io/sequence/cram_reference.hpp"

#include <htslib/cram.h>
#include <sys/stat.h>

#include "core/base/error.hpp"
#include "io/files/input_file.hpp"

namespace paramixer {
namespace {

bool is_regular_file(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

/// htslib searches a sequence that is not in the given FASTA by its checksum (M5) in the folders
/// and servers of REF_PATH, by default the EBI's, and then at its address (UR). Without these two
/// header fields it has nothing to look up on the network.
void keep_off_the_network(sam_hdr_t& header) {
  for (int id = 0; id < sam_hdr_nref(&header); ++id) {
    const std::string name = sam_hdr_tid2name(&header, id);
    for (const char* field : {"M5", "UR"}) {
      if (sam_hdr_remove_tag_id(&header, "SQ", "SN", name.c_str(), field) < 0) {
        throw Error("out of memory for a CRAM header");
      }
    }
  }
}

}  // namespace

void set_cram_reference(htsFile& file, const std::string& reference) {
  keep_off_the_network(*cram_fd_get_header(file.fp.cram));
  if (reference.empty()) return;
  if (!is_regular_file(reference)) {
    throw Error({.file = reference}, "the reference for CRAM is not a file; check --reference");
  }
  if (hts_set_fai_filename(&file, reference.c_str()) != 0) {
    throw Error(
        {.file = reference},
        "cannot be used as reference; it must be a FASTA file, plain or bgzip, with an index "
        "(samtools faidx " +
            reference + ")");
  }
}

std::string cram_reference_of(const std::string& path, std::int64_t record) {
  if (!is_regular_file(path)) return "";
  HFilePtr raw = open_input(path);
  const HtsFilePtr file(hts_hopen(raw.get(), path.c_str(), "r"));
  if (!file) return "";
  static_cast<void>(raw.release());
  const HeaderPtr header(sam_hdr_read(file.get()));
  if (!header || hts_set_opt(file.get(), CRAM_OPT_REQUIRED_FIELDS, SAM_QNAME | SAM_RNAME) != 0) {
    return "";
  }
  set_cram_reference(*file, "");
  const AlignmentPtr alignment = make_alignment();
  for (std::int64_t i = 0; i <= record; ++i) {
    if (sam_read1(file.get(), header.get(), alignment.get()) < 0) return "";
  }
  const char* name = sam_hdr_tid2name(header.get(), alignment->core.tid);
  return name == nullptr ? "" : name;
}

}  // namespace paramixer
