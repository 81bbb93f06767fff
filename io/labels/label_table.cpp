#include "io/labels/label_table.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "io/files/excerpt.hpp"
#include "io/labels/class_name.hpp"
#include "io/labels/table_reader.hpp"

namespace paramixer {
namespace {

struct Columns {
  std::size_t id = 0;
  std::size_t class_name = 0;
  std::optional<std::size_t> group;

  std::size_t last() const { return std::max({id, class_name, group.value_or(0)}); }
};

std::size_t find_column(const TableReader& table, const std::string& wanted) {
  const std::vector<std::string>& names = table.header();
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found == names.end()) {
    table.fail("has no column " + excerpt(wanted) + "; its first line names " + listed(names) +
               " (separate columns by tabs, commas or semicolons)");
  }
  if (std::find(found + 1, names.end(), wanted) != names.end()) {
    table.fail("has the column " + excerpt(wanted) + " twice; rename or remove one");
  }
  return static_cast<std::size_t>(found - names.begin());
}

Columns find_columns(const TableReader& table, const LabelTableOptions& options) {
  Columns columns;
  columns.id = find_column(table, options.id_column);
  columns.class_name = find_column(table, options.class_column);
  if (!options.group_column.empty()) columns.group = find_column(table, options.group_column);
  return columns;
}

}  // namespace

LabelTable LabelTable::read(const std::string& path, const LabelTableOptions& options) {
  TableReader rows(path);
  const Columns columns = find_columns(rows, options);
  LabelTable table;
  table.path_ = path;
  std::unordered_set<std::string> known_classes;
  std::vector<std::string> fields;
  while (rows.next(fields)) {
    if (fields.size() <= columns.last()) {
      rows.fail_at_row("has " + std::to_string(fields.size()) + " columns, but column " +
                       std::to_string(columns.last() + 1) + " is needed");
    }
    const std::string id(trimmed(fields[columns.id]));
    const std::string class_name(trimmed(fields[columns.class_name]));
    if (id.empty()) rows.fail_at_row("has an empty id");
    if (class_name.empty()) rows.fail_at_row(excerpt(id) + " has an empty class");
    const std::string fault = class_name_fault(class_name);
    if (!fault.empty()) rows.fail_at_row("the class name " + excerpt(class_name) + " " + fault);
    if (known_classes.insert(class_name).second) table.classes_.push_back(class_name);
    const std::string group(columns.group ? trimmed(fields[*columns.group]) : std::string_view{});
    const auto [entry, is_new] = table.labels_.try_emplace(id, Label{class_name, group});
    if (!is_new && entry->second.class_name != class_name) {
      rows.fail_at_row(excerpt(id) + " has the class " + excerpt(class_name) + ", but " +
                       excerpt(entry->second.class_name) + " before; give each id one class");
    }
  }
  if (table.labels_.empty()) rows.fail("has a header line, but no labels after it");
  return table;
}

const Label* LabelTable::find(const std::string& id) const {
  const auto found = labels_.find(id);
  return found == labels_.end() ? nullptr : &found->second;
}

}  // namespace paramixer
