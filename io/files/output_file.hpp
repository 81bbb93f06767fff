#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "core/base/error.hpp"

namespace paramixer {

enum class OutputStart {
  kFresh,   ///< Start empty; a `.partial` of an earlier run is replaced.
  kResume,  ///< Go on at the end of an existing `.partial`.
};

/// Text or bytes that become visible under their final name only when complete: written to
/// `PATH.partial`, flushed to disk and renamed by commit(). Without commit() the `.partial` file
/// stays, and its name shows that it is incomplete. "-" is stdout, where commit() flushes; a path
/// that exists and is not a regular file (a device, a pipe such as /dev/stderr) is written
/// directly. Neither can be resumed (a usage Error). Every failed write (a full disk; a closed
/// pipe, where the program ignores SIGPIPE) throws Error. Not thread-safe.
class OutputFile {
 public:
  explicit OutputFile(std::string path, OutputStart start = OutputStart::kFresh);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view bytes);
  /// Hands everything written so far to the operating system.
  void flush();
  /// Makes the file visible under its final name. Nothing can be written afterwards.
  void commit();

  const std::string& path() const noexcept { return path_; }
  /// Name of the file that is being written: partial_path_of(path()).
  const std::string& partial_path() const noexcept { return partial_path_; }

 private:
  std::string path_;
  std::string partial_path_;
  std::FILE* file_ = nullptr;
};

/// `path` + ".partial" (beside the target when `path` is a symbolic link to a file); `path` itself
/// for "-" and for an existing path that is not a regular file.
std::string partial_path_of(const std::string& path);

/// Throws Error when no output of this name can be made: it is a folder, or the folder where it
/// would lie does not exist or may not be written to. Makes nothing, so that it can be asked before
/// hours of work. A usage Error for an empty name.
void check_output_place(const std::string& path);

/// The Error of an output that cannot be created because of this errno.
Error cannot_create_output(const std::string& path, int error_number);

/// A usage Error for an output that is written in place ("-", a pipe, a device), which cannot be
/// resumed.
void refuse_in_place(const std::string& path);

/// fsyncs `partial`, then renames it to `path`; nothing when both are the same. For writers that
/// fill their file through a library.
void commit_partial_file(const std::string& partial, const std::string& path);

}  // namespace paramixer
