#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace paramixer {

/// A new, private folder, removed with its content at the end of the scope.
class ScratchFolder {
 public:
  /// Named `prefix` plus six letters. Where it cannot be created, exists() is false.
  explicit ScratchFolder(const std::filesystem::path& prefix);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  bool exists() const noexcept { return !path_.empty(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// One among the system's temporary files. Throws Error when it cannot be created.
std::unique_ptr<ScratchFolder> make_temporary_folder();

}  // namespace paramixer
