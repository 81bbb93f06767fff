#include <filesystem>

#include "tests/cli/program_test.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer::test {
namespace {

/// Every fault of a file ends with exit code 1 and a message that names it.
class BadInput : public ProgramTest {
 protected:
  void SetUp() override { make_model("m.safetensors"); }

  void expect_failure(const std::string& arguments, const std::string& message) const {
    const CommandResult result =
        run("paramixer classify --quiet --model m.safetensors " + arguments);
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_HAS(result.err, "paramixer: error: " + message);
    EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
  }
};

TEST_F(BadInput, missing_file) { expect_failure("absent.fa", "absent.fa: cannot open"); }

TEST_F(BadInput, missing_later_file_is_found_before_the_work_begins) {
  write("x.fa", fasta_of(2));
  const CommandResult result = run("paramixer classify --model m.safetensors x.fa absent.fa");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "absent.fa: cannot open");
  EXPECT_EQ(result.out, "");
}

TEST_F(BadInput, directory) {
  std::filesystem::create_directory(file("folder"));
  expect_failure("folder", "folder: is a directory");
}

TEST_F(BadInput, empty_file) {
  write("x.fa", "");
  expect_failure("x.fa", "x.fa: is empty");
}

TEST_F(BadInput, file_without_sequences) {
  write("letter.txt", "Dear reader,\nthis is a letter.\n");
  expect_failure("letter.txt", "letter.txt: is not a sequence file");
}

TEST_F(BadInput, truncated_gzip) {
  write_gzip(file("x.fa.gz"), fasta_of(50));
  cut_tail(file("x.fa.gz"), 2000);
  expect_failure("x.fa.gz", "x.fa.gz: ");
}

TEST_F(BadInput, missing_bgzf_end_block) {
  write_bgzf(file("x.fa.gz"), fasta_of(5));
  cut_tail(file("x.fa.gz"), kEndBlockBytes);
  expect_failure("x.fa.gz", "x.fa.gz: ");
}

TEST_F(BadInput, truncated_fastq) {
  const std::string fastq = fastq_of(3);
  write("x.fq", fastq.substr(0, fastq.size() - 30));
  expect_failure("x.fq", "x.fq: record 'r2': the file ends");
}

TEST_F(BadInput, duplicate_names) {
  write("x.fa", ">same\nACGTACGT\n>same\nACGTACGT\n");
  const std::string classify = "paramixer classify --model m.safetensors ";
  const CommandResult warned = run(classify + "x.fa");
  EXPECT_EQ(warned.exit_code, 0);
  EXPECT_HAS(warned.err, "names that appear more than once in a FASTA file: 'same'");
  EXPECT_EQ(lines_of(warned.out).size(), 3U);
  const CommandResult allowed = run(classify + "--duplicates allow x.fa");
  EXPECT_EQ(allowed.exit_code, 0);
  EXPECT_EQ(allowed.err.find("same"), std::string::npos);
  expect_failure("--duplicates reject x.fa", "x.fa: record 'same': the name appears twice");
}

