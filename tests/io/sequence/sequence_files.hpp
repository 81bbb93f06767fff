#pragma once

#include <string>
#include <string_view>

namespace paramixer::test {

/// One gzip member, as gzip writes it.
void write_gzip(const std::string& path, std::string_view text);
/// BGZF blocks and the end block, as bgzip writes it.
void write_bgzf(const std::string& path, std::string_view text);
/// The text of a plain, gzip or BGZF file.
std::string inflated(const std::string& path);
/// A BAM or CRAM of SAM text. `mode` is htslib's, with options of CRAM: "wb", "wc", "wc,no_ref=1".
/// `reference` only for CRAM.
void write_alignments(const std::string& path, const std::string& sam, const char* mode = "wb",
                      const std::string& reference = "");
/// The records and header of an alignment file as SAM text.
std::string sam_text_of(const std::string& path);

/// The file without its last `bytes`.
void cut_tail(const std::string& path, std::size_t bytes);
/// The same file with one byte changed.
void flip_byte(const std::string& path, std::size_t position);

constexpr std::size_t kEndBlockBytes = 28;

/// `count` random bases, the same for the same seed.
std::string random_bases(std::size_t count, unsigned seed);

}  // namespace paramixer::test
