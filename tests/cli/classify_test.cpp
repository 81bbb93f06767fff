#include <nlohmann/json.hpp>

#include "tests/cli/program_test.hpp"
#include "tests/io/sequence_files.hpp"

namespace paramixer::test {
namespace {

constexpr int kRecords = 24;

class Classify : public ProgramTest {
 protected:
  void SetUp() override {
    make_model("m.safetensors");
    write("x.fa", fasta_of(kRecords));
  }

  std::string classify(const std::string& arguments) const {
    return run_well("paramixer classify --quiet --model m.safetensors " + arguments);
  }
};

TEST_F(Classify, writes_one_line_a_record_in_input_order) {
  const auto lines = lines_of(classify("x.fa"));
  ASSERT_EQ(lines.size(), kRecords + 1U);
  EXPECT_EQ(lines[0],
            "id\tlength\tclass\tprobability\tsecond_class\tsecond_probability\tentropy\tstatus");
  for (std::size_t i = 0; i < kRecords; ++i) {
    const auto fields = fields_of(lines[i + 1]);
    ASSERT_EQ(fields.size(), 8U);
    EXPECT_EQ(fields[0], "r" + std::to_string(i));
    EXPECT_EQ(fields[1], std::to_string(200 + 37 * i));
    EXPECT_EQ(fields[7], "ok");
  }
}

TEST_F(Classify, same_records_in_any_format_get_the_same_answers) {
  const std::string expected = classify("x.fa");
  write("x.fq", fastq_of(kRecords));
  write("x.sam", sam_of(kRecords));
  write_gzip(file("x.fa.gz"), fasta_of(kRecords));
  write_bgzf(file("x.fq.gz"), fastq_of(kRecords));
  write_alignments(file("x.bam"), sam_of(kRecords));
  for (const char* input :
       {"x.fq", "x.sam", "x.fa.gz", "x.fq.gz", "x.bam", "- < x.fa", "- < x.fa.gz", "- < x.bam"}) {
    EXPECT_EQ(classify(input), expected) << input;
  }
}

TEST_F(Classify, several_inputs_are_one_stream) {
  write("y.fa", ">other\n" + random_bases(300, 99) + "\n");
  const auto lines = lines_of(classify("x.fa y.fa"));
  ASSERT_EQ(lines.size(), kRecords + 2U);
  EXPECT_EQ(fields_of(lines.back())[0], "other");
}

TEST_F(Classify, options_and_inputs_may_come_in_any_order) {
  EXPECT_EQ(run_well("paramixer classify x.fa --quiet --model m.safetensors"), classify("x.fa"));
}

TEST_F(Classify, values_stored_as_bfloat16_change_probabilities_a_little) {
  const auto exact = lines_of(classify("x.fa"));
  const auto rounded = lines_of(classify("--storage bfloat16 x.fa"));
  ASSERT_EQ(rounded.size(), exact.size());
  for (std::size_t i = 1; i < exact.size(); ++i) {
    EXPECT_NEAR(std::stod(fields_of(rounded[i])[3]), std::stod(fields_of(exact[i])[3]), 1e-2);
  }
  const CommandResult wrong =
      run("paramixer classify --model m.safetensors --storage float16 x.fa");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("expected one of: float32, bfloat16"), std::string::npos) << wrong.err;
}

TEST_F(Classify, scores_add_a_column_a_class_that_sums_to_1) {
  const auto lines = lines_of(classify("--scores x.fa"));
  const auto header = fields_of(lines[0]);
  ASSERT_GT(header.size(), 9U);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = fields_of(lines[i]);
    ASSERT_EQ(fields.size(), header.size());
    double sum = 0.0;
    for (std::size_t column = 8; column < fields.size(); ++column) sum += std::stod(fields[column]);
    EXPECT_NEAR(sum, 1.0, 1e-4);
  }
}

TEST_F(Classify, min_confidence_makes_records_unclassified) {
  const auto lines = lines_of(classify("--min-confidence 1 x.fa"));
  EXPECT_EQ(fields_of(lines[1])[2], "unclassified");
}

TEST_F(Classify, jsonl_holds_the_same_classes) {
  const auto table = lines_of(classify("x.fa"));
  const auto objects = lines_of(classify("--format jsonl x.fa"));
  ASSERT_EQ(objects.size(), kRecords + 0U);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto object = nlohmann::json::parse(objects[i]);
    EXPECT_EQ(object.at("id"), fields_of(table[i + 1])[0]);
    EXPECT_EQ(object.at("class"), fields_of(table[i + 1])[2]);
  }
}

TEST_F(Classify, output_appears_only_when_it_is_complete) {
  classify("--output out.tsv x.fa");
  EXPECT_EQ(read("out.tsv"), classify("x.fa"));
  EXPECT_FALSE(exists(file("out.tsv.partial")));

  write("broken.fa", fasta_of(3) + ">r0\nACGT\n");
  EXPECT_EQ(run("paramixer classify --model m.safetensors --output bad.tsv broken.fa").exit_code,
            1);
  EXPECT_FALSE(exists(file("bad.tsv")));
}