TEST_F(BadInput, damaged_records_are_rejected_and_strict_stops_at_the_first) {
  const std::string good = random_bases(100, 1);
  const std::string qualities(100, 'I');
  const auto read_named = [&](const std::string& name) {
    return "@" + name + "\n" + good + "\n+\n" + qualities + "\n";
  };
  write("x.fq",
        read_named("a") + "@short\n" + good + "\n+\nIII\n" + read_named("") + read_named("b"));
  const std::string classify = "paramixer classify --quiet --model m.safetensors ";
  const CommandResult result = run(classify + "x.fq");
  EXPECT_EQ(result.exit_code, 3);
  const auto errors = lines_of(result.err);
  ASSERT_EQ(errors.size(), 2U) << result.err;
  EXPECT_EQ(errors[0],
            "paramixer: rejected: x.fq: record 'short': line 8: there are 100 bases, but 3 quality "
            "letters");
  EXPECT_EQ(
      errors[1],
      "paramixer: rejected: x.fq: record 'record_3': line 9: the name is missing after '@'; give "
      "every record a name");
  const auto lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(fields_of(lines[1])[8], "ok");
  EXPECT_EQ(fields_of(lines[2])[2], ".");
  EXPECT_EQ(fields_of(lines[2])[8], "line 8: there are 100 bases, but 3 quality letters");
  EXPECT_EQ(fields_of(lines[3])[0], "record_3");
  EXPECT_EQ(fields_of(lines[4])[0], "b");
  EXPECT_EQ(fields_of(lines[4])[8], "ok");

  const CommandResult strict = run(classify + "--strict x.fq");
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_HAS(strict.err, "paramixer: error: x.fq: record 'short': line 8: there are 100 bases");
  EXPECT_EQ(lines_of(strict.out).size(), 2U) << "what came before has its answer";
}

TEST_F(BadInput, damaged_records_are_rejected_by_scan_and_evaluate) {
  const std::string bases = random_bases(100, 1);
  write("x.sam", "@HD\tVN:1.6\na\t4\t*\t0\t0\t*\t*\t0\t0\t" + bases +
                     "\t*\nbad\t4\t*\t0\t0\t*\t*\t0\t0\t" + bases +
                     "\tI\nb\t4\t*\t0\t0\t*\t*\t0\t0\t" + bases + "\t*\n");
  write("labels.tsv", "id\tclass\na\tclass_0\nb\tclass_1\nbad\tclass_1\n");
  const std::string problem =
      "x.sam: record 'bad': line 3 is not a valid SAM record: there are 100 bases, but 1 quality "
      "letters";
  const CommandResult scan = run("paramixer scan --model m.safetensors --format tsv x.sam");
  EXPECT_EQ(scan.exit_code, 3);
  EXPECT_HAS(scan.err, "rejected: " + problem);
  EXPECT_HAS(scan.out, "\nb\t");
  const CommandResult evaluate =
      run("paramixer evaluate --model m.safetensors --labels labels.tsv x.sam");
  EXPECT_EQ(evaluate.exit_code, 3);
  EXPECT_HAS(evaluate.err, "rejected: " + problem);
}

TEST_F(BadInput, a_nul_byte_does_not_cut_the_message) {
  using namespace std::string_literals;
  write("x.fa", ">a\n" + random_bases(50, 1) + "\0ACGT\n>b\n"s + random_bases(50, 1) + "\n");
  const CommandResult result = run("paramixer classify --quiet --model m.safetensors x.fa");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err,
            "paramixer: rejected: x.fa: record 'a': line 2: there is a NUL byte at position 51 of "
            "the record; the file is damaged\n");
}

TEST_F(BadInput, corrupt_bam_record) {
  write_alignments(file("x.bam"), sam_of(300));
  flip_byte(file("x.bam"), std::filesystem::file_size(file("x.bam")) / 2);
  expect_failure("x.bam", "x.bam: record ");
}

TEST_F(BadInput, bam_without_its_end) {
  write_alignments(file("x.bam"), sam_of(20));
  cut_tail(file("x.bam"), kEndBlockBytes);
  expect_failure("x.bam", "x.bam: ");
}

TEST_F(BadInput, cram_without_reference) {
  write("ref.fa", ">chr1\n" + random_bases(500, 1) + "\n");
  write_alignments(file("x.cram"),
                   "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:500\n"
                   "r\t0\tchr1\t1\t60\t8M\t*\t0\t0\t" +
                       random_bases(500, 1).substr(0, 8) + "\t*\n",
                   "wc", file("ref.fa"));
  expect_failure("x.cram", "x.cram: record 1 is aligned to 'chr1' and needs the reference");
  EXPECT_EQ(run("paramixer classify --model m.safetensors --reference ref.fa x.cram").exit_code, 0);
}

