#include "io/sequence/fasta_index.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "core/base/error.hpp"
#include "io/files/input_file.hpp"
#include "io/files/scratch_folder.hpp"

namespace paramixer {
namespace {

namespace fs = std::filesystem;

/// The files of an index: `.fai`, and `.gzi` for BGZF.
struct IndexFiles {
  explicit IndexFiles(const std::string& stem) : fai(stem + ".fai"), gzi(stem + ".gzi") {}
  std::string fai;
  std::string gzi;
};

bool is_newer_or_as_old(const std::string& index, const std::string& path) {
  std::error_code failed;
  const auto index_time = fs::last_write_time(index, failed);
  return !failed && index_time >= fs::last_write_time(path, failed) && !failed;
}

/// Throws for everything that has no FASTA index; true for BGZF.
bool check_format(const std::string& path) {
  BgzfPtr file;
  HFilePtr raw = open_input(path);
  file.reset(bgzf_hopen(raw.get(), "r"));
  if (!file) throw Error({.file = path}, "cannot be read");
  static_cast<void>(raw.release());
  if (bgzf_peek(file.get()) != '>') {
    throw Error({.file = path}, "is not a FASTA file; regions need FASTA, plain or bgzip");
  }
  const int compression = bgzf_compression(file.get());
  if (compression == gzip) {
    throw Error({.file = path},
                "is compressed with gzip, which has no index; recompress it with bgzip");
  }
  return compression == bgzf;
}

FastaIndexPtr load(const std::string& path, const IndexFiles& index) {
  return FastaIndexPtr(fai_load3(path.c_str(), index.fai.c_str(), index.gzi.c_str(), 0));
}

/// Makes the index in `folder`, opens it, and moves it beside the file where that is possible.
FastaIndexPtr build_and_load(const std::string& path, const ScratchFolder& folder) {
  const IndexFiles made(folder.file("index"));
  if (fai_build3(path.c_str(), made.fai.c_str(), made.gzi.c_str()) != 0) {
    throw Error({.file = path},
                "cannot be indexed; every record needs bases, a unique name, and lines of equal "
                "length (the last may be shorter)");
  }
  FastaIndexPtr opened = load(path, made);
  if (!opened) throw Error({.file = path}, "its new index cannot be read back");
  const IndexFiles kept(path);
  std::error_code not_kept;
  if (fs::exists(made.gzi, not_kept)) fs::rename(made.gzi, kept.gzi, not_kept);
  if (!not_kept) fs::rename(made.fai, kept.fai, not_kept);
  return opened;
}

}  // namespace

FastaIndexPtr open_fasta_index(const std::string& path) {
  const bool is_compressed = check_format(path);
  const IndexFiles present(path);
  if (is_newer_or_as_old(present.fai, path) &&
      (!is_compressed || is_newer_or_as_old(present.gzi, path))) {
    FastaIndexPtr opened = load(path, present);
    if (!opened) {
      throw Error({.file = present.fai}, "is damaged; remove it to have it made again");
    }
    return opened;
  }
  // Built in a separate folder and renamed, so that other programs never see half an index.
  const fs::path home = fs::path(path).parent_path();
  const ScratchFolder beside((home.empty() ? fs::path(".") : home) / ".paramixer-index-");
  if (beside.exists()) return build_and_load(path, beside);
  const ScratchFolder temporary(fs::temp_directory_path() / ".paramixer-index-");
  if (!temporary.exists()) {
    throw Error({.file = path},
                "there is no folder for its index; make one with: samtools faidx " + path);
  }
  return build_and_load(path, temporary);
}

}  // namespace paramixer
