#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

namespace paramixer::test {

/// A fresh folder that is removed with its content at the end of the test.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string file(std::string_view name) const;

 private:
  std::string path_;
};

/// Puts the bytes of a file behind the standard input, through a pipe, until the end of the scope.
class StdinFromPipe {
 public:
  explicit StdinFromPipe(const std::string& path);
  ~StdinFromPipe();
  StdinFromPipe(const StdinFromPipe&) = delete;
  StdinFromPipe& operator=(const StdinFromPipe&) = delete;

 private:
  int saved_ = -1;
  std::FILE* pipe_ = nullptr;
};

void write_file(const std::string& path, std::string_view bytes);
std::string read_file(const std::string& path);
bool exists(const std::string& path);

/// Text of the Error that `action` throws, or "no error".
std::string message_of(const std::function<void()>& action);

/// True when `part` occurs in `text`; a failure shows both.
#define EXPECT_HAS(text, part) EXPECT_PRED2(::paramixer::test::contains, (text), (part))
bool contains(const std::string& text, const std::string& part);

}  // namespace paramixer::test
