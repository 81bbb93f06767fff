#include <filesystem>

#include "tests/cli/program_test.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer::test {
namespace {

using namespace std::string_literals;

/// Where answers go (names, formats, compression, closed descriptors) and what messages may
/// contain.
class Output : public ProgramTest {
 protected:
  void SetUp() override {
    make_model("m.safetensors");
    write("x.fa", fasta_of(12));
  }

  CommandResult classify(const std::string& arguments) const {
    return run("paramixer classify --quiet --model m.safetensors " + arguments);
  }

  void expect_usage(const std::string& command, const std::string& message) const {
    const CommandResult result = run("paramixer " + command);
    EXPECT_EQ(result.exit_code, 2) << command << "\n" << result.err;
    EXPECT_HAS(result.err, message);
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
  }
};

TEST_F(Output, a_name_in_gz_is_bgzf_that_tools_read) {
  const std::string plain = classify("--scores x.fa").out;
  for (const char* name : {"out.tsv.gz", "out.tsv.bgz", "out.gz"}) {
    ASSERT_EQ(classify("--scores --output "s + name + " x.fa").exit_code, 0) << name;
    EXPECT_EQ(read(name).substr(0, 4), "\x1f\x8b\x08\x04") << name;
    EXPECT_EQ(run_well("gzip -dc < "s + name), plain) << name;
    EXPECT_FALSE(exists(file(name + ".partial"s)));
  }
  ASSERT_EQ(classify("--output out.jsonl.gz x.fa").exit_code, 0);
  EXPECT_EQ(run_well("gzip -dc out.jsonl.gz"), classify("--format jsonl x.fa").out);
}

TEST_F(Output, other_names_keep_the_default_format) {
  const std::string plain = classify("x.fa").out;
  classify("--output out.txt x.fa");
  EXPECT_EQ(read("out.txt"), plain);
  EXPECT_EQ(classify("--output /dev/stdout x.fa").out, plain);
  EXPECT_EQ(classify("--output >(cat > pipe.txt) x.fa; sleep 0.5").exit_code, 0);
  EXPECT_EQ(read("pipe.txt"), plain);
}

TEST_F(Output, sam_is_what_bam_would_be) {
  ASSERT_EQ(classify("--output out.sam x.fa").exit_code, 0);
  ASSERT_EQ(classify("--output out.bam x.fa").exit_code, 0);
  const auto without_program = [](const std::string& sam) {
    std::string kept;
    for (const std::string& line : lines_of(sam)) {
      if (!line.starts_with("@PG")) kept += line + "\n";
    }
    return kept;
  };
  EXPECT_EQ(without_program(read("out.sam")), without_program(sam_text_of(file("out.bam"))));
  EXPECT_HAS(read("out.sam"), "\txc:Z:class_");
}

TEST_F(Output, an_interrupted_compressed_table_is_resumed_wherever_it_was_cut) {
  ASSERT_EQ(classify("--output whole.tsv.gz x.fa").exit_code, 0);
  const std::string whole = read("whole.tsv.gz");
  const std::string text = inflated(file("whole.tsv.gz"));
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, whole.size() / 2,
                                 whole.size() - kEndBlockBytes, whole.size() - 1}) {
    write("out.tsv.gz.partial", whole.substr(0, size));
    ASSERT_EQ(classify("--resume --output out.tsv.gz x.fa").exit_code, 0) << size;
    EXPECT_EQ(inflated(file("out.tsv.gz")), text) << size;
    std::filesystem::remove(file("out.tsv.gz"));
  }
}

TEST_F(Output, a_report_in_gz_is_compressed) {
  std::string labels = "id\tclass\n";
  for (int i = 0; i < 12; ++i) labels += "r" + std::to_string(i) + "\tclass_0\n";
  write("labels.tsv", labels);
  run_well(
      "paramixer evaluate --quiet --model m.safetensors --labels labels.tsv --json r.json.gz x.fa");
  EXPECT_EQ(inflated(file("r.json.gz")).substr(0, 2), "{\n");
}

