#include "tests/io/sequence/sequence_files.hpp"

#include <algorithm>
#include <array>
#include <htslib/bgzf.h>
#include <htslib/kstring.h>
#include <random>
#include <stdexcept>

#include "io/files/htslib_handles.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer::test {
namespace {

void require(bool condition) {
  if (!condition) throw std::runtime_error("a test file could not be made");
}

void write_compressed(const std::string& path, std::string_view text, const char* mode) {
  BGZF* file = bgzf_open(path.c_str(), mode);
  require(file != nullptr);
  require(bgzf_write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  require(bgzf_close(file) == 0);
}

struct OpenAlignments {
  HtsFilePtr file;
  HeaderPtr header;
};

OpenAlignments open_alignments(const std::string& path) {
  OpenAlignments input{HtsFilePtr(hts_open(path.c_str(), "r")), nullptr};
  require(input.file != nullptr);
  input.header.reset(sam_hdr_read(input.file.get()));
  require(input.header != nullptr);
  return input;
}

htsFile* open_output(const std::string& path, const std::string& mode) {
  const std::size_t comma = std::min(mode.find(','), mode.size());
  htsFormat format{};
  require(comma == mode.size() ||
          hts_parse_format(&format, ("cram" + mode.substr(comma)).c_str()) == 0);
  htsFile* output = hts_open_format(path.c_str(), mode.substr(0, comma).c_str(),
                                    comma == mode.size() ? nullptr : &format);
  hts_opt_free(static_cast<hts_opt*>(format.specific));
  require(output != nullptr);
  return output;
}

}  // namespace

void write_gzip(const std::string& path, std::string_view text) {
  write_compressed(path, text, "wg");
}

void write_bgzf(const std::string& path, std::string_view text) {
  write_compressed(path, text, "w");
}

std::string inflated(const std::string& path) {
  const BgzfPtr file(bgzf_open(path.c_str(), "r"));
  require(file != nullptr);
  std::string text;
  std::array<char, 4096> part{};
  ssize_t count = 0;
  while ((count = bgzf_read(file.get(), part.data(), part.size())) > 0) {
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  require(count == 0);
  return text;
}

void write_alignments(const std::string& path, const std::string& sam, const char* mode,
                      const std::string& reference) {
  const TempDir dir;
  write_file(dir.file("in.sam"), sam);
  const OpenAlignments input = open_alignments(dir.file("in.sam"));
  htsFile* output = open_output(path, mode);
  if (!reference.empty()) require(hts_set_fai_filename(output, reference.c_str()) == 0);
  require(sam_hdr_write(output, input.header.get()) == 0);
  const AlignmentPtr record = make_alignment();
  int status = 0;
  while ((status = sam_read1(input.file.get(), input.header.get(), record.get())) >= 0) {
    require(sam_write1(output, input.header.get(), record.get()) >= 0);
  }
  require(status == -1);
  require(hts_close(output) == 0);
}

std::string sam_text_of(const std::string& path) {
  const OpenAlignments input = open_alignments(path);
  std::string text = sam_hdr_str(input.header.get());
  const AlignmentPtr record = make_alignment();
  kstring_t line = KS_INITIALIZE;
  int status = 0;
  while ((status = sam_read1(input.file.get(), input.header.get(), record.get())) >= 0) {
    require(sam_format1(input.header.get(), record.get(), &line) >= 0);
    text += std::string(line.s, line.l) + "\n";
  }
  ks_free(&line);
  require(status == -1);
  return text;
}

void cut_tail(const std::string& path, std::size_t bytes) {
  const std::string whole = read_file(path);
  write_file(path, std::string_view(whole).substr(0, whole.size() - bytes));
}

void flip_byte(const std::string& path, std::size_t position) {
  std::string bytes = read_file(path);
  bytes.at(position) = static_cast<char>(bytes[position] ^ 0x5A);
  write_file(path, bytes);
}

std::string random_bases(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::string bases(count, 'A');
  for (char& base : bases) base = "ACGT"[random() % 4];
  return bases;
}

}  // namespace paramixer::test
