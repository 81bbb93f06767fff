#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace paramixer {

/// What the name of an output says about its content. The one table of endings of all commands:
///
///   tsv .tsv .tab          bed .bed                    json .json      model .safetensors
///   jsonl .jsonl .ndjson   bedgraph .bedgraph .bdg .bg  csv .csv       fasta .fa .fasta .fna .ffn
///   bam .bam               bigwig .bigwig .bw          bedpe .bedpe    fastq .fq .fastq
///   sam .sam               cram .cram
///
/// and behind any of them .gz or .bgz for BGZF, which gzip reads too. Letters of either case.
/// Everything else (.txt, .out, no ending, "-", /dev/stdout) says nothing.
struct OutputName {
  std::string_view format{};  ///< Name of a format; empty: the name does not say.
  /// Ending of a compression: ".gz", ".bgz", or one that no command writes (".bz2", ".xz", ".zst",
  /// ".zip"). Empty: none.
  std::string_view compression{};
};
OutputName read_output_name(std::string_view path);

/// Whether an output of this name is written as BGZF.
bool is_compressed_name(std::string_view path);

/// An output, and what its command can write.
struct OutputRequest {
  std::string path;
  std::string asked{};  ///< Format that was named in an option; empty: none was.
  /// Formats that the command can write, the default one first.
  std::vector<std::string> offered;
};

/// The format of an output: `asked`, or what the name says, or the first of `offered`. Throws a
/// usage Error when `asked` is not offered, when the name says something else than `asked`, and
/// when the name promises a format or a compression that the command cannot write.
std::string output_format(const OutputRequest& request);

/// The endings that choose each of these formats, for the help: ".tsv, .jsonl, .bam".
std::string endings_of(const std::vector<std::string>& formats);

}  // namespace paramixer
