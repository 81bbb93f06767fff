#include "app/cli/command_options.hpp"

#include <sstream>

#include "app/cli/nearest_name.hpp"
#include "core/base/error.hpp"

namespace paramixer {
namespace {

namespace po = boost::program_options;

// Whole option names only: an abbreviation that works today breaks when an option is added.
constexpr int kStyle =
    po::command_line_style::allow_long | po::command_line_style::long_allow_next |
    po::command_line_style::long_allow_adjacent | po::command_line_style::allow_short |
    po::command_line_style::allow_dash_for_short | po::command_line_style::short_allow_next;

// An option that nobody types: Boost wants a name for the words that are no options.
constexpr const char* kWords = " words";

constexpr unsigned kHelpWidth = 100;

std::vector<std::string> names_of(const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back("--" + option->long_name());
  return names;
}

}  // namespace

bool ParsedOptions::given(const std::string& name) const {
  return values_.count(name) > 0 && !values_[name].defaulted();
}

std::string ParsedOptions::text(const std::string& name) const {
  return values_.count(name) > 0 ? values_[name].as<std::string>() : std::string();
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

OptionGroup& OptionGroup::integer(const char* name, std::int64_t default_value, const char* help) {
  description_.add_options()(
      name, po::value<std::int64_t>()->value_name("N")->default_value(default_value), help);
  return *this;
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

ParsedOptions CommandOptions::parse(const std::vector<std::string>& arguments) const {
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
    ParsedOptions parsed(std::move(values));
    const auto words = parsed.words();
    if (words.size() > most_words_) {
      throw usage_error("unexpected argument '" + words[most_words_] + "'");
    }
    return parsed;
  } catch (const po::unknown_option& error) {
    const std::string nearest = nearest_name(error.get_option_name(), names_of(known));
    throw usage_error("unknown option '" + error.get_option_name() + "'" +
                      (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
  } catch (const po::error& error) {
    throw usage_error(error.what());
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
