#include "io/files/output_name.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <span>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

enum class Compression {
  kBgzf,  ///< The format is text, which is compressed as BGZF when the name says so.
  kNone,  ///< It is compressed in itself, or somebody reads it while it grows.
};

struct Ending {
  std::string_view text;
  std::string_view format;
  Compression compression = Compression::kBgzf;
};

// The first ending of a format is the one that messages name.
constexpr Ending kEndings[] = {
    {".tsv", "tsv"},
    {".tab", "tsv"},
    {".jsonl", "jsonl"},
    {".ndjson", "jsonl"},
    {".json", "json"},
    {".csv", "csv", Compression::kNone},
    {".bed", "bed"},
    {".bedgraph", "bedgraph"},
    {".bdg", "bedgraph"},
    {".bg", "bedgraph"},
    {".bedpe", "bedpe"},
    {".bigwig", "bigwig", Compression::kNone},
    {".bw", "bigwig", Compression::kNone},
    {".sam", "sam"},
    {".bam", "bam", Compression::kNone},
    {".cram", "cram", Compression::kNone},
    {".fa", "fasta"},
    {".fasta", "fasta"},
    {".fna", "fasta"},
    {".ffn", "fasta"},
    {".fq", "fastq"},
    {".fastq", "fastq"},
    {".safetensors", "model", Compression::kNone},
};
constexpr std::string_view kBgzfEndings[] = {".gz", ".bgz"};
constexpr std::string_view kOtherCompressions[] = {".bz2", ".xz", ".zst", ".zip"};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return lower;
}

/// Takes a compression's ending off a name in lower case; empty when there is none.
std::string_view take_compression(std::string& name) {
  for (const auto& endings : {std::span<const std::string_view>(kBgzfEndings),
                              std::span<const std::string_view>(kOtherCompressions)}) {
    for (const std::string_view ending : endings) {
      if (!name.ends_with(ending)) continue;
      name.resize(name.size() - ending.size());
      return ending;
    }
  }
  return {};
}

bool holds(const std::vector<std::string>& formats, std::string_view format) {
  return std::ranges::find(formats, format) != formats.end();
}

std::string list_of(const std::vector<std::string>& formats) {
  std::string list;
  for (const std::string& format : formats) list += (list.empty() ? "" : ", ") + format;
  return list;
}

Error not_offered(const OutputRequest& request, std::string_view format) {
  const std::string path = request.path + ": ";
  if (format == "cram" && holds(request.offered, "bam")) {
    return usage_error(path +
                       "CRAM is not written, because it needs the reference; write .bam and "
                       "convert it with samtools view -C");
  }
  return usage_error(path + "this output cannot be written as " + std::string(format) +
                     "; choose a name that ends in " + endings_of(request.offered));
}

void check_compression(const OutputRequest& request, std::string_view compression,
                       const std::string& format) {
  if (compression.empty()) return;
  if (std::ranges::find(kBgzfEndings, compression) == std::end(kBgzfEndings)) {
    throw usage_error(request.path + ": " + std::string(compression) +
                      " is not written; choose .gz, or a name without it");
  }
  for (const Ending& ending : kEndings) {
    if (ending.format != format || ending.compression == Compression::kBgzf) continue;
    throw usage_error(request.path + ": this output is not compressed with gzip; choose a name " +
                      "without " + std::string(compression));
  }
}

}  // namespace

OutputName read_output_name(std::string_view path) {
  std::string name = lower_case(path);
  OutputName read{.compression = take_compression(name)};
  for (const Ending& ending : kEndings) {
    if (name.ends_with(ending.text)) read.format = ending.format;
  }
  return read;
}

bool is_compressed_name(std::string_view path) {
  const std::string_view compression = read_output_name(path).compression;
  return std::ranges::find(kBgzfEndings, compression) != std::end(kBgzfEndings);
}

std::string output_format(const OutputRequest& request) {
  const OutputName name = read_output_name(request.path);
  if (!request.asked.empty() && !holds(request.offered, request.asked)) {
    throw usage_error("unknown format '" + request.asked +
                      "'; expected one of: " + list_of(request.offered));
  }
  std::string format = request.asked;
  if (format.empty()) format = name.format.empty() ? request.offered.front() : name.format;
  if (!holds(request.offered, format)) throw not_offered(request, format);
  if (!name.format.empty() && name.format != format) {
    throw usage_error(request.path + ": the name says " + std::string(name.format) +
                      ", but the chosen format is " + format + "; change one of them");
  }
  check_compression(request, name.compression, format);
  return format;
}

std::string endings_of(const std::vector<std::string>& formats) {
  std::string list;
  for (const std::string& format : formats) {
    const auto ending = std::ranges::find(kEndings, format, &Ending::format);
    if (ending == std::end(kEndings)) continue;
    list += (list.empty() ? "" : ", ") + std::string(ending->text);
  }
  return list;
}

}  // namespace paramixer
