#include "io/label_table.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/base/error.hpp"
#include "io/input_file.hpp"
#include "io/text_stream.hpp"

namespace paramixer {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

void split_at_tabs(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (std::size_t tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
    fields.push_back(line.substr(0, tab));
    line.remove_prefix(tab + 1);
  }
  fields.push_back(line);
}

struct Columns {
  std::size_t id = 0;
  std::size_t class_name = 0;
  std::optional<std::size_t> group;

  std::size_t last() const { return std::max({id, class_name, group.value_or(0)}); }
};

std::size_t find_column(const TextStream& stream, const std::vector<std::string_view>& names,
                        const std::string& wanted) {
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string listed;
  for (const std::string_view name : names) {
    listed.append(listed.empty() ? "'" : ", '").append(name).append("'");
  }
  stream.fail("has no column '" + wanted + "'; its first line names " + listed +
              " (columns are separated by tabs)");
}

Columns read_columns(TextStream& stream, const LabelTableOptions& options) {
  stream.skip(kUtf8Mark);
  std::string line;
  if (!stream.next_line(line) || line.empty()) {
    stream.fail("has no header line; its first line must name the columns");
  }
  std::vector<std::string_view> names;
  split_at_tabs(line, names);
  Columns columns;
  columns.id = find_column(stream, names, options.id_column);
  columns.class_name = find_column(stream, names, options.class_column);
  if (!options.group_column.empty()) {
    columns.group = find_column(stream, names, options.group_column);
  }
  return columns;
}

}  // namespace

LabelTable LabelTable::read(const std::string& path, const LabelTableOptions& options) {
  TextStream stream(open_input(path), display_name_of(path), 0);
  const Columns columns = read_columns(stream, options);
  LabelTable table;
  table.path_ = path;
  std::unordered_set<std::string> known_classes;
  std::string line;
  std::vector<std::string_view> fields;
  while (stream.next_line(line)) {
    if (line.empty()) continue;
    split_at_tabs(line, fields);
    if (fields.size() <= columns.last()) {
      stream.fail_at_line("has " + std::to_string(fields.size()) + " columns, but column " +
                          std::to_string(columns.last() + 1) + " is needed");
    }
    const std::string id(fields[columns.id]);
    const std::string class_name(fields[columns.class_name]);
    if (id.empty()) stream.fail_at_line("has an empty id");
    if (class_name.empty()) stream.fail_at_line("'" + id + "' has an empty class");
    if (known_classes.insert(class_name).second) table.classes_.push_back(class_name);
    const std::string group(columns.group ? fields[*columns.group] : std::string_view{});
    const auto [entry, is_new] = table.labels_.try_emplace(id, Label{class_name, group});
    if (!is_new && entry->second.class_name != class_name) {
      stream.fail_at_line("'" + id + "' has the class '" + class_name + "', but '" +
                          entry->second.class_name + "' before; give every id one class");
    }
  }
  return table;
}

const Label* LabelTable::find(const std::string& id) const {
  const auto found = labels_.find(id);
  return found == labels_.end() ? nullptr : &found->second;
}

}  // namespace paramixer
