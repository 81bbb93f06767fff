#include "tests/cli/program_test.hpp"

namespace paramixer::test {
namespace {

class Usage : public ProgramTest {};

const char* const kCommands[] = {"train", "classify", "evaluate", "explain", "scan",
                                 "info",  "import",   "export",   "simulate"};

TEST_F(Usage, without_a_command_the_overview_is_printed_and_the_exit_code_is_2) {
  const CommandResult result = run("paramixer");
  EXPECT_EQ(result.exit_code, 2);
  for (const char* command : kCommands) EXPECT_HAS(result.err, command);
}

TEST_F(Usage, help_names_every_command_and_has_an_example) {
  const std::string help = run_well("paramixer --help");
  for (const char* command : kCommands) EXPECT_HAS(help, command);
  EXPECT_HAS(help, "Example:");
}

TEST_F(Usage, help_of_every_command_ends_with_an_example_of_it) {
  for (const std::string command : kCommands) {
    const std::string help = run_well("paramixer " + command + " --help");
    const std::size_t example = help.find("\nExample:\n");
    ASSERT_NE(example, std::string::npos) << command;
    EXPECT_HAS(help.substr(example), "paramixer " + command + " ");
  }
}

TEST_F(Usage, help_shows_defaults) {
  EXPECT_HAS(run_well("paramixer classify --help"), "--batch-size N (=32)");
  EXPECT_HAS(run_well("paramixer train --help"), "--learning-rate X (=0.003)");
}

TEST_F(Usage, version_is_printed) {
  EXPECT_EQ(run_well("paramixer --version").substr(0, 10), "paramixer ");
}

TEST_F(Usage, unknown_command_is_named_with_the_nearest_one) {
  const CommandResult result = run("paramixer clasify x.fa");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_HAS(result.err, "paramixer: error: unknown command 'clasify'; did you mean classify?");
}

TEST_F(Usage, unknown_option_is_named_with_the_nearest_one) {
  const CommandResult result = run("paramixer classify --modle m.safetensors x.fa");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_HAS(result.err, "unknown option '--modle'; did you mean --model?");
  EXPECT_HAS(result.err, "see: paramixer classify --help");
}

TEST_F(Usage, options_cannot_be_abbreviated) {
  const CommandResult result = run("paramixer classify --mod m.safetensors x.fa");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_HAS(result.err, "unknown option '--mod'; did you mean --model?");
}

struct WrongUse {
  const char* arguments;
  const char* message;
};

void PrintTo(const WrongUse& use, std::ostream* out) { *out << use.arguments; }

class WrongUsage : public ProgramTest, public ::testing::WithParamInterface<WrongUse> {};

TEST_P(WrongUsage, ends_with_exit_code_2_and_says_why) {
  write("x.fa", ">r\nACGT\n");
  const CommandResult result = run(std::string("paramixer ") + GetParam().arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_HAS(result.err, GetParam().message);
  EXPECT_EQ(result.out, "");
}

const WrongUse kWrongUses[] = {
    {"classify x.fa", "--model is required"},
    {"classify --model m", "no input file given"},
    {"classify --model", "--model"},
    {"classify --model m --model n x.fa", "more than once"},
    {"classify --model m --shard 5/4 x.fa", "--shard expects I/N"},
    {"classify --model m --shard 1of4 x.fa",
     "--shard expects I/N, for example 1/4, with I from 1 to N; got '1of4'"},
    {"classify --model m --format csv x.fa", "csv"},
    {"classify --model m --long split x.fa", "split"},
    {"classify --model m --batch-size many x.fa", "many"},
    {"classify --model m --batch-size 0 x.fa",
     "--batch-size expects a whole number from 1 to 1000000; got '0'"},
    {"classify --model m --min-confidence high x.fa",
     "--min-confidence expects a number from 0 to 1; got 'high'"},
    {"classify --model m --min-confidence 2 x.fa",
     "--min-confidence expects a number from 0 to 1; got '2'"},
    {"classify --model m --device tpu x.fa", "tpu"},
    {"classify --model m --resume x.fa", "stdout cannot be continued"},
    {"classify --model m --resume --output x.bam x.fa", "BAM and SAM output cannot be resumed"},
    {"classify --model m --output x.fa x.fa", "x.fa: this output cannot be written as fasta"},
    {"evaluate --labels l x.fa", "--model is required"},
    {"train --labels l --output m", "--sequences is required"},
    {"train --sequences x.fa --output m --labels l --class-from-header x", "two sources"},
    {"train --sequences x.fa --labels l", "--output is required"},
    {"train --sequences x.fa --labels l --output m extra", "unexpected argument 'extra'"},
    {"train --sequences x.fa --labels l --output m --time-limit soon",
     "--time-limit expects a time such as 90s"},
    {"train --sequences x.fa --labels l --output m --max-memory lots",
     "--max-memory expects a size such as 500M"},
    {"train --sequences x.fa --labels l --output m --steps 1.5",
     "--steps expects a whole number from 0 to 1000000000000; got '1.5'"},
    {"train --sequences x.fa --labels l --output m --protocol star", "star"},
    {"train --sequences x.fa --labels l --output m --recipe rnn", "rnn"},
    {"simulate", "no task given"},
    {"simulate weather --output p", "unknown task 'weather'"},
    {"simulate motif", "--output is required"},
    {"simulate motif --output p --kind many", "many"},
    {"simulate motif --output p --count 0", "--count expects a whole number from 1"},
    {"simulate motif --output p --length 5", "a record has 5"},
    {"info model.safetensors extra", "unexpected argument 'extra'"},
    {"import --weights w", "--output is required"},
    {"export --model m", "--output is required"},
};

INSTANTIATE_TEST_SUITE_P(Commands, WrongUsage, ::testing::ValuesIn(kWrongUses),
                         [](const auto& use) { return "case_" + std::to_string(use.index); });

}  // namespace
}  // namespace paramixer::test
