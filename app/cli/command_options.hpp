#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/base/number_range.hpp"

namespace paramixer {

/// What the user gave to a command, after parsing.
class ParsedOptions {
 public:
  explicit ParsedOptions(boost::program_options::variables_map values)
      : values_(std::move(values)) {}

  /// Whether the option was given, as opposed to left at its default.
  bool given(const std::string& name) const;
  bool flag(const std::string& name) const { return values_[name].as<bool>(); }
  /// Empty when the option was not given and has no default.
  std::string text(const std::string& name) const;
  /// A number that was declared as an integer.
  std::int64_t integer(const std::string& name) const;
  /// A number that was declared as a number.
  double number(const std::string& name) const;
  /// A value that was declared as a choice. Throws a usage Error that lists the names.
  template <NamedEnum Enum>
  Enum choice(const std::string& name) const {
    return value_named<Enum>(text(name));
  }
  std::vector<std::string> list(const std::string& name) const;
  /// The positional words, in order.
  std::vector<std::string> words() const;
  /// text(name); throws a usage Error when the option was not given.
  std::string required(const std::string& name) const;
  /// The file given by the option or as the only positional word; empty without either. Throws a
  /// usage Error if both are given.
  std::string file_or_word(const std::string& name) const;

  /// Format of an output_file() option with formats: from its format option, else from the ending
  /// of the file's name, else the default.
  const std::string& format(const std::string& name) const { return formats_.at(name); }

 private:
  friend class CommandOptions;

  boost::program_options::variables_map values_;
  std::map<std::string, std::string> formats_;
};

/// Placeholder, default and range of a numeric option.
struct NumberValue {
  std::string placeholder;
  std::string default_text;  ///< Empty: none.
  NumberRange range;
};

/// A file that a command writes.
struct OutputValue {
  std::string placeholder = "FILE";
  std::string default_text{};  ///< Empty: none.
  /// Names of what it can hold, as in io/files/output_name.hpp; the first one is the default.
  std::vector<std::string> formats{};
  std::string format_option{};  ///< Option that names the format; empty: none does.
  /// Endings of the files written if the option is a prefix of their names.
  std::vector<std::string> endings{""};
};

/// Options under one heading of the help. Every function adds an option and returns the group.
class OptionGroup {
 public:
  explicit OptionGroup(const std::string& heading);

  /// An option with a value and no default.
  OptionGroup& text(const char* name, const std::string& placeholder, const char* help);
  OptionGroup& text(const char* name, const std::string& placeholder, const char* help,
                    const std::string& default_value);
  /// One of the names of an enumeration, which the help lists. ParsedOptions::choice() reads it.
  template <NamedEnum Enum>
  OptionGroup& choice(const char* name, Enum default_value, const char* help) {
    return text(name, joined_names(all_names<Enum>()), help, name_of(default_value));
  }
  /// A whole number within a range, which the help shows and parse() checks.
  OptionGroup& integer(const char* name, const NumberValue& value, const char* help);
  OptionGroup& integer(const char* name, std::int64_t default_value, const NumberRange& range,
                       const char* help);
  /// The same for any number.
  OptionGroup& number(const char* name, const NumberValue& value, const char* help);
  /// The same for a time such as 20m, a size such as 8G, and a shard such as 1/4.
  OptionGroup& duration(const char* name, const std::string& default_value, const char* help);
  OptionGroup& size(const char* name, const std::string& default_value, const char* help);
  OptionGroup& shard(const char* name, const std::string& default_value, const char* help);
  /// A file that is read.
  OptionGroup& input_file(const char* name, const std::string& placeholder, const char* help);
  /// Any number of files after the option, and the option may be repeated.
  OptionGroup& input_files(const char* name, const std::string& placeholder, const char* help);
  /// A file that is written. parse() chooses its format; check_files() checks where it lies.
  OptionGroup& output_file(const char* name, const OutputValue& value, const char* help);
  /// Any number of words after the option, and the option may be repeated.
  OptionGroup& list(const char* name, const std::string& placeholder, const char* help);
  OptionGroup& flag(const char* name, const char* help);

  const boost::program_options::options_description& description() const { return description_; }

 private:
  friend class CommandOptions;
  /// Throws a usage Error that starts with `what` for a text that is not accepted.
  using Check = std::function<void(const std::string& what, const std::string& text)>;
  struct CheckedOption {
    std::string name;
    Check check;
  };
  struct OutputOption {
    std::string name;
    OutputValue value;
  };

  OptionGroup& add_number(CheckedOption option, const NumberValue& value, const char* help);

  boost::program_options::options_description description_;
  std::vector<CheckedOption> checked_;
  std::vector<std::string> inputs_;
  std::vector<OutputOption> outputs_;
};

/// The options of one command and its help text.
class CommandOptions {
 public:
  struct Help {
    std::string usage;    ///< "classify --model M [options] INPUT..."
    std::string about;    ///< A few sentences.
    std::string example;  ///< One or more command lines.
  };

  explicit CommandOptions(Help help);

  /// Starts a group of options with a heading. The reference stays valid.
  OptionGroup& group(const std::string& heading);
  const std::deque<OptionGroup>& groups() const { return groups_; }
  /// Accepts at most this many positional words.
  void take_words(std::size_t most) { most_words_ = most; }

  /// Throws a usage Error that names what is wrong: an unknown option, with the nearest known; a
  /// number out of its range; an empty value; an output whose name and format contradict.
  ParsedOptions parse(const std::vector<std::string>& arguments) const;
  /// Checks before the work begins that outputs can be written and replace neither an input nor
  /// another output. Throws Error.
  void check_files(const ParsedOptions& parsed) const;
  std::string help_text() const;

 private:
  boost::program_options::options_description known_options() const;
  ParsedOptions parsed_words(const std::vector<std::string>& arguments) const;
  void check_values(const ParsedOptions& parsed) const;
  void choose_formats(ParsedOptions& parsed) const;
  std::vector<std::string> given_inputs(const ParsedOptions& parsed) const;
  std::vector<std::string> given_outputs(const ParsedOptions& parsed) const;

  Help help_;
  std::deque<OptionGroup> groups_;
  std::size_t most_words_ = 0;
};

}  // namespace paramixer
