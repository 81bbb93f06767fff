#include "app/cli/command_options.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "app/cli/nearest_name.hpp"
#include "app/cli/quantities.hpp"
#include "core/base/error.hpp"
#include "io/files/output_file.hpp"
#include "io/files/output_name.hpp"

namespace paramixer {
namespace {

namespace po = boost::program_options;

// Whole option names only: an abbreviation that works today would break when an option is added.
constexpr int kStyle =
    po::command_line_style::allow_long | po::command_line_style::long_allow_next |
    po::command_line_style::long_allow_adjacent | po::command_line_style::allow_short |
    po::command_line_style::allow_dash_for_short | po::command_line_style::short_allow_next;

// Boost needs a name for positional words; nobody types this one.
constexpr const char* kWords = " words";

constexpr unsigned kHelpWidth = 100;

std::vector<std::string> names_of(const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back("--" + option->long_name());
  return names;
}

/// Strings of a text or list value; empty for other types.
std::vector<std::string> strings_of(const po::variable_value& value) {
  if (value.value().type() == typeid(std::string)) return {value.as<std::string>()};
  if (value.value().type() == typeid(std::vector<std::string>)) {
    return value.as<std::vector<std::string>>();
  }
  return {};
}

}  // namespace

bool ParsedOptions::given(const std::string& name) const {
  return values_.count(name) > 0 && !values_[name].defaulted();
}

std::string ParsedOptions::text(const std::string& name) const {
  return values_.count(name) > 0 ? values_[name].as<std::string>() : std::string();
}

std::int64_t ParsedOptions::integer(const std::string& name) const {
  return parse_integer("--" + name, text(name));
}

double ParsedOptions::number(const std::string& name) const {
  return parse_number("--" + name, text(name));
}

std::vector<std::string> ParsedOptions::list(const std::string& name) const {
  return values_.count(name) > 0 ? values_[name].as<std::vector<std::string>>()
                                 : std::vector<std::string>();
}

std::vector<std::string> ParsedOptions::words() const { return list(kWords); }

std::string ParsedOptions::required(const std::string& name) const {
  if (values_.count(name) == 0) throw usage_error("the option --" + name + " is required");
  return text(name);
}

std::string ParsedOptions::file_or_word(const std::string& name) const {
  const std::vector<std::string> typed = words();
  if (typed.empty()) return text(name);
  if (given(name)) {
    throw usage_error("the file is given twice, as '" + typed.front() + "' and by --" + name);
  }
  return typed.front();
}

OptionGroup::OptionGroup(const std::string& heading)
    : description_(heading, kHelpWidth, kHelpWidth / 2) {}

OptionGroup& OptionGroup::text(const char* name, const std::string& placeholder, const char* help) {
  description_.add_options()(name, po::value<std::string>()->value_name(placeholder), help);
  return *this;
}

OptionGroup& OptionGroup::text(const char* name, const std::string& placeholder, const char* help,
                               const std::string& default_value) {
  description_.add_options()(
      name, po::value<std::string>()->value_name(placeholder)->default_value(default_value), help);
  return *this;
}

OptionGroup& OptionGroup::add_number(CheckedOption option, const NumberValue& value,
                                     const char* help) {
  const std::string shown = std::string(help) + " (" + value.range.text() + ")";
  if (value.default_text.empty()) {
    text(option.name.c_str(), value.placeholder, shown.c_str());
  } else {
    text(option.name.c_str(), value.placeholder, shown.c_str(), value.default_text);
  }
  checked_.push_back(std::move(option));
  return *this;
}

OptionGroup& OptionGroup::integer(const char* name, const NumberValue& value, const char* help) {
  const auto check = [range = value.range](const std::string& what, const std::string& text) {
    parse_integer(what, text, range);
  };
  return add_number({name, check}, value, help);
}

OptionGroup& OptionGroup::integer(const char* name, std::int64_t default_value,
                                  const NumberRange& range, const char* help) {
  return integer(name, {"N", std::to_string(default_value), range}, help);
}

OptionGroup& OptionGroup::number(const char* name, const NumberValue& value, const char* help) {
  const auto check = [range = value.range](const std::string& what, const std::string& text) {
    parse_number(what, text, range);
  };
  return add_number({name, check}, value, help);
}

OptionGroup& OptionGroup::duration(const char* name, const std::string& default_value,
                                   const char* help) {
  checked_.push_back({name, parse_duration});
  return text(name, "TIME", help, default_value);
}

OptionGroup& OptionGroup::size(const char* name, const std::string& default_value,
                               const char* help) {
  checked_.push_back({name, parse_size});
  return text(name, "SIZE", help, default_value);
}

OptionGroup& OptionGroup::shard(const char* name, const std::string& default_value,
                                const char* help) {
  checked_.push_back({name, parse_shard});
  return text(name, "I/N", help, default_value);
}

OptionGroup& OptionGroup::input_file(const char* name, const std::string& placeholder,
                                     const char* help) {
  inputs_.push_back(name);
  return text(name, placeholder, help);
}

OptionGroup& OptionGroup::input_files(const char* name, const std::string& placeholder,
                                      const char* help) {
  inputs_.push_back(name);
  return list(name, placeholder, help);
}

OptionGroup& OptionGroup::output_file(const char* name, const OutputValue& value,
                                      const char* help) {
  outputs_.push_back({name, value});
  std::string shown = help;
  if (value.formats.size() > 1) {
    shown += "; " + endings_of(value.formats) + " select the format, .gz compresses text";
  }
  if (value.default_text.empty()) return text(name, value.placeholder, shown.c_str());
  return text(name, value.placeholder, shown.c_str(), value.default_text);
}

OptionGroup& OptionGroup::list(const char* name, const std::string& placeholder, const char* help) {
  description_.add_options()(
      name, po::value<std::vector<std::string>>()->value_name(placeholder)->multitoken(), help);
  return *this;
}

OptionGroup& OptionGroup::flag(const char* name, const char* help) {
  description_.add_options()(name, po::bool_switch(), help);
  return *this;
}

CommandOptions::CommandOptions(Help help) : help_(std::move(help)) {}

OptionGroup& CommandOptions::group(const std::string& heading) {
  return groups_.emplace_back(heading);
}

po::options_description CommandOptions::known_options() const {
  po::options_description known;
  for (const OptionGroup& part : groups_) known.add(part.description());
  return known;
}

ParsedOptions CommandOptions::parsed_words(const std::vector<std::string>& arguments) const {
  const po::options_description known = known_options();
  po::options_description accepted;
  accepted.add(known).add_options()(kWords, po::value<std::vector<std::string>>());
  try {
    po::variables_map values;
    po::store(po::command_line_parser(arguments)
                  .options(accepted)
                  .positional(po::positional_options_description().add(kWords, -1))
                  .style(kStyle)
                  .run(),
              values);
    return ParsedOptions(std::move(values));
  } catch (const po::unknown_option& error) {
    const std::string nearest = nearest_name(error.get_option_name(), names_of(known));
    throw usage_error("unknown option '" + error.get_option_name() + "'" +
                      (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
  } catch (const po::error& error) {
    throw usage_error(error.what());
  }
}

ParsedOptions CommandOptions::parse(const std::vector<std::string>& arguments) const {
  ParsedOptions parsed = parsed_words(arguments);
  const auto words = parsed.words();
  if (words.size() > most_words_) {
    throw usage_error("unexpected argument '" + words[most_words_] + "'");
  }
  check_values(parsed);
  choose_formats(parsed);
  return parsed;
}

void CommandOptions::check_values(const ParsedOptions& parsed) const {
  for (const auto& [name, value] : parsed.values_) {
    const auto strings = strings_of(value);
    if (value.defaulted() || std::ranges::find(strings, "") == strings.end()) continue;
    throw usage_error(name == kWords ? "the name of an input is empty"
                                     : "the value of --" + name + " is empty");
  }
  for (const OptionGroup& part : groups_) {
    for (const auto& [name, check] : part.checked_) {
      if (parsed.values_.count(name) > 0) check("--" + name, parsed.text(name));
    }
  }
}

void CommandOptions::choose_formats(ParsedOptions& parsed) const {
  for (const OptionGroup& part : groups_) {
    for (const auto& [name, value] : part.outputs_) {
      if (value.formats.empty()) continue;
      const bool asked = !value.format_option.empty() && parsed.given(value.format_option);
      parsed.formats_[name] = output_format({.path = parsed.text(name),
                                             .asked = asked ? parsed.text(value.format_option) : "",
                                             .offered = value.formats});
    }
  }
}

std::vector<std::string> CommandOptions::given_inputs(const ParsedOptions& parsed) const {
  std::vector<std::string> inputs = parsed.words();
  for (const OptionGroup& part : groups_) {
    for (const std::string& name : part.inputs_) {
      if (!parsed.given(name)) continue;
      for (std::string& path : strings_of(parsed.values_[name])) inputs.push_back(std::move(path));
    }
  }
  return inputs;
}

std::vector<std::string> CommandOptions::given_outputs(const ParsedOptions& parsed) const {
  std::vector<std::string> outputs;
  for (const OptionGroup& part : groups_) {
    for (const auto& [name, value] : part.outputs_) {
      if (!parsed.given(name)) continue;
      const std::string path = parsed.text(name);
      if (path.ends_with('/'))
        throw usage_error(path + ": is a folder; --" + name + " names a file");
      for (const std::string& ending : value.endings) outputs.push_back(path + ending);
    }
  }
  return outputs;
}

void CommandOptions::check_files(const ParsedOptions& parsed) const {
  const std::vector<std::string> inputs = given_inputs(parsed);
  std::set<std::string> taken;
  for (const std::string& path : given_outputs(parsed)) {
    for (const std::string& input : inputs) {
      std::error_code missing;
      if (input != "-" && std::filesystem::equivalent(input, path, missing)) {
        throw usage_error(path + ": is an input and cannot be the output as well");
      }
    }
    check_output_place(path);
    if (partial_path_of(path) != path && !taken.insert(partial_path_of(path)).second) {
      throw usage_error(path + ": two outputs cannot have one name");
    }
  }
}

std::string CommandOptions::help_text() const {
  std::ostringstream text;
  text << "Usage: paramixer " << help_.usage << "\n\n" << help_.about << "\n";
  for (const OptionGroup& part : groups_) text << "\n" << part.description();
  text << "\nExample:\n" << help_.example << "\n";
  return text.str();
}

}  // namespace paramixer
