#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/error.hpp"
#include "io/prediction_writer.hpp"

namespace paramixer {
namespace {

constexpr const char* kTsvStart = "id\t";

/// Id of one line of JSON. Throws Error for anything else.
std::string json_id(const std::string& line, const std::string& path) {
  const nlohmann::json object = nlohmann::json::parse(line, nullptr, false);
  const auto id = object.is_object() ? object.find("id") : object.end();
  if (id == object.end() || !id->is_string()) {
    throw Error({.file = path}, "holds a line that is no prediction; start fresh");
  }
  return id->get<std::string>();
}

/// Adds what a complete line says; the header of a table says nothing.
void take_line(const std::string& line, PredictionFormat format, const std::string& path,
               bool is_first, std::vector<std::string>& ids) {
  if (format == PredictionFormat::kJsonl) {
    ids.push_back(json_id(line, path));
  } else if (!is_first) {
    ids.push_back(line.substr(0, line.find('\t')));
  } else if (!line.starts_with(kTsvStart)) {
    throw Error({.file = path}, "is no table of predictions; start fresh");
  }
}

}  // namespace

std::vector<std::string> recover_partial_predictions(const std::string& partial_path,
                                                     PredictionFormat format) {
  if (format == PredictionFormat::kBam) {
    throw usage_error("BAM output cannot be resumed; use TSV or JSONL, or start fresh");
  }
  std::vector<std::string> ids;
  std::error_code failed;
  if (!std::filesystem::exists(partial_path, failed)) return ids;
  std::ifstream file(partial_path, std::ios::binary);
  if (!file) throw Error({.file = partial_path}, "cannot be read, so the run cannot be resumed");
  std::string line;
  std::uintmax_t complete_bytes = 0;
  while (std::getline(file, line) && !file.eof()) {
    take_line(line, format, partial_path, complete_bytes == 0, ids);
    complete_bytes += line.size() + 1;
  }
  if (file.bad()) throw Error({.file = partial_path}, "cannot be read to its end");
  std::filesystem::resize_file(partial_path, complete_bytes, failed);
  if (failed) {
    throw Error({.file = partial_path},
                "its incomplete last line cannot be cut off: " + failed.message());
  }
  return ids;
}

}  // namespace paramixer
