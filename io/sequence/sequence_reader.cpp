#include "io/sequence/sequence_reader.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "core/base/error.hpp"
#include "io/files/input_file.hpp"
#include "io/files/text_stream.hpp"
#include "io/sequence/alignment_source.hpp"
#include "io/sequence/fastx_source.hpp"
#include "io/sequence/name_set.hpp"
#include "io/sequence/record_source.hpp"

namespace paramixer {
namespace {

/// Name of a compression that htslib recognises and cannot read; null for the others.
const char* unreadable_compression(htsCompression compression) {
  switch (compression) {
    case bzip2_compression:
      return "bzip2";
    case xz_compression:
      return "xz";
    case zstd_compression:
      return "zstd";
    case razf_compression:
      return "razf";
    default:
      return nullptr;
  }
}

/// htslib does not recognise a SAM text behind a UTF-8 byte order mark.
void skip_byte_order_mark(hFILE& file) {
  std::array<char, kUtf8ByteOrderMark.size()> start{};
  const ssize_t count = hpeek(&file, start.data(), start.size());
  const bool has_mark = count == std::ssize(start) &&
                        std::string_view(start.data(), start.size()) == kUtf8ByteOrderMark;
  // The bytes are in the buffer already, so that this cannot fail.
  if (has_mark && hread(&file, start.data(), start.size()) != count) throw Error("cannot be read");
}

std::unique_ptr<RecordSource> open_source(HFilePtr file, const std::string& path,
                                          const ReaderOptions& options) {
  const std::string name = display_name_of(path);
  skip_byte_order_mark(*file);
  htsFormat format{};
  if (hts_detect_format(file.get(), &format) != 0) throw Error({.file = name}, "cannot be read");
  if (const char* compression = unreadable_compression(format.compression)) {
    throw Error({.file = name}, std::string("is compressed with ") + compression +
                                    ", which is not read; use gzip or bgzip");
  }
  switch (format.format) {
    case sam:
    case bam:
    case cram:
      return std::make_unique<AlignmentSource>(std::move(file), path, options);
    case vcf:
    case bcf:
      throw Error(
          {.file = name},
          "is a VCF or BCF file, which holds variants instead of sequences; give FASTA, FASTQ, "
          "SAM, BAM or CRAM");
    default:
      // htslib wants to see nucleotides in a FASTA file; proteins and damaged files get a better
      // message from the parser.
      return std::make_unique<FastxSource>(std::move(file), name, options.threads);
  }
}

}  // namespace

class SequenceReader::Impl {
 public:
  Impl(const std::string& path, const ReaderOptions& options)
      : display_name_(display_name_of(path)) {
    FollowedInput input = open_followed_input(path);
    position_ = std::move(input.position);
    source_ = open_source(std::move(input.file), path, options);
    const bool has_alignments = source_->header() != nullptr;
    const bool compares = source_->format() == SequenceFormat::kFasta
                              ? options.duplicates != DuplicateNames::kAllow
                              : options.duplicates == DuplicateNames::kReject;
    duplicates_ = compares && !has_alignments ? options.duplicates : DuplicateNames::kAllow;
  }

  bool next(SequenceRecord& record) {
    if (!source_->next(record)) return false;
    record.repeats_name = duplicates_ != DuplicateNames::kAllow && !names_.insert(record.name);
    if (record.repeats_name && duplicates_ == DuplicateNames::kReject) {
      throw Error({.file = display_name_, .record = record.name},
                  "the name appears twice (names are compared by a 64-bit hash); give every record "
                  "a unique name, or accept it with --duplicates allow");
    }
    record.index = next_index_++;
    return true;
  }

  const RecordSource& source() const noexcept { return *source_; }
  const FilePosition& position() const noexcept { return position_; }
  const std::string& display_name() const noexcept { return display_name_; }

 private:
  std::string display_name_;
  FilePosition position_;
  std::unique_ptr<RecordSource> source_;
  DuplicateNames duplicates_ = DuplicateNames::kAllow;
  NameSet names_;
  std::int64_t next_index_ = 0;
};

SequenceReader::SequenceReader(const std::string& path, ReaderOptions options)
    : impl_(std::make_unique<Impl>(path, options)) {}

SequenceReader::~SequenceReader() = default;
SequenceReader::SequenceReader(SequenceReader&&) noexcept = default;
SequenceReader& SequenceReader::operator=(SequenceReader&&) noexcept = default;

bool SequenceReader::next(SequenceRecord& record) { return impl_->next(record); }

SequenceFormat SequenceReader::format() const noexcept { return impl_->source().format(); }

const std::string& SequenceReader::display_name() const noexcept { return impl_->display_name(); }

std::optional<double> SequenceReader::share_read() const noexcept {
  return impl_->position().share_read();
}

std::shared_ptr<const sam_hdr_t> SequenceReader::header() const noexcept {
  return impl_->source().header();
}

}  // namespace paramixer
