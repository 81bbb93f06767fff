#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/labels/label_table.hpp"
#include "io/sequence/sequence_record.hpp"

namespace paramixer {

/// Where users say what class a record has. At most one of `table` and `header_pattern` may be
/// given, and neither together with inputs that are folders.
struct LabelOptions {
  std::string table{};  ///< Label table (LabelTable).
  LabelTableOptions columns{};
  /// ECMAScript regular expression for the header of a FASTA or FASTQ record, name and description.
  /// The first group that matches, or the whole match, is the class.
  std::string header_pattern{};
};

/// Classes of records. Immutable, thread-safe.
class LabelSource {
 public:
  virtual ~LabelSource() = default;
  /// Label of a record of input `record.input_number`; none if the source does not name it. Throws
  /// Error for a class name that is reserved or empty.
  virtual std::optional<Label> label_of(const SequenceRecord& record) const = 0;
  /// For messages: where a label was looked for, such as "labels.tsv".
  virtual const std::string& place() const noexcept = 0;
  /// For messages: how to add one.
  virtual std::string remedy() const = 0;
  /// All classes, as far as they are known before records are read.
  virtual const std::vector<std::string>& classes() const noexcept = 0;
};

/// Inputs whose records have labels.
struct LabelledInputs {
  std::vector<std::string> paths{};  ///< Files; folders are replaced by what they hold.
  std::shared_ptr<const LabelSource> labels{};
};

/// Whether inputs are folders, which hold one folder for each class.
bool has_folder(const std::vector<std::string>& paths);

/// Finds the one source of labels: the table, the header pattern, or, for inputs that are folders,
/// the name of the sub-folder in which a file lies (FOLDER/CLASS/FILE; sequence files by their
/// endings). Without any of them `class=NAME` in the headers. Throws a usage Error for two sources,
/// a pattern that is not a regular expression, files beside folders, and folders without
/// sequence files; Error for an unreadable table.
LabelledInputs find_labels(const std::vector<std::string>& paths, const LabelOptions& options);

}  // namespace paramixer
