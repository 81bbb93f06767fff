#include "io/sequence/indexed_reader.hpp"

#include <cstdlib>
#include <memory>
#include <utility>

#include "core/base/error.hpp"
#include "io/files/input_file.hpp"
#include "io/sequence/alignment_source.hpp"
#include "io/sequence/fasta_index.hpp"
#include "io/sequence/region_bounds.hpp"

namespace paramixer {
namespace {

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

void refuse_stdin(const std::string& path) {
  if (path == "-") throw usage_error("regions need an indexed file; stdin has no index");
}

AlignmentSource open_alignments(const std::string& path, const std::string& reference) {
  refuse_stdin(path);
  HFilePtr file = open_input(path);
  htsFormat format{};
  if (hts_detect_format(file.get(), &format) != 0 ||
      (format.format != bam && format.format != cram)) {
    throw Error({.file = path}, "is not BAM or CRAM; regions need one of them, with an index");
  }
  return AlignmentSource(std::move(file), path, {.threads = 0, .reference = reference});
}

}  // namespace

std::string fetch_fasta_region(const std::string& path, const Region& region) {
  refuse_stdin(path);
  const FastaIndexPtr index = open_fasta_index(path);
  const char* name = region.name.c_str();
  if (faidx_has_seq(index.get(), name) == 0) {
    throw Error({.file = path}, "has no sequence named '" + region.name + "'");
  }
  const RegionBounds bounds = bounds_within(region, faidx_seq_len(index.get(), name), path);
  if (bounds.begin == bounds.end) return {};
  hts_pos_t length = 0;
  const std::unique_ptr<char, FreeText> bases(
      faidx_fetch_seq64(index.get(), name, bounds.begin, bounds.end - 1, &length));
  if (!bases || length != bounds.end - bounds.begin) {
    throw Error({.file = path, .record = region.name},
                "the region cannot be read; the file is damaged, or has changed since " + path +
                    ".fai was made");
  }
  return {bases.get(), static_cast<std::size_t>(length)};
}

std::vector<std::pair<std::string, std::int64_t>> list_fasta_sequences(const std::string& path) {
  refuse_stdin(path);
  const FastaIndexPtr index = open_fasta_index(path);
  std::vector<std::pair<std::string, std::int64_t>> sequences;
  for (int i = 0; i < faidx_nseq(index.get()); ++i) {
    const char* name = faidx_iseq(index.get(), i);
    sequences.emplace_back(name, faidx_seq_len(index.get(), name));
  }
  return sequences;
}

void for_each_alignment_in_region(const std::string& path, const Region& region,
                                  const std::string& reference,
                                  const std::function<void(const SequenceRecord&)>& visit) {
  AlignmentSource source = open_alignments(path, reference);
  const int id = source.reference_id(region.name);
  const RegionBounds bounds = bounds_within(region, source.reference_length(id), path);
  source.restrict_to(id, bounds.begin, bounds.end);
  SequenceRecord record;
  for (record.index = 0; source.next(record); ++record.index) visit(record);
}

}  // namespace paramixer
