#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <sys/stat.h>
#include <tuple>
#include <vector>

#include "core/base/error.hpp"
#include "io/tensors/safetensors.hpp"
#include "io/tensors/stored_tensor.hpp"

namespace paramixer {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little,
              "safetensors files are little-endian; this reader copies their bytes as they are");

constexpr std::int64_t kMaxHeaderBytes = 100'000'000;
/// The header, a tensor's description, its shape.
constexpr int kMaxJsonDepth = 3;
constexpr const char* kMetadataKey = "__metadata__";

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// A regular file of known size that is read from front to back.
class TensorSource {
 public:
  explicit TensorSource(const std::string& path)
      : path_(path), file_(std::fopen(path.c_str(), "rbe")) {
    struct stat status {};
    if (file_ == nullptr || fstat(fileno(file_.get()), &status) != 0) {
      fail(std::string("cannot open: ") + std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) fail("is not a regular file; name a .safetensors file");
    size_ = status.st_size;
  }

  std::int64_t size() const noexcept { return size_; }

  void read(void* destination, std::int64_t bytes) {
    const auto wanted = static_cast<std::size_t>(bytes);
    if (wanted > 0 && std::fread(destination, 1, wanted, file_.get()) != wanted) {
      fail("ends early or cannot be read; copy or download it again");
    }
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw Error({.file = path_}, message);
  }

 private:
  std::string path_;
  std::unique_ptr<std::FILE, FileCloser> file_;
  std::int64_t size_ = 0;
};

/// Where a tensor lies, counted from the end of the header.
struct TensorEntry {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

class HeaderParser {
 public:
  HeaderParser(const TensorSource& source, std::int64_t data_bytes)
      : source_(source), data_bytes_(data_bytes) {}

  /// Fills `metadata` and returns the tensors in the order of their bytes, which are found to cover
  /// the data exactly.
  std::vector<TensorEntry> parse(const std::string& text,
                                 std::map<std::string, std::string>& metadata) const {
    const Json header = parse_json(text);
    if (!header.is_object())
      source_.fail("its header is not a JSON object; not a safetensors file");
    std::vector<TensorEntry> entries;
    for (const auto& [name, value] : header.items()) {
      if (name == kMetadataKey) {
        metadata = parse_metadata(value);
      } else {
        entries.push_back(parse_entry(name, value));
      }
    }
    check_coverage(entries);
    return entries;
  }

 private:
  Json parse_json(const std::string& text) const {
    std::set<std::string> names;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
      if (depth > kMaxJsonDepth) source_.fail("its header is nested too deeply");
      if (event == Json::parse_event_t::key && depth == 1 &&
          !names.insert(parsed.get<std::string>()).second) {
        source_.fail("its header names '" + parsed.get<std::string>() + "' twice");
      }
      return true;
    };
    try {
      return Json::parse(text, watch);
    } catch (const Json::exception&) {
      source_.fail("its header is not valid JSON; not a safetensors file, or a damaged one");
    }
  }