TEST_F(BadInput, region_of_a_fastq) {
  write("x.fq", fastq_of(1));
  const CommandResult result = run("paramixer classify --model m.safetensors --region r0:1-9 x.fq");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_HAS(result.err, "x.fq: a region needs an indexed FASTA, BAM or CRAM file");
}

TEST_F(BadInput, full_disk) {
  write("x.fa", fasta_of(3));
  expect_failure("x.fa > /dev/full", "");
  expect_failure("--output /dev/full x.fa", "/dev/full: cannot write: No space left on device");
}

TEST_F(BadInput, model_file_missing_broken_or_cut) {
  write("x.fa", fasta_of(1));
  write("broken.safetensors", "this is no model");
  const std::string whole = read("m.safetensors");
  write("cut.safetensors", whole.substr(0, whole.size() - 100));
  for (const char* model : {"absent.safetensors", "broken.safetensors", "cut.safetensors"}) {
    const CommandResult result =
        run(std::string("paramixer classify --quiet --model ") + model + " x.fa");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_HAS(result.err, std::string("paramixer: error: ") + model + ": ");
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(BadInput, labels_without_the_column) {
  write("x.fa", fasta_of(1));
  write("labels.tsv", "name\tclass\nr0\tclass_0\n");
  const CommandResult result =
      run("paramixer evaluate --model m.safetensors --labels labels.tsv x.fa");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "labels.tsv: ");
  EXPECT_HAS(result.err, "has no column 'id'");
}

TEST_F(BadInput, record_without_a_label) {
  write("x.fa", fasta_of(2));
  write("labels.tsv", "id\tclass\nr0\tclass_0\n");
  const std::string evaluate = "paramixer evaluate --model m.safetensors --labels labels.tsv x.fa";
  const CommandResult result = run(evaluate);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "x.fa: record 'r1': has no class in labels.tsv");
  EXPECT_EQ(run(evaluate + " --unlabelled skip").exit_code, 0);
}

TEST_F(BadInput, label_that_the_model_does_not_know) {
  write("x.fa", fasta_of(1));
  write("labels.tsv", "id\tclass\nr0\tunicorn\n");
  const CommandResult result =
      run("paramixer evaluate --model m.safetensors --labels labels.tsv x.fa");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "x.fa: record 'r0': its class in labels.tsv is not one of the model's 3");
  EXPECT_HAS(result.err,
             "1 such classes: 'unicorn'; leave their records out with --unknown-classes");
}

TEST_F(BadInput, records_of_classes_that_the_model_lacks_can_be_left_out) {
  write("x.fa", fasta_of(3));
  write("labels.tsv", "id\tclass\nr0\tunicorn\nr1\tclass_0\nr2\tclass_1\n");
  const std::string report = run_well(
      "paramixer evaluate --model m.safetensors --labels labels.tsv "
      "--unknown-classes skip --json r.json x.fa");
  EXPECT_HAS(report, "unknown_class");
  EXPECT_HAS(read("r.json"), "\"unknown_class\": 1");
}

TEST_F(BadInput, records_that_cannot_be_classified_are_rejected_with_exit_code_3) {
  write("x.fa",
        ">good\n" + random_bases(300, 1) + "\n>protein\nMEEPQSDPSV\n>empty\n\n>last\nACGT\n");
  const CommandResult result = run("paramixer classify --model m.safetensors --quiet x.fa");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_HAS(result.err, "paramixer: rejected: x.fa: record 'protein': ");
  EXPECT_HAS(result.err, "paramixer: rejected: x.fa: record 'empty': ");
  const auto lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(fields_of(lines[1]).back(), "ok");
  EXPECT_EQ(fields_of(lines[2])[2], ".");
  EXPECT_NE(fields_of(lines[2]).back(), "ok");
  EXPECT_EQ(fields_of(lines[4]).back(), "ok");
}

}  // namespace
}  // namespace paramixer::test
