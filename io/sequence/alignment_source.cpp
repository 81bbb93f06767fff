#include "io/sequence/alignment_source.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <htslib/cram.h>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/error.hpp"
#include "io/files/input_file.hpp"
#include "io/sequence/alignment_bases.hpp"
#include "io/sequence/cram_reference.hpp"
#include "io/sequence/sam_line.hpp"

namespace paramixer {
namespace {

constexpr int kEnd = -1;
/// The first CRAM version with an end block, as cram_fd_get_version() counts.
constexpr int kCramVersion21 = 0x201;
/// Bytes of a BAM record that its size does not count, and the least it can count.
constexpr std::int64_t kBamSizeBytes = 4;
constexpr std::int64_t kLeastBamRecord = 32;

SequenceFormat format_of(const htsFormat& format) {
  if (format.format == cram) return SequenceFormat::kCram;
  return format.format == bam ? SequenceFormat::kBam : SequenceFormat::kSam;
}

int mate_of(const bam1_core_t& core) {
  const bool first = (core.flag & BAM_FREAD1) != 0;
  const bool second = (core.flag & BAM_FREAD2) != 0;
  if (first == second) return 0;
  return first ? 1 : 2;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

/// The size that the next BAM record gives itself, where it can be seen without taking it.
std::optional<std::int64_t> next_bam_record_size(BGZF& file) {
  if (file.block_offset >= file.block_length && bgzf_read_block(&file) != 0) return std::nullopt;
  if (file.block_length - file.block_offset < kBamSizeBytes) return std::nullopt;
  const auto* bytes = static_cast<const std::uint8_t*>(file.uncompressed_block) + file.block_offset;
  std::uint32_t size = 0;
  for (int i = 3; i >= 0; --i) size = size << 8U | bytes[i];
  return static_cast<std::int64_t>(size);
}

/// Takes `count` bytes; false when there are fewer.
bool skip_bytes(BGZF& file, std::int64_t count) {
  std::array<char, 1 << 14> unused{};
  while (count > 0) {
    const auto wanted = static_cast<std::size_t>(std::min<std::int64_t>(count, unused.size()));
    const ssize_t taken = bgzf_read(&file, unused.data(), wanted);
    if (taken <= 0) return false;
    count -= taken;
  }
  return count == 0;
}

/// What htslib found wrong with a BAM record.
std::string describe_bad_bam_record(const bam1_t& alignment, int references) {
  const bam1_core_t& core = alignment.core;
  if (core.tid >= references || core.mtid >= references) {
    return "the BAM record names a reference sequence that the header does not have";
  }
  if (alignment.l_data > 0 && core.n_cigar > 0) {
    const std::int64_t covered =
        bam_cigar2qlen(static_cast<int>(core.n_cigar), bam_get_cigar(&alignment));
    if (covered != core.l_qseq) {
      return "there are " + std::to_string(core.l_qseq) + " bases, but " + std::to_string(covered) +
             " in the CIGAR";
    }
  }
  return "the BAM record is damaged: its lengths contradict each other";
}

}  // namespace

AlignmentSource::AlignmentSource(HFilePtr file, const std::string& path,
                                 const ReaderOptions& options)
    : path_(path), display_name_(display_name_of(path)), reference_(options.reference) {
  file_.reset(hts_hopen(file.get(), path.c_str(), "r"));
  if (!file_) fail("cannot be read as SAM, BAM or CRAM; its start is damaged");
  static_cast<void>(file.release());
  format_ = format_of(*hts_get_format(file_.get()));
  header_.reset(sam_hdr_read(file_.get()), sam_hdr_destroy);
  if (!header_) {
    fail(std::string("its ") + name_of(format_) +
         " header is damaged or cut off; copy or download the file again");
  }
  // After the header has been copied, so that the copy keeps what htslib is not to see.
  if (format_ == SequenceFormat::kCram) set_cram_reference(*file_, reference_);
  // Only now: htslib 1.16 waits for ever in the header when its reading thread met damage.
  start_threads(options.threads);
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
  record.clear();
  std::shared_ptr<bam1_t> alignment(make_alignment());
  const Found found = read(*alignment, record);
  if (found == Found::kEnd) {
    if (!iterator_) check_end();
    return false;
  }
  ++records_read_;
  if (found == Found::kRecord) record.name = bam_get_qname(alignment.get());
  if (record.name.empty()) {
    record.name = "record_" + std::to_string(records_read_);
    if (found == Found::kRecord) record.damage = "there is no read name; give every record a name";
  } else if (found == Found::kRecord) {
    record.reverse_strand = bam_is_rev(alignment.get());
    record.primary = (alignment->core.flag & (BAM_FSECONDARY | BAM_FSUPPLEMENTARY)) == 0;
    record.mate = mate_of(alignment->core);
    decode_bases(*alignment, record.sequence);
    record.alignment = std::move(alignment);
  }
  // Damaged names may hold line ends, and a message is one line.
  last_name_ = record.name;
  std::replace_if(
      last_name_.begin(), last_name_.end(), [](unsigned char c) { return c < 0x20; }, '?');
  return true;
}

AlignmentSource::Found AlignmentSource::read(bam1_t& alignment, SequenceRecord& record) {
  if (format_ == SequenceFormat::kSam) return read_sam(alignment, record);
  if (format_ == SequenceFormat::kBam && !iterator_) return read_bam(alignment, record);
  const int status = iterator_ ? sam_itr_next(file_.get(), iterator_.get(), &alignment)
                               : sam_read1(file_.get(), header_.get(), &alignment);
  if (status < kEnd) fail_record();
  return status == kEnd ? Found::kEnd : Found::kRecord;
}

AlignmentSource::Found AlignmentSource::read_sam(bam1_t& alignment, SequenceRecord& record) {
  // Reads line by line, because sam_read1() does not distinguish a bad line from a failed read.
  if (!next_sam_line()) return Found::kEnd;
  kstring_t& line = file_->line;
  const std::size_t length = line.l;
  const bool has_nul = std::memchr(line.s, '\0', length) != nullptr;
  const bool is_valid = !has_nul && sam_parse1(&line, header_.get(), &alignment) >= 0;
  line.l = 0;
  if (is_valid) return Found::kRecord;
  // The parser has put a NUL after every column that it took.
  if (!has_nul) std::replace(line.s, line.s + length, '\0', '\t');
  line.l = length;
  const Found found = reject_sam_line(record);
  line.l = 0;
  return found;
}

bool AlignmentSource::next_sam_line() {
  kstring_t& line = file_->line;
  sam_line_start_ = -1;
  // The reader of the header has taken the first line after it.
  while (line.l == 0 || is_blank({line.s, line.l})) {
    if (file_->is_bgzf == 0) sam_line_start_ = htell(file_->fp.hfile);
    const int status = hts_getline(file_.get(), '\n', &line);
    if (status < kEnd) fail_record();
    if (status == kEnd) return false;
  }
  return true;
}

AlignmentSource::Found AlignmentSource::reject_sam_line(SequenceRecord& record) {
  const std::string_view line(file_->line.s, file_->line.l);
  const std::string at_line = "line " + std::to_string(file_->lineno);
  if (sam_hdr_nref(header_.get()) == 0 && names_reference(line)) {
    fail(place() + ": " + at_line +
         " is aligned, but the header has no @SQ lines, which name the reference sequences; add "
         "them, for example with: samtools view -b -T REFERENCE.fa -o NEW.bam FILE");
  }
  const std::string problem =
      at_line + " is not a valid SAM record: " + describe_bad_sam_line(line);
  const bool ends_in_line = sam_line_start_ >= 0 && htell(file_->fp.hfile) - sam_line_start_ ==
                                                        static_cast<std::int64_t>(line.size());
  if (ends_in_line) {
    fail(place() + ": " + problem + "; the file ends in this line and is cut off");
  }
  record.name = sam_line_name(line);
  record.damage = problem;
  return Found::kDamaged;
}

AlignmentSource::Found AlignmentSource::read_bam(bam1_t& alignment, SequenceRecord& record) {
  BGZF& bgzf = *file_->fp.bgzf;
  const std::optional<std::int64_t> size = next_bam_record_size(bgzf);
  // On the second call, htslib mistakes a block that could not be loaded for the end of the file.
  if (bgzf.errcode != 0) fail_record();
  const std::int64_t start = bgzf_utell(&bgzf);
  const int status = sam_read1(file_.get(), header_.get(), &alignment);
  if (status == kEnd) return Found::kEnd;
  if (status > kEnd) return Found::kRecord;
  if (bgzf.errcode != 0 || !size || *size < kLeastBamRecord) fail_record();
  // A record that contradicts itself; the next one begins where its size says.
  const std::int64_t rest = start + kBamSizeBytes + *size - bgzf_utell(&bgzf);
  if (rest < 0 || !skip_bytes(bgzf, rest)) fail_record();
  if (rest == 0 && alignment.l_data > 0) record.name = bam_get_qname(&alignment);
  record.damage = rest == 0 ? describe_bad_bam_record(alignment, sam_hdr_nref(header_.get()))
                            : "the BAM record is damaged: its lengths contradict each other";
  return Found::kDamaged;
}

int AlignmentSource::reference_id(const std::string& name) {
  const int id = sam_hdr_name2tid(header_.get(), name.c_str());
  if (id < 0) fail("has no reference sequence named '" + name + "' in its header");
  return id;
}

void AlignmentSource::restrict_to(int id, std::int64_t begin, std::int64_t end) {
  index_.reset(sam_index_load3(file_.get(), path_.c_str(), nullptr, HTS_IDX_SILENT_FAIL));
  region_id_ = id;
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

std::string AlignmentSource::place() const {
  const std::string record = "record " + std::to_string(records_read_ + 1);
  return records_read_ == 0 ? record : record + " (after '" + last_name_ + "')";
}

void AlignmentSource::fail_record() const {
  if (format_ == SequenceFormat::kCram) fail_cram_record();
  if (file_->is_bgzf != 0 && file_->fp.bgzf->errcode != 0) {
    fail(place() + ": " + bgzf_failure(*file_->fp.bgzf));
  }
  if (format_ == SequenceFormat::kSam) fail(place() + ": the rest of the file cannot be read");
  fail(place() + ": the BAM record is damaged or cut off; copy or download the file again");
}

void AlignmentSource::fail_cram_record() const {
  const char* region_name = region_id_ < 0 ? nullptr : sam_hdr_tid2name(header_.get(), region_id_);
  const std::string sequence =
      region_name != nullptr ? region_name : cram_reference_of(path_, records_read_);
  const std::string aligned = sequence.empty() ? "" : " is aligned to '" + sequence + "' and";
  if (!reference_.empty()) {
    fail(place() + aligned +
         " cannot be decoded; the file is damaged, or that sequence is missing in " + reference_ +
         ", or it is not the one that the CRAM was made with");
  }
  if (!sequence.empty()) {
    fail(place() + aligned +
         " needs the reference that the CRAM was made with; give it with --reference FASTA");
  }
  fail(place() +
       " cannot be decoded; it needs the reference that the CRAM was made with (--reference "
       "FASTA), or the file is damaged");
}

}  // namespace paramixer
