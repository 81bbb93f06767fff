#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

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
  /// The option must have a default.
  std::int64_t integer(const std::string& name) const { return values_[name].as<std::int64_t>(); }
  std::vector<std::string> list(const std::string& name) const;
  /// The words that are no options and no values of options, in order.
  std::vector<std::string> words() const;
  /// text(name); throws a usage Error when the option was not given.
  std::string required(const std::string& name) const;

 private:
  boost::program_options::variables_map values_;
};

/// Options under one heading of the help. Every function adds an option and returns the group.
class OptionGroup {
 public:
  explicit OptionGroup(const std::string& heading);

  /// An option with a value and no default.
  OptionGroup& text(const char* name, const std::string& placeholder, const char* help);
  OptionGroup& text(const char* name, const std::string& placeholder, const char* help,
                    const std::string& default_value);
  OptionGroup& integer(const char* name, std::int64_t default_value, const char* help);
  /// Any number of words after the option, and the option may be repeated.
  OptionGroup& list(const char* name, const std::string& placeholder, const char* help);
  OptionGroup& flag(const char* name, const char* help);

  const boost::program_options::options_description& description() const { return description_; }

 private:
  boost::program_options::options_description description_;
};

/// The options of one command: what may be given, and the help text.
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
  /// Accepts at most this many words that are no options.
  void take_words(std::size_t most) { most_words_ = most; }

  /// Throws a usage Error that names what is wrong; for an unknown option with the nearest known.
  ParsedOptions parse(const std::vector<std::string>& arguments) const;
  std::string help_text() const;

 private:
  boost::program_options::options_description known_options() const;

  Help help_;
  std::deque<OptionGroup> groups_;
  std::size_t most_words_ = 0;
};

}  // namespace paramixer
