#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "app/cli/command.hpp"
#include "app/cli/setting_options.hpp"
#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

/// Placeholders of values that are not numbers. Every option with another placeholder counts as a
/// number, so that a new one cannot be left unchecked.
const std::set<std::string> kTextPlaceholders{"FILE",    "FASTA",    "TSV",  "CSV",     "JSON",
                                              "PREFIX",  "NAME",     "TEXT", "LETTERS", "QUESTION",
                                              "A,B,...", "NAME:A-B", "A-B",  "TABLE",   "REGEX"};

const char* const kWrongNumbers[] = {"nan",
                                     "-nan",
                                     "inf",
                                     "-inf",
                                     "-1e300",
                                     "1e300",
                                     "1e999",
                                     "-1e999",
                                     "",
                                     " ",
                                     "abc",
                                     "1x",
                                     "1 ",
                                     "0x10",
                                     "1,000",
                                     "1e",
                                     "--",
                                     "½",
                                     "9223372036854775808",
                                     "-9223372036854775809",
                                     "340282366920938463463374607431768211456"};

struct NumberOption {
  std::string command;
  std::string option;
};

std::string placeholder_of(const boost::program_options::option_description& option) {
  const std::string text = option.format_parameter();
  return text.substr(0, text.find(" (="));
}

bool is_number(const boost::program_options::option_description& option) {
  if (option.semantic()->max_tokens() == 0) return false;
  const std::string placeholder = placeholder_of(option);
  return !kTextPlaceholders.contains(placeholder) && placeholder.find('|') == std::string::npos;
}

std::vector<NumberOption> number_options() {
  std::vector<NumberOption> found;
  for (const Command& command : all_commands()) {
    const CommandOptions options = command.options();
    for (const auto& group : options.groups()) {
      for (const auto& option : group.description().options()) {
        if (is_number(*option)) found.push_back({command.name, option->long_name()});
      }
    }
  }
  return found;
}

CommandOptions options_of(const std::string& name) {
  for (const Command& command : all_commands()) {
    if (command.name == name) return command.options();
  }
  throw Error("there is no command " + name);
}

TEST(NumberOptions, AreFoundInTheCommands) {
  const auto found = number_options();
  const auto holds = [&](const std::string& command, const std::string& option) {
    return std::any_of(found.begin(), found.end(), [&](const NumberOption& own) {
      return own.command == command && own.option == option;
    });
  };
  EXPECT_TRUE(holds("classify", "min-confidence"));
  EXPECT_TRUE(holds("classify", "shard"));
  EXPECT_TRUE(holds("train", "time-limit"));
  EXPECT_TRUE(holds("train", "max-memory"));
  EXPECT_TRUE(holds("train", "token-dropout"));
  EXPECT_TRUE(holds("explain", "seed"));
  EXPECT_FALSE(holds("classify", "format"));
  EXPECT_FALSE(holds("classify", "scores"));
  EXPECT_GE(found.size(), 70U);
}

TEST(NumberOptions, RefuseWhatIsNotANumberInTheirRange) {
  for (const auto& [command, option] : number_options()) {
    const CommandOptions options = options_of(command);
    for (const std::string value : kWrongNumbers) {
      SCOPED_TRACE(command + " --" + option + " '" + value + "'");
      try {
        options.parse({"--" + option + "=" + value});
        if (value.empty()) options.parse({"--" + option, value});
        ADD_FAILURE() << "was accepted";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kUsage);
        EXPECT_HAS(error.what(), "--" + option);
        if (value.empty()) continue;
        EXPECT_HAS(error.what(), " expects ");
        EXPECT_HAS(error.what(), "; got '" + value + "'");
      }
    }
  }
}

TEST(NumberOptions, AcceptTheirDefaults) {
  for (const auto& [command, option] : number_options()) {
    const CommandOptions options = options_of(command);
    const std::string standard = options.parse({}).text(option);
    if (standard.empty()) continue;  // The model decides.
    EXPECT_NO_THROW(options.parse({"--" + option, standard})) << command << " " << option;
  }
}

std::string refusal(const std::string& command, const std::vector<std::string>& arguments) {
  return test::message_of([&] { options_of(command).parse(arguments); });
}

