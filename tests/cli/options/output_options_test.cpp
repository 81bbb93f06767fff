#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "app/cli/command.hpp"
#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

CommandOptions options_of(const std::string& name) {
  for (const Command& command : all_commands()) {
    if (command.name == name) return command.options();
  }
  throw Error("there is no command " + name);
}

struct Choice {
  const char* command;
  std::vector<std::string> arguments;
  const char* format;
};

TEST(OutputFormat, FollowsTheNameOrTheOption) {
  const std::vector<Choice> choices{
      {"classify", {}, "tsv"},
      {"classify", {"--output", "-"}, "tsv"},
      {"classify", {"--output", "/dev/stdout"}, "tsv"},
      {"classify", {"--output", "/dev/fd/63"}, "tsv"},
      {"classify", {"--output", "x.txt"}, "tsv"},
      {"classify", {"--output", "x.gz"}, "tsv"},
      {"classify", {"--output", "x.tsv.gz"}, "tsv"},
      {"classify", {"--output", "x.jsonl.bgz"}, "jsonl"},
      {"classify", {"--output", "X.BAM"}, "bam"},
      {"classify", {"--output", "x.sam"}, "sam"},
      {"classify", {"--output", "x.sam.gz"}, "sam"},
      {"classify", {"--output", "x.txt", "--format", "jsonl"}, "jsonl"},
      {"classify", {"--format", "bam"}, "bam"},
      {"classify", {"--output", "x.tab", "--format", "tsv"}, "tsv"},
      {"scan", {}, "bed"},
      {"scan", {"--output", "p.bedgraph"}, "bedgraph"},
      {"scan", {"--output", "p.bdg.gz"}, "bedgraph"},
      {"scan", {"--output", "p.bw"}, "bigwig"},
      {"scan", {"--output", "p.tsv"}, "tsv"},
      {"explain", {}, "tsv"},
      {"explain", {"--output", "l.bedpe.gz"}, "bedpe"},
      {"explain", {"--output", "l.ndjson"}, "jsonl"}};
  for (const Choice& choice : choices) {
    const ParsedOptions parsed = options_of(choice.command).parse(choice.arguments);
    EXPECT_EQ(parsed.format("output"), choice.format)
        << choice.command << ": " << parsed.text("output");
  }
}

struct Refusal {
  const char* command;
  std::vector<std::string> arguments;
  const char* says;
};

TEST(OutputFormat, NamesThatContradictOrPromiseTooMuchAreUsageErrors) {
  const std::vector<Refusal> refusals{
      {"classify", {"--output", "x.tsv.gz", "--format", "jsonl"}, "the name says tsv"},
      {"classify", {"--output", "x.bam", "--format", "tsv"}, "the name says bam"},
      {"classify", {"--format", "csv"}, "unknown format 'csv'; expected one of: tsv, jsonl, bam"},
      {"classify", {"--output", "x.cram"}, "samtools view -C"},
      {"classify", {"--output", "x.json"}, "a name that ends in .tsv, .jsonl, .bam, .sam"},
      {"classify", {"--output", "x.fa"}, "cannot be written as fasta"},
      {"classify", {"--output", "x.bam.gz"}, "without .gz"},
      {"classify", {"--output", "x.tsv.xz"}, ".xz is not written; choose .gz"},
      {"scan", {"--output", "x.bam"}, "cannot be written as bam"},
      {"scan", {"--output", "x.bw.gz"}, "without .gz"},
      {"explain", {"--output", "x.bed"}, "cannot be written as bed"},
      {"evaluate", {"--json", "r.tsv"}, "cannot be written as tsv"},
      {"bench", {"--json", "r.csv"}, "cannot be written as csv"},
      {"train", {"--output", "m.tsv"}, "a name that ends in .safetensors"},
      {"train", {"--output", "m.safetensors.gz"}, "without .gz"},
      {"train", {"--metrics-log", "m.json"}, "a name that ends in .csv"},
      {"train", {"--metrics-log", "m.csv.gz"}, "without .gz"},
      {"export", {"--output", "w.bam"}, "cannot be written as bam"},
      {"import", {"--output", "w.fa"}, "cannot be written as fasta"}};
  for (const Refusal& refusal : refusals) {
    SCOPED_TRACE(std::string(refusal.command) + " " + refusal.arguments[1]);
    try {
      options_of(refusal.command).parse(refusal.arguments);
      ADD_FAILURE() << "was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_HAS(error.what(), refusal.says);
    }
  }
}