TEST_F(Output, places_that_cannot_be_written_are_found_before_the_work) {
  // The model is missing too: the output is checked first.
  for (const char* command :
       {"classify --model none --output no/such/x.tsv x.fa",
        "scan --model none --output no/such/x x.fa", "explain --model none --output no/such/x x.fa",
        "evaluate --model none --labels none --json no/such/x x.fa", "bench --json no/such/x",
        "train --sequences none --labels none --output no/such/x",
        "train --sequences none --labels none --output m --metrics-log no/such/x",
        "import --weights none --output no/such/x", "export --model none --output no/such/x",
        "simulate motif --output no/such/x"}) {
    const CommandResult result = run("paramixer "s + command);
    EXPECT_EQ(result.exit_code, 1) << command;
    EXPECT_HAS(result.err, ": cannot create the output: No such file or directory");
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
  }
  const CommandResult folder = run("mkdir d; paramixer classify --model none --output d x.fa");
  EXPECT_EQ(folder.exit_code, 1);
  EXPECT_HAS(folder.err, "d: cannot create the output: Is a directory");
}

TEST_F(Output, empty_names_are_usage_errors) {
  expect_usage("classify --model m.safetensors --output '' x.fa", "the value of --output is empty");
  expect_usage("classify --model '' x.fa", "the value of --model is empty");
  expect_usage("classify --model m.safetensors ''", "the name of an input is empty");
  expect_usage("simulate motif --output ''", "the value of --output is empty");
  expect_usage("bench --json ''", "the value of --json is empty");
}

TEST_F(Output, contradictions_are_usage_errors) {
  expect_usage("classify --model m.safetensors --output x.tsv --format bam x.fa",
               "x.tsv: the name says tsv, but the chosen format is bam");
  expect_usage("classify --model m.safetensors --output x.cram x.fa", "write .bam");
  expect_usage("scan --model m.safetensors --output x.fa x.fa", "cannot be written as fasta");
}

TEST_F(Output, a_closed_stdout_is_an_error_and_no_file_takes_its_place) {
  const CommandResult lost = run("paramixer classify --quiet --model m.safetensors x.fa >&-");
  EXPECT_EQ(lost.exit_code, 1);
  EXPECT_HAS(lost.err, "stdout: cannot write: Bad file descriptor");
  EXPECT_EQ(run("paramixer --help >&-").exit_code, 1);
  EXPECT_EQ(run("paramixer --version > /dev/full").exit_code, 1);
}

TEST_F(Output, messages_do_not_land_in_a_file_when_stderr_is_closed) {
  write("bad.fa", fasta_of(2) + ">bad\nAC!T\n");
  const std::string plain = classify("bad.fa").out;
  const CommandResult result =
      run("paramixer classify --model m.safetensors --output out.tsv bad.fa <&- >&- 2>&-");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(read("out.tsv"), plain);
  run("paramixer simulate motif --count 3 --output s <&- >&- 2>&-");
  run("paramixer simulate motif --count 3 --output t");
  for (const char* ending : {".fa", ".tsv", ".bed"}) {
    EXPECT_EQ(read("s"s + ending), read("t"s + ending)) << ending;
  }
}

TEST_F(Output, a_closed_stdin_is_an_error) {
  const CommandResult result = run("paramixer classify --quiet --model m.safetensors - <&-");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "stdin: ");
}

TEST_F(Output, messages_show_control_characters_and_stay_one_line) {
  write("evil.fa", ">a\x1b[31m\x07z\nAC\x01T\n>n\0m\nAC!T\n"s);
  const CommandResult result = classify("evil.fa");
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find('\0'), std::string::npos) << result.err;
  EXPECT_HAS(result.err, "\\x1b[31m\\x07z");
  const CommandResult absent = classify("$'no\\nsuch\\e[2J.fa'");
  EXPECT_EQ(absent.exit_code, 1);
  EXPECT_HAS(absent.err, "no\\nsuch\\x1b[2J.fa: cannot open");
  EXPECT_EQ(lines_of(absent.err).size(), 1U);
  const CommandResult option = run("paramixer classify $'--x\\e[2J'");
  EXPECT_EQ(option.exit_code, 2);
  EXPECT_HAS(option.err, "\\x1b[2J");
}

TEST_F(Output, numbers_do_not_depend_on_the_locale) {
  const std::string plain = classify("--scores x.fa").out;
  EXPECT_EQ(
      run("LC_ALL=de_DE.UTF-8 paramixer classify --quiet --scores --model m.safetensors x.fa").out,
      plain);
}

}  // namespace
}  // namespace paramixer::test
