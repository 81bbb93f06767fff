#include <nlohmann/json.hpp>

#include "tests/cli/program_test.hpp"
#include "tests/io/sequence/sequence_files.hpp"

// Records with only or mostly unknown bases, about which the model knows nothing.

namespace paramixer::test {
namespace {

class NoEvidence : public ProgramTest {
 protected:
  void SetUp() override {
    make_model("m.safetensors");
    write("n.fa", ">all\n" + std::string(400, 'N') + "\n>lower\n" + std::string(400, 'n') +
                      "\n>iupac\nRYKMSWBDHVRYKM\n>one\nNNNNNNNANNNNNN\n>half\n" +
                      std::string(50, 'N') + random_bases(50, 1) + "\n>more\n" +
                      std::string(51, 'N') + random_bases(49, 1) + "\n>less\n" +
                      std::string(49, 'N') + random_bases(51, 1) + "\n");
  }

  CommandResult classify(const std::string& arguments) const {
    return run("paramixer classify --model m.safetensors " + arguments + " n.fa");
  }
};

TEST_F(NoEvidence, makes_a_record_unclassified_but_not_rejected) {
  const CommandResult result = classify("");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_HAS(result.err, "7 records");
  EXPECT_HAS(result.err, "; 5 without evidence");
  EXPECT_EQ(result.err.find("rejected"), std::string::npos) << result.err;
  const auto lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 8U);
  EXPECT_EQ(lines[1],
            "all\t400\tunclassified\t.\t.\t.\t.\t.\tno evidence: 400 of 400 bases unknown");
  const std::vector<std::string> statuses{"no evidence: 400 of 400 bases unknown",
                                          "no evidence: 400 of 400 bases unknown",
                                          "no evidence: 14 of 14 bases unknown",
                                          "no evidence: 13 of 14 bases unknown",
                                          "ok",
                                          "no evidence: 51 of 100 bases unknown",
                                          "ok"};
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    EXPECT_EQ(fields_of(lines[i + 1])[8], statuses[i]);
  }
}

TEST_F(NoEvidence, the_limit_is_an_option) {
  const auto rows = lines_of(classify("--max-unknown 1").out);
  EXPECT_EQ(fields_of(rows[1])[2], "unclassified");
  EXPECT_EQ(fields_of(rows[4])[8], "ok");
  EXPECT_EQ(fields_of(rows[6])[8], "ok");
  EXPECT_EQ(fields_of(lines_of(classify("--max-unknown 0.49").out)[5])[2], "unclassified");
  for (const char* wrong : {"-0.1", "1.5", "nan", "half"}) {
    const CommandResult result = classify(std::string("--max-unknown ") + wrong);
    EXPECT_EQ(result.exit_code, 2) << wrong;
    EXPECT_HAS(result.err, "--max-unknown");
  }
}

TEST_F(NoEvidence, json_has_null_for_the_numbers) {
  const auto objects = lines_of(classify("--format jsonl --scores").out);
  const auto object = nlohmann::json::parse(objects.at(0));
  EXPECT_EQ(object.at("class"), "unclassified");
  EXPECT_TRUE(object.at("probability").is_null());
  EXPECT_TRUE(object.at("scores").is_null());
}

TEST_F(NoEvidence, bam_has_a_class_and_no_numbers) {
  SKIP_WITHOUT("samtools");
  EXPECT_EQ(classify("--output n.bam").exit_code, 0);
  const auto records = lines_of(run_well("samtools view n.bam"));
  EXPECT_HAS(records.at(0), "\txc:Z:unclassified");
  EXPECT_EQ(records[0].find("xp:f"), std::string::npos);
  EXPECT_HAS(records.at(4), "\txp:f");
}

TEST_F(NoEvidence, counts_as_an_error_where_classes_are_known) {
  std::string labels = "id\tclass\n";
  const auto lines = lines_of(classify("").out);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto row = fields_of(lines[i]);
    labels += row[0] + "\t" + (row[8] == "ok" ? row[2] : "class_0") + "\n";
  }
  write("labels.tsv", labels);
  const std::string text = run_well(
      "paramixer evaluate --quiet --model m.safetensors --labels labels.tsv --json r.json n.fa");
  EXPECT_HAS(text, "records                      7\n");
  EXPECT_HAS(text, "no_evidence                  5\n");
  const auto report = nlohmann::json::parse(read("r.json"));
  EXPECT_EQ(report.at("no_evidence"), 5);
  EXPECT_NEAR(report.at("metrics").at("accuracy").get<double>(), 2.0 / 7.0, 1e-9);
}

TEST_F(NoEvidence, the_help_states_the_rule) {
  const std::string help = run_well("paramixer classify --help");
  EXPECT_HAS(help, "--max-unknown P");
  EXPECT_HAS(help, "evidence do not count");
}

}  // namespace
}  // namespace paramixer::test
