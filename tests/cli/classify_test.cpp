#include <nlohmann/json.hpp>

#include "tests/cli/program_test.hpp"
#include "tests/io/sequence/sequence_files.hpp"

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
  EXPECT_EQ(
      lines[0],
      "id\tlength\tclass\tprobability\tsecond_class\tsecond_probability\tentropy\tnovelty\tstatus");
  for (std::size_t i = 0; i < kRecords; ++i) {
    const auto fields = fields_of(lines[i + 1]);
    ASSERT_EQ(fields.size(), 9U);
    EXPECT_EQ(fields[0], "r" + std::to_string(i));
    EXPECT_EQ(fields[1], std::to_string(200 + 37 * i));
    EXPECT_EQ(fields[8], "ok");
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

TEST_F(Classify, several_inputs_are_told_apart_by_a_column) {
  write("y.fa", fasta_of(2));
  const auto lines = lines_of(classify("--scores x.fa y.fa"));
  EXPECT_EQ(lines[0].find("id\tlength\tclass\tprobability\tsecond_class\tsecond_probability\t"
                          "entropy\tnovelty\tstatus\tfile\t"),
            0U);
  EXPECT_EQ(fields_of(lines[1])[9], "x.fa");
  EXPECT_EQ(fields_of(lines.back())[9], "y.fa");
  EXPECT_EQ(fields_of(lines.back()).size(), fields_of(lines[0]).size());
  const auto objects = lines_of(classify("--format jsonl x.fa - < y.fa"));
  EXPECT_EQ(nlohmann::json::parse(objects.front()).at("file"), "x.fa");
  EXPECT_EQ(nlohmann::json::parse(objects.back()).at("file"), "stdin");
  EXPECT_FALSE(
      nlohmann::json::parse(lines_of(classify("--format jsonl x.fa"))[0]).contains("file"));
}

TEST_F(Classify, resume_goes_on_within_the_second_of_several_inputs) {
  write("y.fa", fasta_of(4));
  const std::string whole = classify("x.fa y.fa");
  write("out.tsv.partial", whole.substr(0, whole.rfind("r2\t")));
  classify("--resume --output out.tsv x.fa y.fa");
  EXPECT_EQ(read("out.tsv"), whole);
}

TEST_F(Classify, mates_of_interleaved_fastq_get_numbers_and_can_be_resumed) {
  const std::string bases = random_bases(100, 3);
  std::string fastq;
  for (const char* name : {"p0 1:N:0", "p0 2:N:0", "p1", "p1"}) {
    fastq += "@" + std::string(name) + "\n" + bases + "\n+\n" + std::string(100, 'I') + "\n";
  }
  write("x.fq", fastq);
  const std::string whole = classify("x.fq");
  const auto lines = lines_of(whole);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(fields_of(lines[1])[0], "p0/1");
  EXPECT_EQ(fields_of(lines[2])[0], "p0/2");
  EXPECT_EQ(fields_of(lines[4])[0], "p1/2");
  write("out.tsv.partial", whole.substr(0, whole.find("p1/1")));
  classify("--resume --output out.tsv x.fq");
  EXPECT_EQ(read("out.tsv"), whole);
  EXPECT_EQ(fields_of(lines_of(classify("--mates keep x.fq"))[2])[0], "p0");
  EXPECT_HAS(classify("--format jsonl x.fq"), "{\"id\":\"p0/2\"");
}

TEST_F(Classify, gaps_are_removed_and_counted) {
  const std::string bases = random_bases(200, 3);
  write("plain.fa", ">r\n" + bases + "\n");
  write("gaps.fa", ">r\n--" + bases.substr(0, 90) + "..\n \n" + bases.substr(90) + "*\n");
  EXPECT_EQ(classify("gaps.fa"), classify("plain.fa"));
  const CommandResult result = run("paramixer classify --model m.safetensors gaps.fa");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_HAS(result.err, "gaps ('-', '.', and a final '*') were removed from 'r'");
  EXPECT_HAS(result.err, "; 5 gaps removed from 1 record");
}

/// Reads with secondary and supplementary alignments, as aligners write them.
std::string sam_with_further_alignments() {
  const std::string at = "\tchr1\t1\t60\t";
  const std::string bases = random_bases(200, 3);
  return "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:90000\n"
         "a\t0" +
         at + "200M\t*\t0\t0\t" + bases +
         "\t*\n"
         "a\t256" +
         at +
         "200M\t*\t0\t0\t*\t*\n"
         "a\t2048" +
         at + "100H100M\t*\t0\t0\t" + bases.substr(100) +
         "\t*\n"
         "b\t77\t*\t0\t0\t*\t*\t0\t0\t" +
         bases +
         "\t*\n"
         "b\t141\t*\t0\t0\t*\t*\t0\t0\t" +
         bases + "\t*\n";
}

TEST_F(Classify, alignments_get_one_answer_for_each_read) {
  write("x.sam", sam_with_further_alignments());
  const CommandResult result = run("paramixer classify --model m.safetensors x.sam");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_HAS(result.err, "; 2 secondary or supplementary alignments skipped");
  const auto lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(fields_of(lines[1])[0], "a");
  EXPECT_EQ(fields_of(lines[1])[1], "200");
  EXPECT_EQ(fields_of(lines[2])[0], "b/1");
  EXPECT_EQ(fields_of(lines[3])[0], "b/2");
}

TEST_F(Classify, all_alignments_with_bases_can_be_asked_for) {
  write("x.sam", sam_with_further_alignments());
  const CommandResult result =
      run("paramixer classify --model m.safetensors --alignments all x.sam");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(fields_of(lines[2])[1], "100");
}

TEST_F(Classify, a_read_without_bases_is_rejected) {
  write("x.sam", "@HD\tVN:1.6\na\t4\t*\t0\t0\t*\t*\t0\t0\t*\t*\n");
  const CommandResult result = run("paramixer classify --model m.safetensors x.sam");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_HAS(result.err, "rejected: x.sam: record 'a': ");
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
  ASSERT_GT(header.size(), 10U);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = fields_of(lines[i]);
    ASSERT_EQ(fields.size(), header.size());
    double sum = 0.0;
    for (std::size_t column = 9; column < fields.size(); ++column) sum += std::stod(fields[column]);
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
  EXPECT_EQ(run("paramixer classify --model m.safetensors --duplicates reject --output bad.tsv "
                "broken.fa")
                .exit_code,
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

TEST_F(ClassifyBam, keeps_further_alignments_without_tags_and_names_without_suffix) {
  write("further.sam", sam_with_further_alignments());
  classify("--output further.bam further.sam");
  EXPECT_EQ(run_well("samtools view further.bam | cut -f1,2"),
            "a\t0\na\t256\na\t2048\nb\t77\nb\t141\n");
  EXPECT_EQ(run_well("samtools view -c -d xc further.bam"), "3\n");
  classify("--alignments all --output further.bam further.sam");
  EXPECT_EQ(run_well("samtools view -c further.bam"), "5\n");
  EXPECT_EQ(run_well("samtools view -c -d xc further.bam"), "4\n");
}

TEST_F(ClassifyBam, leaves_damaged_records_out) {
  write("x.fq", fastq_of(2) + "@\nACGT\n+\nIIII\n");
  EXPECT_EQ(run("paramixer classify --quiet --model m.safetensors --output x.bam x.fq").exit_code,
            3);
  EXPECT_EQ(run_well("samtools view -c x.bam"), "2\n");
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