TEST(NumberOptions, TheErrorNamesOptionValueAndRange) {
  EXPECT_EQ(refusal("classify", {"--min-confidence", "2"}),
            "--min-confidence expects a number from 0 to 1; got '2'");
  EXPECT_EQ(refusal("classify", {"--batch-size", "0"}),
            "--batch-size expects a whole number from 1 to 1000000; got '0'");
  EXPECT_EQ(refusal("classify", {"--shard", "5/4"}),
            "--shard expects I/N, for example 1/4, with I from 1 to N; got '5/4'");
  EXPECT_EQ(refusal("train", {"--learning-rate", "0"}),
            "--learning-rate expects a number above 0 and at most 1000000; got '0'");
  EXPECT_EQ(refusal("train", {"--value-dropout", "1"}),
            "--value-dropout expects a number from 0 to below 1; got '1'");
  EXPECT_EQ(refusal("train", {"--factors", "61"}),
            "--factors expects a whole number from -1 to 60; got '61'");
  EXPECT_EQ(refusal("train", {"--time-limit", "2 minutes"}),
            "--time-limit expects a time such as 90s, 20m or 1h30m, up to 1000000000 seconds; got "
            "'2 minutes'");
  EXPECT_EQ(refusal("train", {"--max-memory", "0.5"}),
            "--max-memory expects a size such as 500M or 8G, from 1 byte to 1000000T; got '0.5'");
}

TEST(NumberOptions, TheHelpShowsTheRange) {
  EXPECT_HAS(options_of("classify").help_text(), "(from 0 to 1)");
  EXPECT_HAS(options_of("simulate").help_text(), "presence: number of classes (from 2 to 16)");
  EXPECT_HAS(options_of("train").help_text(), "(from 0 to below 1)");
}

TEST(NumberOptions, TheEndsOfARangeAreAccepted) {
  for (const char* value : {"0", "1", "0.5", "1e-300", "4.9e-324", "-0"}) {
    EXPECT_NO_THROW(options_of("classify").parse({"--min-confidence", value})) << value;
  }
  EXPECT_NO_THROW(options_of("train").parse({"--factors", "-1"}));
  EXPECT_NO_THROW(options_of("train").parse({"--seed", "9223372036854775807"}));
}

TEST(ConfigFile, WhatIsWrongIsAUsageErrorThatNamesFileKeyValueAndRange) {
  const std::vector<std::pair<const char*, const char*>> wrong{
      {R"({"training": {"learning_rate": -1}})",
       "training configuration: key 'learning_rate' has the value -1, expected a number above 0 "
       "and "
       "at most 1000000"},
      {R"({"training": {"steps": 9223372036854775808}})", "key 'steps'"},
      {R"({"training": {"epochs": 1e300}})", "key 'epochs' has the value 1e+300"},
      {R"({"training": {"epochs": 1e999}})", "1e999"},
      {R"({"training": {"epochs": nan}})", "expected JSON such as"},
      {R"({"model": {"value_dropout": 1}})", "expected a number from 0 to below 1"},
      {R"({"model": {"blocks": "2"}})", "expected a whole number from 1 to 256"},
      {R"({"network": {}})", "unknown key 'network'"},
      {"[]", "expected JSON such as"},
      {"", "expected JSON such as"}};
  const test::TempDir dir;
  const std::string path = dir.file("c.json");
  for (const auto& [json, says] : wrong) {
    test::write_file(path, json);
    try {
      settings_from(options_of("train").parse({"--config", path}));
      ADD_FAILURE() << json << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage) << json;
      EXPECT_HAS(error.what(), path + ": ");
      EXPECT_HAS(error.what(), says);
    }
  }
}

TEST(EmptyValues, AreRefusedByEveryOptionAndAsInputs) {
  for (const Command& command : all_commands()) {
    const CommandOptions options = command.options();
    for (const auto& group : options.groups()) {
      for (const auto& option : group.description().options()) {
        if (option->semantic()->max_tokens() == 0) continue;
        const std::string message = test::message_of([&] {
          options.parse({"--" + option->long_name(), ""});
        });
        EXPECT_EQ(message, "the value of --" + option->long_name() + " is empty") << command.name;
      }
    }
  }
  EXPECT_EQ(refusal("classify", {"a.fa", ""}), "the name of an input is empty");
  EXPECT_EQ(refusal("train", {"--sequences", "a.fa", ""}), "the value of --sequences is empty");
}

}  // namespace
}  // namespace paramixer