  std::map<std::string, std::string> parse_metadata(const Json& value) const {
    if (!value.is_object()) source_.fail("__metadata__ is not an object of strings");
    std::map<std::string, std::string> metadata;
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) source_.fail("metadata '" + key + "' is not a string");
      metadata.emplace(key, text.get<std::string>());
    }
    return metadata;
  }

  TensorEntry parse_entry(const std::string& name, const Json& value) const {
    if (!value.is_object()) fail_tensor(name, "its description is not a JSON object");
    TensorEntry entry;
    entry.name = name;
    entry.dtype = parse_dtype(name, value);
    entry.shape = parse_lengths(name, value, "shape");
    const std::vector<std::int64_t> offsets = parse_lengths(name, value, "data_offsets");
    if (offsets.size() != 2) fail_tensor(name, "data_offsets does not hold two numbers");
    entry.begin = offsets[0];
    entry.end = offsets[1];
    if (entry.begin > entry.end || entry.end > data_bytes_) {
      fail_tensor(name, "its data_offsets lie outside the " + std::to_string(data_bytes_) +
                            " data bytes of the file; the file is cut off or damaged");
    }
    const std::optional<std::int64_t> bytes = byte_count(entry.dtype, entry.shape);
    if (!bytes) fail_tensor(name, "its shape is too large");
    if (*bytes != entry.end - entry.begin) {
      fail_tensor(name, "its shape needs " + std::to_string(*bytes) +
                            " bytes, its data_offsets give " +
                            std::to_string(entry.end - entry.begin));
    }
    return entry;
  }

  DType parse_dtype(const std::string& name, const Json& value) const {
    const auto field = value.find("dtype");
    if (field == value.end() || !field->is_string()) fail_tensor(name, "has no dtype");
    const auto text = field->get<std::string>();
    const std::optional<DType> dtype = dtype_from(text);
    if (!dtype) fail_tensor(name, "its dtype '" + text + "' is not supported; convert it to F32");
    return *dtype;
  }

  std::vector<std::int64_t> parse_lengths(const std::string& name, const Json& value,
                                          const char* key) const {
    const auto field = value.find(key);
    if (field == value.end() || !field->is_array()) {
      fail_tensor(name, std::string("has no list ") + key);
    }
    std::vector<std::int64_t> lengths;
    for (const Json& item : *field) {
      if (!item.is_number_unsigned() ||
          item.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
        fail_tensor(name, std::string(key) + " holds something other than whole numbers from 0");
      }
      lengths.push_back(item.get<std::int64_t>());
    }
    return lengths;
  }

  void check_coverage(std::vector<TensorEntry>& entries) const {
    std::sort(entries.begin(), entries.end(), [](const TensorEntry& a, const TensorEntry& b) {
      return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
    });
    std::int64_t covered = 0;
    for (const TensorEntry& entry : entries) {
      if (entry.begin < covered)
        fail_tensor(entry.name, "its bytes overlap those of another tensor");
      if (entry.begin > covered) fail_tensor(entry.name, "there is a gap before its bytes");
      covered = entry.end;
    }
    if (covered != data_bytes_) {
      source_.fail("holds " + std::to_string(data_bytes_ - covered) +
                   " bytes that belong to no tensor; the file is damaged");
    }
  }

  [[noreturn]] void fail_tensor(const std::string& name, const std::string& message) const {
    source_.fail("tensor '" + name + "': " + message);
  }

  const TensorSource& source_;
  std::int64_t data_bytes_;
};

std::int64_t read_header_length(TensorSource& source) {
  if (source.size() < kHeaderLengthBytes) source.fail("is too short for a safetensors file");
  std::uint64_t length = 0;
  source.read(&length, kHeaderLengthBytes);
  if (length > static_cast<std::uint64_t>(kMaxHeaderBytes) ||
      static_cast<std::int64_t>(length) > source.size() - kHeaderLengthBytes) {
    source.fail("its header should have " + std::to_string(length) + " bytes, but the file has " +
                std::to_string(source.size()) + "; not a safetensors file, or cut off");
  }
  return static_cast<std::int64_t>(length);
}

}  // namespace

TensorFile read_safetensors(const std::string& path) {
  TensorSource source(path);
  const std::int64_t header_bytes = read_header_length(source);
  std::string header(static_cast<std::size_t>(header_bytes), '\0');
  source.read(header.data(), header_bytes);

  TensorFile file;
  const HeaderParser parser(source, source.size() - kHeaderLengthBytes - header_bytes);
  for (TensorEntry& entry : parser.parse(header, file.metadata)) {
    StoredTensor tensor{entry.dtype, std::move(entry.shape), {}};
    tensor.bytes.resize(static_cast<std::size_t>(entry.end - entry.begin));
    source.read(tensor.bytes.data(), entry.end - entry.begin);
    file.tensors.emplace(std::move(entry.name), std::move(tensor));
  }
  return file;
}

}  // namespace paramixer
