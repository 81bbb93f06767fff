#include "io/bigwig.hpp"

#include "core/base/error.hpp"

#ifdef PARAMIXER_BIGWIG

#include <algorithm>
#include <limits>
#include <memory>

// The library's own switch against its network part.
#define NOCURL
#include <bigWig.h>

#include "io/output_file.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kValuesAtOnce = 1 << 16;
constexpr int kZoomLevels = 10;

struct BigwigClose {
  void operator()(bigWigFile_t* file) const { bwClose(file); }
};
using BigwigPtr = std::unique_ptr<bigWigFile_t, BigwigClose>;

class Writing {
 public:
  explicit Writing(const std::string& path) : path_(path) {}

  void check(bool good) const {
    if (good) return;
    throw Error({.file = path_},
                "cannot write; check that the folder exists, may be written to and has room");
  }

 private:
  std::string path_;
};

void write_track(const std::string& partial, const Writing& writing, const BigwigTrack& track) {
  const BigwigPtr file(bwOpen(partial.c_str(), nullptr, "w"));
  writing.check(file != nullptr);
  writing.check(bwCreateHdr(file.get(), kZoomLevels) == 0);
  const char* const name = track.sequence.c_str();
  const auto length = static_cast<std::uint32_t>(track.length);
  file->cl = bwCreateChromList(&name, &length, 1);
  writing.check(file->cl != nullptr && bwWriteHdr(file.get()) == 0);
  for (std::int64_t i = 0; i < std::ssize(track.values); i += kValuesAtOnce) {
    const auto count =
        static_cast<std::uint32_t>(std::min(kValuesAtOnce, std::ssize(track.values) - i));
    const float* values = track.values.data() + i;
    const int failed =
        i == 0 ? bwAddIntervalSpanSteps(file.get(), name, static_cast<std::uint32_t>(track.begin),
                                        1, 1, values, count)
               : bwAppendIntervalSpanSteps(file.get(), values, count);
    writing.check(failed == 0);
  }
}

}  // namespace

bool has_bigwig() noexcept { return true; }

void write_bigwig(const std::string& path, const BigwigTrack& track) {
  if (path == "-") throw usage_error("a bigWig file cannot go to stdout; name an --output");
  if (track.length > std::numeric_limits<std::uint32_t>::max()) {
    throw Error({.file = path, .record = track.sequence}, "is too long for the bigWig format");
  }
  const Writing writing(path);
  const std::string partial = partial_path_of(path);
  writing.check(bwInit(1 << 17) == 0);
  write_track(partial, writing, track);
  // Closing reports nothing, so the file is opened once more.
  const BigwigPtr written(bwOpen(partial.c_str(), nullptr, "r"));
  writing.check(written != nullptr);
  commit_partial_file(partial, path);
}

}  // namespace paramixer

#else

namespace paramixer {

bool has_bigwig() noexcept { return false; }

void write_bigwig(const std::string&, const BigwigTrack&) {
  throw usage_error(
      "this program was built without libBigWig (package libbigwig-dev); choose the "
      "format bedgraph");
}

}  // namespace paramixer

#endif
