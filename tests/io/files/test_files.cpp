#include "tests/io/files/test_files.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

#include "core/base/error.hpp"

namespace paramixer::test {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "paramixer-io-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::file(std::string_view name) const { return path_ + "/" + std::string(name); }

StdinFromPipe::StdinFromPipe(const std::string& path) : saved_(dup(STDIN_FILENO)) {
  pipe_ = popen(("cat '" + path + "'").c_str(), "r");
  if (pipe_ == nullptr) throw std::runtime_error("no pipe");
  dup2(fileno(pipe_), STDIN_FILENO);
}

StdinFromPipe::~StdinFromPipe() {
  dup2(saved_, STDIN_FILENO);
  close(saved_);
  pclose(pipe_);
}

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace paramixer::test
