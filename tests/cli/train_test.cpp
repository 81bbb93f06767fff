#include <nlohmann/json.hpp>

#include "tests/cli/program_test.hpp"

namespace paramixer::test {
namespace {

/// A task that a few seconds of training solve: which of two motifs is there.
class Train : public ProgramTest {
 protected:
  void SetUp() override {
    const std::string simulate =
        "paramixer simulate motif --quiet --kind presence --length 80 --motif-length 8 --decoys 0 ";
    run_well(simulate + "--count 1500 --output train");
    run_well(simulate + "--count 100 --records-seed 2 --output test");
  }

  static std::string options(int steps) {
    return " --sequences train.fa --labels train.tsv --kmer 4 --factors 3 --embedding 16"
           " --hidden 32 --crop none --max-length 100 --error-share 0 --reverse-complement 0"
           " --learning-rate 0.01 --batch-size 64 --validate-every 50 --warmup-steps 10"
           " --schedule constant --threads 1 --device cpu --steps " +
           std::to_string(steps);
  }
};

TEST_F(Train, trained_model_tells_the_classes_of_unseen_records) {
  run_well("paramixer train" + options(200) +
           " --output m.safetensors --metrics-log m.csv --title 'Two motifs'");
  EXPECT_FALSE(exists(file("m.safetensors.checkpoint")));
  EXPECT_GT(lines_of(read("m.csv")).size(), 2U);
  EXPECT_HAS(run_well("paramixer info --model m.safetensors"), "Two motifs");

  const std::string table = run_well(
      "paramixer evaluate --model m.safetensors --labels test.tsv test.fa --json report.json");
  EXPECT_HAS(table, "balanced_accuracy");
  EXPECT_HAS(table, "confusion");
  const auto report = nlohmann::json::parse(read("report.json"));
  EXPECT_EQ(report.at("records"), 100);
  EXPECT_EQ(report.at("rejected"), 0);
  EXPECT_GT(report.at("metrics").at("accuracy").get<double>(), 0.95);

  // evaluate counts what classify says.
  const auto rows = lines_of(run_well("paramixer classify --model m.safetensors test.fa"));
  const auto labels = lines_of(read("test.tsv"));
  ASSERT_EQ(rows.size(), labels.size());
  int right = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    right += fields_of(rows[i])[2] == fields_of(labels[i])[1] ? 1 : 0;
  }
  EXPECT_NEAR(report.at("metrics").at("accuracy").get<double>(), right / 100.0, 1e-9);
}

TEST_F(Train, classes_come_from_headers_or_folders) {
  // The same records, with their class in the header, and in one folder for each class.
  run_well(
      "awk -F'\\t' 'NR == FNR { class[$1] = $2; next } "
      "/^>/ { name = substr($1, 2); print $1 \" class=\" class[name] > \"headers.fa\"; "
      "f = \"data/\" class[name] \"/x.fa\"; system(\"mkdir -p data/\" class[name]); "
      "print > f; next } { print > \"headers.fa\"; print > f }' train.tsv train.fa");
  const std::string settings =
      " --kmer 4 --factors 1 --embedding 8 --steps 5 --threads 1 --device cpu";
  const CommandResult headers =
      run("paramixer train --sequences headers.fa --output h.safetensors" + settings);
  EXPECT_EQ(headers.exit_code, 0) << headers.err;
  EXPECT_HAS(headers.err, "classes from the header");
  const CommandResult folders =
      run("paramixer train --sequences data --output f.safetensors" + settings);
  EXPECT_EQ(folders.exit_code, 0) << folders.err;
  EXPECT_HAS(folders.err, "classes from the folder");
  EXPECT_HAS(folders.err, "of 2 classes");
  EXPECT_HAS(run_well("paramixer evaluate --model h.safetensors headers.fa"), "balanced_accuracy");
  EXPECT_HAS(run_well("paramixer evaluate --model h.safetensors data"), "balanced_accuracy");
  const CommandResult none =
      run("paramixer train --sequences train.fa --output n.safetensors" + settings);
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_HAS(none.err, "say what the classes are: --labels TABLE");
}

TEST_F(Train, interrupted_run_goes_on_to_the_same_weights) {
  run_well("paramixer train --quiet" + options(150) + " --output whole.safetensors");
  const CommandResult cut = run("'" PARAMIXER_PROGRAM "' train" + options(150) +
                                " --output cut.safetensors 2> log & pid=$!\n"
                                "until grep -q 'step 50' log; do sleep 0.02; done\n"
                                "kill -TERM $pid; wait $pid");
  EXPECT_EQ(cut.exit_code, 1);
  EXPECT_HAS(read("log"), "error: interrupted after ");
  EXPECT_HAS(read("log"), "continue with --resume");
  run_well("paramixer train --quiet" + options(150) + " --output cut.safetensors --resume");
  const std::string classify = "paramixer classify --quiet --scores test.fa --model ";
  EXPECT_EQ(run_well(classify + "cut.safetensors"), run_well(classify + "whole.safetensors"));
}

TEST_F(Train, config_file_is_overruled_by_single_options) {
  write("c.json", R"({"model": {"embedding": 8, "hidden": 24}, "training": {"seed": 5}})");
  run_well("paramixer train --quiet --config c.json" + options(2) + " --output m.safetensors");
  const auto card = nlohmann::json::parse(run_well("paramixer info --json --model m.safetensors"));
  EXPECT_EQ(card.at("config").at("embedding"), 16);
  EXPECT_EQ(card.at("config").at("hidden"), 32);
  EXPECT_EQ(card.at("config").at("tokens").at("k"), 4);
}

TEST_F(Train, wrong_key_in_the_config_file_is_named) {
  write("c.json", R"({"model": {"embeding": 8}})");
  const CommandResult result =
      run("paramixer train --config c.json" + options(2) + " --output m.safetensors");
  EXPECT_NE(result.exit_code, 0);
  EXPECT_HAS(result.err, "c.json: ");
  EXPECT_HAS(result.err, "embeding");
}

TEST_F(Train, records_without_labels_are_counted_and_named) {
  const auto lines = lines_of(read("train.tsv"));
  write("train.tsv", lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n");
  const CommandResult result = run("paramixer train" + options(2) + " --output m.safetensors");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "1498 of 1500 records have no class in train.tsv: '");
}

TEST_F(Train, records_that_cannot_be_used_are_rejected) {
  write("train.fa", read("train.fa") + ">none\n\n>short\nACG\n>letter\nACGTEACGT\n>\nACGTACGT\n");
  write("train.tsv", read("train.tsv") + "none\tA\nshort\tA\nletter\tA\n");
  const std::string train = "paramixer train" + options(2) + " --output m.safetensors";
  const CommandResult result = run(train);
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_HAS(result.err, "rejected: train.fa: record 'none': no bases\n");
  EXPECT_HAS(result.err, "'short': too short: 3 bases, the model needs 4\n");
  EXPECT_HAS(result.err, "'letter': invalid letter 'E' at position 5\n");
  EXPECT_HAS(result.err, "'record_1504': line 3007: the name is missing after '>'");
  EXPECT_HAS(result.err, "; 4 rejected\n");
  EXPECT_TRUE(exists(file("m.safetensors")));
  const CommandResult strict = run(train + " --strict");
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_HAS(strict.err, "error: train.fa: record 'record_1504': line 3007: the name is missing");
}

TEST_F(Train, a_primary_alignment_without_bases_is_rejected) {
  std::string sam = "@HD\tVN:1.6\n";
  std::string labels = "id\tclass\nempty\tx\n";
  for (int i = 0; i < 20; ++i) {
    const std::string name = "r" + std::to_string(i);
    sam += name + "\t4\t*\t0\t0\t*\t*\t0\t0\tACGTACGTACGT\t*\n";
    labels += name + (i % 2 == 0 ? "\tx\n" : "\ty\n");
  }
  write("train.fa", sam + "empty\t4\t*\t0\t0\t*\t*\t0\t0\t*\t*\n");
  write("train.tsv", labels);
  const CommandResult result = run("paramixer train" + options(2) + " --output m.safetensors");
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_HAS(result.err, "rejected: train.fa: record 'empty': no bases\n");
}

TEST_F(Train, memory_limit_is_an_error_that_says_so) {
  const CommandResult result =
      run("paramixer train" + options(2) + " --max-memory 10k --output m.safetensors");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "--max-memory");
}

}  // namespace
}  // namespace paramixer::test
