#include "io/tracks/bigwig.hpp"

#include "core/base/error.hpp"

#ifdef PARAMIXER_BIGWIG

#include <algorithm>
#include <limits>
#include <memory>

// The library's own switch against its network part.
#define NOCURL
#include <bigWig.h>

#include "io/files/output_file.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kValuesAtOnce = 1 << 16;
constexpr int kZoomLevels = 10;

struct BigwigClose {
  void operator()(bigWigFile_t* file) const { bwClose(file); }
};
using BigwigPtr = std::unique_ptr<bigWigFile_t, BigwigClose>;

/// A bigWig file being written. Its index needs the sequences sorted by name.
class BigwigOutput {
 public:
  BigwigOutput(const std::string& path, const std::string& partial,
               const std::vector<BigwigSequence>& sequences)
      : path_(path) {
    // The library crashes when it cannot create its file.
    OutputFile{path};
    check(bwInit(1 << 17) == 0);
    file_.reset(bwOpen(partial.c_str(), nullptr, "w"));
    check(file_ != nullptr && bwCreateHdr(file_.get(), kZoomLevels) == 0);
    std::vector<const char*> names;
    std::vector<std::uint32_t> lengths;
    for (const BigwigSequence& sequence : sequences) {
      names.push_back(sequence.name.c_str());
      lengths.push_back(static_cast<std::uint32_t>(sequence.length));
    }
    file_->cl = bwCreateChromList(names.data(), lengths.data(), std::ssize(names));
    check(file_->cl != nullptr && bwWriteHdr(file_.get()) == 0);
  }

  void write(const BigwigSequence& sequence) {
    for (std::size_t first = 0; first < sequence.values.size(); first += kValuesAtOnce) {
      const std::size_t count = std::min(kValuesAtOnce, sequence.values.size() - first);
      names_.assign(count, sequence.name.c_str());
      begins_.clear();
      ends_.clear();
      values_.clear();
      for (std::size_t i = first; i < first + count; ++i) {
        begins_.push_back(static_cast<std::uint32_t>(sequence.values[i].begin));
        ends_.push_back(static_cast<std::uint32_t>(sequence.values[i].end));
        values_.push_back(sequence.values[i].value);
      }
      check(bwAddIntervals(file_.get(), names_.data(), begins_.data(), ends_.data(), values_.data(),
                           static_cast<std::uint32_t>(count)) == 0);
    }
  }

 private:
  void check(bool good) const {
    if (good) return;
    throw Error({.file = path_},
                "cannot write; the output is not complete, make room and run again");
  }

  std::string path_;
  BigwigPtr file_;
  std::vector<const char*> names_;
  std::vector<std::uint32_t> begins_;
  std::vector<std::uint32_t> ends_;
  std::vector<float> values_;
};

void check_sequences(const std::string& path, const std::vector<BigwigSequence>& sorted) {
  const auto is_empty = [](const BigwigSequence& sequence) { return sequence.values.empty(); };
  if (std::all_of(sorted.begin(), sorted.end(), is_empty)) {
    throw Error({.file = path}, "there are no values to write; a bigWig file needs at least one");
  }
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].length > std::numeric_limits<std::uint32_t>::max()) {
      throw Error({.file = path, .record = sorted[i].name}, "is too long for the bigWig format");
    }
    if (i > 0 && sorted[i].name == sorted[i - 1].name) {
      throw Error({.file = path, .record = sorted[i].name},
                  "the name appears twice; bigWig needs different names");
    }
  }
}

}  // namespace

bool has_bigwig() noexcept { return true; }

void check_bigwig_output(const std::string& path) {
  if (path == "-" || partial_path_of(path) == path) {
    throw usage_error("a bigWig file cannot go to a pipe or stdout; name an --output");
  }
  if (path.ends_with(".gz")) {
    throw usage_error("bigWig is already compressed; choose an --output without .gz");
  }
}

void write_bigwig(const std::string& path, std::vector<BigwigSequence> sequences) {
  check_bigwig_output(path);
  std::sort(sequences.begin(), sequences.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  check_sequences(path, sequences);
  const std::string partial = partial_path_of(path);
  {
    BigwigOutput output(path, partial, sequences);
    for (const BigwigSequence& sequence : sequences) output.write(sequence);
  }
  // Closing reports nothing, so the file is opened once more.
  if (BigwigPtr(bwOpen(partial.c_str(), nullptr, "r")) == nullptr) {
    throw Error({.file = path},
                "cannot write; the output is not complete, make room and run again");
  }
  commit_partial_file(partial, path);
}

}  // namespace paramixer

#else

namespace paramixer {

bool has_bigwig() noexcept { return false; }

void check_bigwig_output(const std::string&) {
  throw usage_error(
      "this program was built without libBigWig (package libbigwig-dev); choose the "
      "format bedgraph");
}

void write_bigwig(const std::string& path, std::vector<BigwigSequence>) {
  check_bigwig_output(path);
}

}  // namespace paramixer

#endif
