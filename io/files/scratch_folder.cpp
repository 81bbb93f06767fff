#include "io/files/scratch_folder.hpp"

#include <cstdlib>

#include "core/base/error.hpp"

namespace paramixer {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(const fs::path& prefix) {
  std::string pattern = prefix.string() + "XXXXXX";
  if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (exists()) fs::remove_all(path_, ignored);
}

std::unique_ptr<ScratchFolder> make_temporary_folder() {
  const fs::path prefix = fs::temp_directory_path() / "paramixer-";
  auto folder = std::make_unique<ScratchFolder>(prefix);
  if (!folder->exists()) {
    throw Error({.file = prefix.string()}, "cannot be created; set TMPDIR to a writable folder");
  }
  return folder;
}

}  // namespace paramixer
