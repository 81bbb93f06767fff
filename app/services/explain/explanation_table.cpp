#include "app/services/explain/explanation_table.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "io/predictions/prediction_fields.hpp"
#include "io/tracks/track_lines.hpp"

namespace paramixer {
namespace {

void append_text(std::string& line, const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
    line += std::to_string(*whole);
  } else if (const auto* single = std::get_if<float>(&cell)) {
    append_exact(line, *single);
  } else if (const auto* number = std::get_if<double>(&cell)) {
    append_exact(line, *number);
  } else if (const auto* text = std::get_if<std::string_view>(&cell)) {
    append_field(line, *text);
  } else {
    line += '.';
  }
}

/// JSON knows no infinity and no NaN.
bool is_null_in_json(const Cell& cell) {
  const auto* single = std::get_if<float>(&cell);
  const auto* number = std::get_if<double>(&cell);
  return std::holds_alternative<std::monostate>(cell) ||
         (single != nullptr && !std::isfinite(*single)) ||
         (number != nullptr && !std::isfinite(*number));
}

void append_json(std::string& line, const Cell& cell) {
  if (const auto* text = std::get_if<std::string_view>(&cell)) {
    line += nlohmann::json(std::string(*text))
                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } else if (is_null_in_json(cell)) {
    line += "null";
  } else {
    append_text(line, cell);
  }
}

}  // namespace

ExplanationTable::ExplanationTable(const ExplainOptions& options, const ExplanationFacts& facts,
                                   std::vector<std::string> columns)
    : format_(options.format),
      columns_(std::move(columns)),
      file_(options.output, TrackIndex::kNone) {
  if (format_ == ExplanationFormat::kTsv) {
    std::string header = comment_lines(facts);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0) header += '\t';
      header += columns_[c];
    }
    header += '\n';
    file_.write(header);
    return;
  }
  std::vector<std::string> names;
  std::vector<Cell> values;
  for (const auto& [name, value] : facts) {
    names.push_back(name);
    values.push_back(value);
  }
  append_row(names, values);
}

void ExplanationTable::append_row(const std::vector<std::string>& names,
                                  const std::vector<Cell>& cells) {
  line_.clear();
  line_ += '{';
  for (std::size_t c = 0; c < cells.size(); ++c) {
    line_ += c == 0 ? "\"" : ",\"";
    line_ += names[c];
    line_ += "\":";
    append_json(line_, cells[c]);
  }
  line_ += "}\n";
  file_.write(line_);
}

void ExplanationTable::add(const std::vector<Cell>& row) {
  ++rows_;
  if (format_ == ExplanationFormat::kJsonl) return append_row(columns_, row);
  line_.clear();
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (c > 0) line_ += '\t';
    append_text(line_, row[c]);
  }
  line_ += '\n';
  file_.write(line_);
}

std::int64_t ExplanationTable::commit() {
  file_.commit();
  return rows_;
}

std::string comment_lines(const ExplanationFacts& facts) {
  std::string lines;
  for (const auto& [name, value] : facts) {
    lines += "# ";
    lines += name;
    lines += '\t';
    append_text(lines, value);
    lines += '\n';
  }
  return lines;
}

}  // namespace paramixer
