#include "app/services/records/label_source.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>
#include <string_view>
#include <system_error>
#include <utility>

#include "app/services/records/record_label.hpp"
#include "core/base/error.hpp"
#include "io/files/excerpt.hpp"
#include "io/labels/class_name.hpp"

namespace paramixer {
namespace {

namespace fs = std::filesystem;

/// A class in a header without a pattern of the user's: class=NAME or class="A NAME".
constexpr const char* kHeaderField = R"rx((?:^|\s)class=(?:"([^"]*)"|(\S+)))rx";
/// The standard library matches recursively; a longer text could exhaust the stack.
constexpr std::size_t kLongestHeader = 4096;

void check_class_name(const std::string& name, const SequenceRecord& record,
                      const std::string& place) {
  const std::string fault = name.empty() ? "is empty" : class_name_fault(name);
  if (fault.empty()) return;
  throw Error({.record = record.id()},
              "its class name in " + place + ", " + excerpt(name) + ", " + fault);
}

class TableLabels final : public LabelSource {
 public:
  explicit TableLabels(LabelTable table) : table_(std::move(table)) {}

  std::optional<Label> label_of(const SequenceRecord& record) const override {
    const Label* label = paramixer::label_of(table_, record);
    return label == nullptr ? std::nullopt : std::optional(*label);
  }
  const std::string& place() const noexcept override { return table_.path(); }
  std::string remedy() const override { return "add them"; }
  const std::vector<std::string>& classes() const noexcept override { return table_.classes(); }

 private:
  LabelTable table_;
};

std::regex compiled(const std::string& pattern) {
  try {
    return std::regex(pattern, std::regex::ECMAScript);
  } catch (const std::regex_error& error) {
    throw usage_error("--class-from-header expects a regular expression; " + excerpt(pattern) +
                      " is not one: " + error.what());
  }
}

class HeaderLabels final : public LabelSource {
 public:
  HeaderLabels(const std::string& pattern, std::string remedy)
      : pattern_(compiled(pattern)), remedy_(std::move(remedy)) {}

  std::optional<Label> label_of(const SequenceRecord& record) const override {
    std::string header = record.name;
    if (!record.description.empty()) header += " " + record.description;
    if (header.size() > kLongestHeader) header.resize(kLongestHeader);
    std::smatch match;
    if (!std::regex_search(header, match, pattern_)) return std::nullopt;
    std::string name = match.str(0);
    for (std::size_t group = 1; group < match.size(); ++group) {
      if (match[group].matched) {
        name = match.str(group);
        break;
      }
    }
    name = std::string(trimmed(name));
    check_class_name(name, record, place_);
    return Label{name, ""};
  }
  const std::string& place() const noexcept override { return place_; }
  std::string remedy() const override { return remedy_; }
  const std::vector<std::string>& classes() const noexcept override { return classes_; }

 private:
  std::regex pattern_;
  std::string place_ = "the header";
  std::string remedy_;
  std::vector<std::string> classes_;
};

class FolderLabels final : public LabelSource {
 public:
  /// The class of every input.
  explicit FolderLabels(std::vector<std::string> class_of_input)
      : class_of_input_(std::move(class_of_input)), classes_(class_of_input_) {
    std::sort(classes_.begin(), classes_.end());
    classes_.erase(std::unique(classes_.begin(), classes_.end()), classes_.end());
  }

  std::optional<Label> label_of(const SequenceRecord& record) const override {
    return Label{class_of_input_.at(record.input_number), ""};
  }
  const std::string& place() const noexcept override { return place_; }
  std::string remedy() const override { return "put the files into a folder for each class"; }
  const std::vector<std::string>& classes() const noexcept override { return classes_; }

