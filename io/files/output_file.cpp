#include "io/files/output_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr const char* kStdout = "-";
constexpr std::size_t kBufferBytes = 1 << 18;

std::string reason(int error_number) { return std::strerror(error_number); }

[[noreturn]] void throw_write_error(const std::string& path, int error_number) {
  const std::string name = path == kStdout ? "stdout" : path;
  throw Error({.file = name}, "cannot write: " + reason(error_number) +
                                  "; the output is not complete, make room and run again");
}

/// The file that gets the name `path` in the end: behind a symbolic link, what it points to, so
/// that the rename replaces the content and not the link.
std::string target_of(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_symlink(path, failed)) return path;
  const std::filesystem::path target = std::filesystem::canonical(path, failed);
  return failed ? path : target.string();
}

bool is_written_in_place(const std::string& path) {
  struct stat status {};
  return path == kStdout || (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode));
}

std::FILE* open_output(const std::string& path, const std::string& partial, OutputStart start) {
  if (path == kStdout) return stdout;
  std::FILE* file = std::fopen(partial.c_str(), start == OutputStart::kResume ? "abe" : "wbe");
  if (file == nullptr) throw cannot_create_output(path, errno);
  return file;
}

}  // namespace

std::string partial_path_of(const std::string& path) {
  return is_written_in_place(path) ? path : target_of(path) + ".partial";
}

Error cannot_create_output(const std::string& path, int error_number) {
  return Error({.file = path}, "cannot create the output: " + reason(error_number) +
                                   "; check that the folder exists and is writable");
}

void refuse_in_place(const std::string& path) {
  if (!is_written_in_place(path)) return;
  throw usage_error(path + ": only a regular file can be resumed; name an output file");
}

void check_output_place(const std::string& path) {
  if (path.empty()) throw usage_error("the name of the output is empty");
  if (path == kStdout) return;
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) throw cannot_create_output(path, EISDIR);
    if (!S_ISREG(status.st_mode)) {
      if (access(path.c_str(), W_OK) != 0) throw cannot_create_output(path, errno);
      return;
    }
  } else if (errno != ENOENT) {
    throw cannot_create_output(path, errno);
  }
  // The partial file is made beside the target and renamed, for which its folder counts.
  if (path.ends_with('/')) throw cannot_create_output(path, EISDIR);
  std::string folder = std::filesystem::path(target_of(path)).parent_path().string();
  if (folder.empty()) folder = ".";
  if (stat(folder.c_str(), &status) != 0) throw cannot_create_output(path, errno);
  if (!S_ISDIR(status.st_mode)) throw cannot_create_output(path, ENOTDIR);
  if (access(folder.c_str(), W_OK | X_OK) != 0) throw cannot_create_output(path, errno);
}

void commit_partial_file(const std::string& partial, const std::string& path) {
  if (partial == path) return;
  const int descriptor = open(partial.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_write_error(partial, errno);
  const int synced = fsync(descriptor);
  const int sync_error = errno;
  close(descriptor);
  if (synced != 0) throw_write_error(partial, sync_error);
  const std::string target = target_of(path);
  if (std::rename(partial.c_str(), target.c_str()) != 0) {
    throw Error({.file = path},
                "cannot rename " + partial + " to its final name: " + reason(errno));
  }
}

OutputFile::OutputFile(std::string path, OutputStart start)
    : path_(std::move(path)), partial_path_(partial_path_of(path_)) {
  check_output_place(path_);
  if (start == OutputStart::kResume) refuse_in_place(path_);
  file_ = open_output(path_, partial_path_, start);
  if (file_ != stdout) std::setvbuf(file_, nullptr, _IOFBF, kBufferBytes);
}

OutputFile::~OutputFile() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
}

void OutputFile::write(std::string_view bytes) {
  if (file_ == nullptr) throw Error({.file = path_}, "nothing can be written after the commit");
  if (bytes.empty()) return;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
    throw_write_error(path_, errno);
  }
}

void OutputFile::flush() {
  if (file_ != nullptr && std::fflush(file_) != 0) throw_write_error(path_, errno);
}

void OutputFile::commit() {
  if (file_ == nullptr) return;
  flush();
  std::FILE* file = std::exchange(file_, nullptr);
  if (file == stdout) return;
  if (std::fclose(file) != 0) throw_write_error(path_, errno);
  commit_partial_file(partial_path_, path_);
}

}  // namespace paramixer