TEST(OutputFormat, TheHelpListsTheEndings) {
  for (const char* ending : {".tsv", ".jsonl", ".bam", ".sam", ".gz"}) {
    EXPECT_HAS(options_of("classify").help_text(), ending);
  }
  for (const char* ending : {".bed", ".bedgraph", ".bigwig", ".tsv", ".gz"}) {
    EXPECT_HAS(options_of("scan").help_text(), ending);
  }
}

/// All options of all commands that name an output file.
TEST(OutputPlace, IsCheckedForEveryOutputOfEveryCommand) {
  const test::TempDir dir;
  test::write_file(dir.file("file"), "");
  struct Place {
    std::string path;
    const char* says;
  };
  const Place places[] = {{dir.file("absent/x"), "No such file or directory"},
                          {dir.file("file/x"), "Not a directory"}};
  int outputs = 0;
  for (const Command& command : all_commands()) {
    if (command.name == "info") continue;  // Its --json is a flag, before the name of a model.
    const CommandOptions options = command.options();
    for (const char* name : {"output", "json", "metrics-log"}) {
      for (const auto& [path, says] : places) {
        try {
          const ParsedOptions parsed = options.parse({std::string("--") + name, path});
          ++outputs;
          EXPECT_HAS(test::message_of([&] { options.check_files(parsed); }), says)
              << command.name << " --" << name;
        } catch (const Error&) {
          // The command has no such option, or it is a flag.
        }
      }
    }
  }
  EXPECT_EQ(outputs, 2 * 10);
  const CommandOptions classify = options_of("classify");
  EXPECT_HAS(test::message_of([&] {
               classify.check_files(classify.parse({"--output", dir.file("")}));
             }),
             "is a folder");
}

TEST(OutputPlace, TwoOutputsOfOneNameAndFoldersAreUsageErrors) {
  const test::TempDir dir;
  const CommandOptions train = options_of("train");
  EXPECT_HAS(
      test::message_of([&] {
        train.check_files(train.parse({"--output", dir.file("m"), "--metrics-log", dir.file("m")}));
      }),
      "two outputs cannot have one name");
  const CommandOptions simulate = options_of("simulate");
  EXPECT_HAS(test::message_of([&] {
               simulate.check_files(simulate.parse({"motif", "--output", dir.file("")}));
             }),
             "is a folder; --output names a file");
}

TEST(OutputPlace, AnInputIsNotReplaced) {
  const test::TempDir dir;
  const std::string path = dir.file("in");
  test::write_file(path, ">a\nACGT\n");
  const std::vector<std::pair<const char*, std::vector<std::string>>> calls{
      {"classify", {"--output", path, path}},
      {"classify", {"--output", dir.file("./in"), "--model", path, "x.fa"}},
      {"scan", {"--output", path, path}},
      {"explain", {"--output", path, path}},
      {"evaluate", {"--json", path, "--labels", path}},
      {"train", {"--output", path, "--sequences", "x.fa", path}},
      {"train", {"--metrics-log", path, "--valid-labels", path}},
      {"import", {"--output", path, "--weights", path}},
      {"export", {"--output", path, "--model", path}}};
  for (const auto& [command, arguments] : calls) {
    const CommandOptions options = options_of(command);
    const ParsedOptions parsed = options.parse(arguments);
    EXPECT_HAS(test::message_of([&] { options.check_files(parsed); }),
               "is an input and cannot be the output as well")
        << command;
  }
}

}  // namespace
}  // namespace paramixer
