#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "io/files/htslib_handles.hpp"
#include "io/files/output_name.hpp"
#include "io/predictions/prediction_fields.hpp"
#include "io/predictions/prediction_writer.hpp"

namespace paramixer {
namespace {

constexpr const char* kTsvStart = "id\t";

/// Id of one line of JSON. Throws Error for anything else.
std::string json_id(const std::string& line, const std::string& path) {
  const nlohmann::json object = nlohmann::json::parse(line, nullptr, false);
  const auto id = object.is_object() ? object.find("id") : object.end();
  if (id == object.end() || !id->is_string()) {
    throw Error({.file = path}, "holds a line that is not a prediction; start over");
  }
  return id->get<std::string>();
}

/// Ids of the complete lines of a table or of JSON lines.
class WrittenIds {
 public:
  WrittenIds(std::string path, PredictionFormat format) : path_(std::move(path)), format_(format) {}

  /// Takes the next complete line; the header of a table says nothing.
  void take(const std::string& line) {
    if (format_ == PredictionFormat::kJsonl) {
      ids_.push_back(json_id(line, path_));
    } else if (!is_first_) {
      ids_.push_back(line.substr(0, line.find('\t')));
    } else if (!line.starts_with(kTsvStart)) {
      throw Error({.file = path_}, "is not a table of predictions; start over");
    }
    is_first_ = false;
  }

  std::size_t count() const { return ids_.size(); }
  /// The first `count` of them.
  std::vector<std::string> first(std::size_t count) && {
    ids_.resize(count);
    return std::move(ids_);
  }

 private:
  std::string path_;
  PredictionFormat format_;
  bool is_first_ = true;
  std::vector<std::string> ids_;
};

/// What of a partial file is whole.
struct WholePart {
  std::uintmax_t bytes = 0;  ///< On disk.
  std::size_t ids = 0;
};

WholePart read_lines(const std::string& path, WrittenIds& ids) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error({.file = path}, "cannot be read, so the run cannot be resumed");
  WholePart whole;
  std::string line;
  while (std::getline(file, line) && !file.eof()) {
    ids.take(line);
    whole.bytes += line.size() + 1;
  }
  if (file.bad()) throw Error({.file = path}, "cannot be read to its end");
  whole.ids = ids.count();
  return whole;
}

/// Whether a file is too short for the header of a block, but begins like one.
bool is_begun_block(const std::string& path) {
  constexpr std::string_view kStart("\x1f\x8b\x08\x04", 4);
  std::array<char, 18> header{};  // Its least length.
  std::ifstream file(path, std::ios::binary);
  file.read(header.data(), header.size());
  const std::string_view bytes(header.data(), static_cast<std::size_t>(file.gcount()));
  return bytes.size() < header.size() && kStart.starts_with(bytes.substr(0, kStart.size()));
}

/// The same in BGZF, up to the last block that ends with a line. The blocks of one batch of records
/// do so, and what the next ones hold is computed again.
WholePart read_compressed_lines(const std::string& path, WrittenIds& ids) {
  silence_htslib();
  const BgzfPtr file(bgzf_open(path.c_str(), "r"));
  if (!file || bgzf_compression(file.get()) != bgzf) {
    if (is_begun_block(path)) return {};
    throw Error({.file = path}, "is not compressed as its name says; start over");
  }
  WholePart whole;
  std::string text;
  while (bgzf_read_block(file.get()) == 0 && file->block_length > 0) {
    text.append(static_cast<const char*>(file->uncompressed_block),
                static_cast<std::size_t>(file->block_length));
    std::size_t start = 0;
    for (std::size_t end = 0; (end = text.find('\n', start)) != std::string::npos;
         start = end + 1) {
      ids.take(text.substr(start, end - start));
    }
    text.erase(0, start);
    if (text.empty()) {
      whole = {.bytes = static_cast<std::uintmax_t>(htell(file->fp)), .ids = ids.count()};
    }
  }
  return whole;
}

}  // namespace

std::string written_id(const std::string& name, PredictionFormat format) {
  if (format == PredictionFormat::kJsonl) {
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    return nlohmann::json::parse(nlohmann::json(name).dump(-1, ' ', false, kReplace))
        .get<std::string>();
  }
  std::string id;
  append_field(id, name);
  return id;
}

std::vector<std::string> recover_partial_predictions(const std::string& partial_path,
                                                     PredictionFormat format) {
  if (holds_alignments(format)) {
    throw usage_error("BAM and SAM output cannot be resumed; use TSV or JSONL, or start over");
  }
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(partial_path, failed);
  if (failed || size == 0) return {};
  const std::string name = partial_path.substr(0, partial_path.rfind(".partial"));
  WrittenIds ids(partial_path, format);
  const WholePart whole = is_compressed_name(name) ? read_compressed_lines(partial_path, ids)
                                                   : read_lines(partial_path, ids);
  std::filesystem::resize_file(partial_path, whole.bytes, failed);
  if (failed) {
    throw Error({.file = partial_path},
                "its incomplete end cannot be cut off: " + failed.message());
  }
  return std::move(ids).first(whole.ids);
}

}  // namespace paramixer