TEST_F(Classify, shards_share_the_records_out) {
  std::vector<std::string> merged(kRecords);
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const auto lines = lines_of(classify(std::string("--shard ") + shard + " x.fa"));
    EXPECT_EQ(lines.size(), kRecords / 3 + 1U);
    const auto first = static_cast<std::size_t>(shard[0] - '1');
    for (std::size_t i = 1; i < lines.size(); ++i) merged[first + 3 * (i - 1)] = lines[i];
  }
  std::string table = "header\n";
  for (const std::string& line : merged) table += line + "\n";
  EXPECT_EQ(table.substr(table.find('\n')), classify("x.fa").substr(classify("x.fa").find('\n')));
}

TEST_F(Classify, resume_goes_on_after_the_last_complete_line) {
  const std::string whole = classify("x.fa");
  write("out.tsv.partial", whole.substr(0, whole.size() / 2));
  classify("--resume --output out.tsv x.fa");
  EXPECT_EQ(read("out.tsv"), whole);
  // Once more: nothing is left to do.
  const std::string resumed = read("out.tsv");
  classify("--resume --output out.tsv x.fa");
  EXPECT_EQ(read("out.tsv"), resumed);
}

TEST_F(Classify, resume_of_nothing_starts_at_the_beginning) {
  classify("--resume --output out.jsonl x.fa");
  EXPECT_EQ(read("out.jsonl"), classify("--format jsonl x.fa"));
}

TEST_F(Classify, resume_refuses_another_input) {
  const std::string whole = classify("x.fa");
  write("out.tsv.partial", whole.substr(0, whole.size() / 2));
  write("y.fa", ">other\nACGTACGT\n");
  const CommandResult result =
      run("paramixer classify --model m.safetensors --resume --output out.tsv y.fa");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err,
             "out.tsv.partial: cannot resume: its record 1 is 'r0', but the input has 'other'");
}

TEST_F(Classify, region_of_a_fasta_is_classified_like_the_bases_alone) {
  const std::string bases = random_bases(900, 5);
  write("genome.fa", ">chr1\n" + bases + "\n");
  write("piece.fa", ">chr1:101-400\n" + bases.substr(100, 300) + "\n");
  EXPECT_EQ(classify("--region chr1:101-400 genome.fa"), classify("piece.fa"));
}

TEST_F(Classify, long_records_are_windowed_cut_or_rejected) {
  const std::string bases = random_bases(3000, 7);
  write("long.fa", ">r\n" + bases + "\n");
  write("start.fa", ">r\n" + bases.substr(0, 1024) + "\n");
  const auto probability = [](const std::string& table) {
    return fields_of(lines_of(table)[1])[3];
  };
  EXPECT_EQ(probability(classify("--long truncate long.fa")), probability(classify("start.fa")));
  EXPECT_NE(probability(classify("long.fa")), probability(classify("start.fa")));
  EXPECT_EQ(run("paramixer classify --model m.safetensors --long error long.fa").exit_code, 3);
}

TEST_F(Classify, says_which_device_it_chose_and_why) {
  const CommandResult result = run("paramixer classify --model m.safetensors --device cpu x.fa");
  EXPECT_HAS(result.err, "paramixer: device cpu: ");
  EXPECT_HAS(result.err, "24 records");
}

class ClassifyBam : public Classify {
 protected:
  void SetUp() override {
    SKIP_WITHOUT("samtools");
    Classify::SetUp();
    write_alignments(file("in.bam"), sam_of(kRecords));
    classify("--output out.bam in.bam");
  }
};

TEST_F(ClassifyBam, is_whole_and_keeps_every_record_and_tag) {
  run_well("samtools quickcheck -u out.bam");
  EXPECT_EQ(run_well("samtools view -c out.bam"), std::to_string(kRecords) + "\n");
  EXPECT_EQ(run_well("samtools view -c -d RG:one out.bam"), std::to_string(kRecords) + "\n");
  EXPECT_HAS(run_well("samtools view -H out.bam"), "@PG\tID:paramixer");
}

TEST_F(ClassifyBam, tags_agree_with_the_table) {
  const auto table = lines_of(classify("in.bam"));
  const auto records = lines_of(run_well("samtools view out.bam"));
  ASSERT_EQ(records.size() + 1, table.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto row = fields_of(table[i + 1]);
    EXPECT_HAS(records[i], "\txc:Z:" + row[2]);
    EXPECT_HAS(records[i], "\txp:f:0.");
    EXPECT_HAS(records[i], "\txe:f:");
  }
  const std::string first_class = fields_of(table[1])[2];
  EXPECT_NE(run_well("samtools view -c -d xc:" + first_class + " out.bam"), "0\n");
}

TEST_F(ClassifyBam, reads_piped_as_fastq_get_the_same_classes) {
  EXPECT_EQ(run_well("samtools fastq in.bam 2> /dev/null |"
                     " paramixer classify --quiet --model m.safetensors -"),
            classify("in.bam"));
}

TEST_F(ClassifyBam, fasta_becomes_unaligned_bam) {
  classify("--output fasta.bam x.fa");
  EXPECT_EQ(run_well("samtools view -c -f 4 fasta.bam"), std::to_string(kRecords) + "\n");
}

TEST_F(ClassifyBam, two_alignment_files_cannot_become_one_bam) {
  write_alignments(file("more.bam"), sam_of(2));
  const CommandResult result =
      run("paramixer classify --model m.safetensors --format bam in.bam more.bam");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_HAS(result.err, "BAM output takes one alignment file");
}

}  // namespace
}  // namespace paramixer::test