 private:
  std::vector<std::string> class_of_input_;
  std::vector<std::string> classes_;
  std::string place_ = "the folder";
};

bool is_sequence_file(const fs::path& path) {
  std::string name = path.filename().string();
  for (const std::string_view packed : {".gz", ".bgz", ".bgzf"}) {
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  }
  constexpr std::array<std::string_view, 10> kEndings{".fa", ".fasta", ".fna", ".ffn", ".fas",
                                                      ".fq", ".fastq", ".sam", ".bam", ".cram"};
  return !name.starts_with('.') && std::ranges::any_of(kEndings, [&](std::string_view ending) {
    return name.ends_with(ending);
  });
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    entries.push_back(entry->path());
  }
  if (error) throw Error({.file = folder.string()}, "cannot be read: " + error.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// Adds the sequence files of one class.
void add_class_folder(const fs::path& folder, std::vector<std::string>& paths,
                      std::vector<std::string>& class_of_input) {
  const std::string name = folder.filename().string();
  const std::string fault = class_name_fault(name);
  if (!fault.empty()) {
    throw usage_error(folder.string() + ": the folder's name is the name of a class and " + fault);
  }
  const std::size_t before = paths.size();
  for (const fs::path& file : sorted_entries(folder)) {
    if (!is_sequence_file(file)) continue;
    paths.push_back(file.string());
    class_of_input.push_back(name);
  }
  if (paths.size() == before) {
    throw usage_error(folder.string() +
                      ": this class has no sequence file; expected names such as x.fa, x.fasta.gz, "
                      "x.fastq.gz or x.bam");
  }
}

LabelledInputs labels_by_folder(const std::vector<std::string>& folders) {
  LabelledInputs inputs;
  std::vector<std::string> class_of_input;
  for (const std::string& folder : folders) {
    const std::size_t before = inputs.paths.size();
    for (const fs::path& entry : sorted_entries(folder)) {
      const bool hidden = entry.filename().string().starts_with('.');
      if (!hidden && fs::is_directory(entry)) {
        add_class_folder(entry, inputs.paths, class_of_input);
      }
    }
    if (inputs.paths.size() == before) {
      throw usage_error(folder +
                        ": expected one folder for each class with its sequence files, such as " +
                        folder + "/CLASS/sequences.fa.gz");
    }
  }
  inputs.labels = std::make_shared<FolderLabels>(std::move(class_of_input));
  return inputs;
}

bool is_folder(const std::string& path) {
  std::error_code unknown;
  return path != "-" && fs::is_directory(path, unknown);
}

}  // namespace

bool has_folder(const std::vector<std::string>& paths) {
  return std::ranges::any_of(paths, is_folder);
}

LabelledInputs find_labels(const std::vector<std::string>& paths, const LabelOptions& options) {
  const bool has_table = !options.table.empty();
  const bool has_pattern = !options.header_pattern.empty();
  if (has_table && has_pattern) {
    throw usage_error("--labels and --class-from-header are two sources of classes; give one");
  }
  if (!has_table && !options.columns.group_column.empty()) {
    throw usage_error("--group-column names a column of a table; give the table with --labels");
  }
  const auto folders = std::ranges::count_if(paths, is_folder);
  if (folders > 0) {
    const auto file = std::ranges::find_if_not(paths, is_folder);
    if (file != paths.end()) {
      throw usage_error("give folders or files, not both; " + *file + " is not a folder");
    }
    if (has_table || has_pattern) {
      throw usage_error("the inputs are folders, whose names are the classes; leave out " +
                        std::string(has_table ? "--labels" : "--class-from-header"));
    }
    return labels_by_folder(paths);
  }
  if (has_table) {
    return {paths, std::make_shared<TableLabels>(LabelTable::read(options.table, options.columns))};
  }
  if (has_pattern) {
    return {paths, std::make_shared<HeaderLabels>(options.header_pattern,
                                                  "correct --class-from-header (alignments have "
                                                  "a name, but no description)")};
  }
  return {paths,
          std::make_shared<HeaderLabels>(
              kHeaderField,
              "say what the classes are: --labels TABLE, --class-from-header REGEX, class=NAME "
              "in the headers, or one folder for each class")};
}

}  // namespace paramixer
