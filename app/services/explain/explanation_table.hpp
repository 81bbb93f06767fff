#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/services/explain/explain_options.hpp"
#include "io/files/text_output.hpp"

namespace paramixer {

/// A cell of a table. Numbers are written so that they read back as the same value. A cell without
/// a value is "." in TSV and null in JSON, where non-finite numbers are null too.
using Cell = std::variant<std::monostate, std::int64_t, float, double, std::string_view>;

/// Facts about an explanation, in the order in which they precede the table.
using ExplanationFacts = std::vector<std::pair<std::string, Cell>>;

/// Rows as TSV (facts as lines `# name<TAB>value`, then a line with the columns) or as JSON lines
/// (the facts as first object, then one object a row).
class ExplanationTable {
 public:
  /// `options.format` must be kTsv or kJsonl.
  ExplanationTable(const ExplainOptions& options, const ExplanationFacts& facts,
                   std::vector<std::string> columns);

  void add(const std::vector<Cell>& row);
  /// Completes the file; the number of rows.
  std::int64_t commit();

 private:
  void append_row(const std::vector<std::string>& names, const std::vector<Cell>& cells);

  ExplanationFormat format_;
  std::vector<std::string> columns_;
  TextOutput file_;
  std::string line_;
  std::int64_t rows_ = 0;
};

/// The facts as comment lines of a track file.
std::string comment_lines(const ExplanationFacts& facts);

}  // namespace paramixer
