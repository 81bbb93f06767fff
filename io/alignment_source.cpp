#include "io/alignment_source.hpp"

#include <htslib/cram.h>
#include <sys/stat.h>
#include <utility>

#include "core/base/error.hpp"
#include "io/alignment_bases.hpp"
#include "io/input_file.hpp"

namespace paramixer {
namespace {

constexpr int kEnd = -1;
/// The first CRAM version with an end block, as cram_fd_get_version() counts.
constexpr int kCramVersion21 = 0x201;

SequenceFormat format_of(const htsFormat& format) {
  if (format.format == cram) return SequenceFormat::kCram;
  return format.format == bam ? SequenceFormat::kBam : SequenceFormat::kSam;
}

bool is_regular_file(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

/// htslib searches a sequence that is not in the given FASTA by its checksum (M5) in the folders
/// and servers of REF_PATH, by default the EBI's, and then at its address (UR). Without these two
/// fields in the header it decodes by, it has nothing to ask the network for.
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

AlignmentSource::AlignmentSource(HFilePtr file, const std::string& path,
                                 const ReaderOptions& options)
    : path_(path), display_name_(display_name_of(path)) {
  file_.reset(hts_hopen(file.get(), path.c_str(), "r"));
  if (!file_) fail("cannot be read as SAM, BAM or CRAM; its start is damaged");
  static_cast<void>(file.release());
  format_ = format_of(*hts_get_format(file_.get()));
  if (format_ == SequenceFormat::kCram) set_reference(options.reference);
  header_.reset(sam_hdr_read(file_.get()), sam_hdr_destroy);
  if (!header_) {
    fail(std::string("its ") + name_of(format_) +
         " header is damaged or cut off; copy or download the file again");
  }
  // Only now: htslib 1.16 waits for ever in the header when its reading thread met damage.
  start_threads(options.threads);
}

void AlignmentSource::set_reference(const std::string& reference) {
  if (reference.empty()) {
    fail("is a CRAM file and needs the reference it was made with; give it with --reference FASTA");
  }
  if (!is_regular_file(reference)) {
    throw Error({.file = reference}, "the reference for CRAM is not a file; check --reference");
  }
  keep_off_the_network(*cram_fd_get_header(file_->fp.cram));
  if (hts_set_fai_filename(file_.get(), reference.c_str()) != 0) {
    throw Error(
        {.file = reference},
        "cannot be used as reference; it must be a FASTA file, plain or bgzip, with an index "
        "(samtools faidx " +
            reference + ")");
  }
}

void AlignmentSource::start_threads(int threads) {
  pool_ = make_hts_pool(threads);
  if (!pool_) return;
  int status = 0;
  if (format_ == SequenceFormat::kSam) {
    // Only the decompression: htslib's threaded SAM parser loses the good records before a bad one.
    if (is_bgzf()) status = bgzf_thread_pool(file_->fp.bgzf, pool_.get(), 0);
  } else {
    htsThreadPool shared{pool_.get(), 0};
    status = hts_set_thread_pool(file_.get(), &shared);
  }
  if (status != 0) fail("cannot start the decompression threads");
}

bool AlignmentSource::next(SequenceRecord& record) {
  std::shared_ptr<bam1_t> alignment(make_alignment());
  const int status = iterator_ ? sam_itr_next(file_.get(), iterator_.get(), alignment.get())
                               : sam_read1(file_.get(), header_.get(), alignment.get());
  if (status < kEnd) fail_record();
  if (status == kEnd) {
    if (!iterator_) check_end();
    return false;
  }
  ++records_read_;
  last_name_ = bam_get_qname(alignment.get());
  record.name = last_name_;
  record.reverse_strand = bam_is_rev(alignment.get());
  record.primary = (alignment->core.flag & (BAM_FSECONDARY | BAM_FSUPPLEMENTARY)) == 0;
  decode_bases(*alignment, record.sequence);
  record.quality.clear();
  record.alignment = std::move(alignment);
  return true;
}

int AlignmentSource::reference_id(const std::string& name) {
  const int id = sam_hdr_name2tid(header_.get(), name.c_str());
  if (id < 0) fail("has no reference sequence named '" + name + "' in its header");
  return id;
}

void AlignmentSource::restrict_to(int id, std::int64_t begin, std::int64_t end) {
  index_.reset(sam_index_load3(file_.get(), path_.c_str(), nullptr, HTS_IDX_SILENT_FAIL));
  if (!index_) fail("has no index; make one with: samtools index " + path_);
  iterator_.reset(sam_itr_queryi(index_.get(), id, begin, end));
  if (!iterator_) fail("its index cannot be used; make it again with: samtools index " + path_);
}

bool AlignmentSource::is_bgzf() const noexcept {
  return hts_get_format(file_.get())->compression == bgzf;
}

void AlignmentSource::check_end() const {
  // Both are noted by htslib while it reads, so that pipes are checked like files.
  if (format_ == SequenceFormat::kCram) {
    cram_fd* cram_file = file_->fp.cram;
    if (cram_fd_get_version(cram_file) >= kCramVersion21 &&
        cram_container_is_empty(cram_file) == 0) {
      fail_after_last(
          "the CRAM end block is missing, so the file is cut off; copy or download it "
          "again");
    }
  } else if (is_bgzf() && file_->fp.bgzf->no_eof_block != 0) {
    fail_after_last(kMissingEndBlock);
  }
}

void AlignmentSource::fail(const std::string& message) const {
  throw Error({.file = display_name_}, message);
}

void AlignmentSource::fail_after_last(const std::string& message) const {
  throw Error({.file = display_name_}, records_read_ == 0
                                           ? message
                                           : "after record " + std::to_string(records_read_) +
                                                 " ('" + last_name_ + "'): " + message);
}

void AlignmentSource::fail_record() const {
  std::string place = "record " + std::to_string(records_read_ + 1);
  if (records_read_ > 0) place += " (after '" + last_name_ + "')";
  if (format_ == SequenceFormat::kCram) {
    fail(place +
         ": cannot be decoded; the file is damaged, or the reference is not the one it was "
         "made with");
  }
  if (is_bgzf() && file_->fp.bgzf->errcode != 0) fail(place + ": " + bgzf_failure(*file_->fp.bgzf));
  if (format_ == SequenceFormat::kSam) {
    fail(place + ": line " + std::to_string(file_->lineno) + " is not a valid SAM record");
  }
  fail(place + ": the BAM record is damaged or cut off; copy or download the file again");
}

}  // namespace paramixer
