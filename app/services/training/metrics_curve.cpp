#include "app/services/training/metrics_curve.hpp"

#include <charconv>
#include <fstream>
#include <string_view>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

/// Finds columns by name and reads numbers from the lines below.
class CurveReader {
 public:
  CurveReader(const std::string& path, const std::string& header) : path_(path), header_(header) {
    names_ = fields_of(header_);
  }

  void next_line(std::string_view line) {
    ++number_;
    fields_ = fields_of(line);
    if (fields_.size() != names_.size()) {
      throw error("has " + std::to_string(fields_.size()) + " fields where its header has " +
                  std::to_string(names_.size()));
    }
  }

  template <class Number>
  void read(std::string_view column, Number& value) const {
    const std::string_view field = fields_[column_of(column)];
    const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (problem != std::errc() || end != field.data() + field.size()) {
      throw error("'" + std::string(field) + "' is not a number for " + std::string(column));
    }
  }

 private:
  std::size_t column_of(std::string_view column) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == column) return i;
    }
    throw Error({.file = path_}, "is not a metrics log of `paramixer train`: it lacks the column " +
                                     std::string(column));
  }
  Error error(const std::string& what) const {
    return Error({.file = path_}, "line " + std::to_string(number_) + ": " + what);
  }

  std::string path_;
  std::string header_;
  std::vector<std::string_view> names_;
  std::vector<std::string_view> fields_;
  std::int64_t number_ = 1;
};

}  // namespace

MetricsCurve read_metrics_curve(const std::string& path) {
  std::ifstream stream(path);
  std::string line;
  if (!stream) throw Error({.file = path}, "cannot be read");
  if (!std::getline(stream, line)) throw Error({.file = path}, "is empty");
  CurveReader reader(path, line);
  MetricsCurve curve{.file = path};
  while (std::getline(stream, line)) {
    if (line.empty()) continue;
    reader.next_line(line);
    CurvePoint point;
    reader.read("step", point.step);
    reader.read("length", point.length);
    reader.read("train_loss", point.train_loss);
    reader.read("train_accuracy", point.train_accuracy);
    reader.read("valid_log_loss", point.valid_log_loss);
    reader.read("valid_accuracy", point.valid_accuracy);
    reader.read("valid_balanced_accuracy", point.valid_balanced_accuracy);
    reader.read("valid_macro_f1", point.valid_macro_f1);
    curve.points.push_back(point);
  }
  if (curve.points.empty()) {
    throw Error({.file = path}, "has no rows yet; the first comes with the first validation");
  }
  return curve;
}

}  // namespace paramixer
