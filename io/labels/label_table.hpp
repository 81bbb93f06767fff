#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace paramixer {

struct LabelTableOptions {
  std::string id_column = "id";
  std::string class_column = "class";
  std::string group_column;  ///< Empty: none.
};

struct Label {
  std::string class_name;
  std::string group;  ///< Empty without a group column.
};

/// Labels by record id, from a table with a header line (see TableReader). Other columns and white
/// space around ids, classes and groups are ignored.
class LabelTable {
 public:
  /// Throws Error naming file and line: no header, a missing or doubled column (the columns found
  /// are listed), a short line, an empty id or class, a reserved class name (class_name_fault), an
  /// id with two different classes, no label at all. The same id with the
  /// same class twice is allowed.
  static LabelTable read(const std::string& path, const LabelTableOptions& options = {});

  /// Label of an id, or null.
  const Label* find(const std::string& id) const;
  std::int64_t size() const noexcept { return static_cast<std::int64_t>(labels_.size()); }
  /// Distinct class names in order of first appearance in the file.
  const std::vector<std::string>& classes() const noexcept { return classes_; }
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  std::unordered_map<std::string, Label> labels_;
  std::vector<std::string> classes_;
};

}  // namespace paramixer
