#pragma once

#include <string>

#include "io/files/file_position.hpp"
#include "io/files/htslib_handles.hpp"

namespace paramixer {

/// Name of an input in messages: "stdin" for "-".
std::string display_name_of(const std::string& path);

/// Opens a local file, or stdin for "-". htslib gets an open file and never the name, because it
/// would take a name such as "https://..." to the network. Throws Error for a missing, unreadable
/// or empty file and for a directory.
HFilePtr open_input(const std::string& path);

/// An open input and how far it has been read.
struct FollowedInput {
  HFilePtr file;
  FilePosition position;
};

/// open_input() with observable progress.
FollowedInput open_followed_input(const std::string& path);

}  // namespace paramixer
