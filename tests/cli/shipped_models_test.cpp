#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/program_test.hpp"

// The models and the sample in share/, on input that these models were not trained on.

namespace paramixer::test {
namespace {

/// The folder with the labelled virus sequences, which are not part of the repository.
std::filesystem::path virus_folder() {
  const char* folder = std::getenv("PARAMIXER_VIRUS_DATA");
  return folder != nullptr ? folder : PARAMIXER_SOURCE "/../shared/data/virus";
}

class ShippedMotif : public ProgramTest {
 protected:
  std::string classify(const std::string& arguments) const {
    return run_well("paramixer classify --quiet --model '" PARAMIXER_SOURCE
                    "/share/models/motif.safetensors' " +
                    arguments);
  }

  static std::string sample(const std::string& ending) {
    return "'" PARAMIXER_SOURCE "/share/samples/motif" + ending + "'";
  }
};

TEST_F(ShippedMotif, tells_the_classes_of_the_sample) {
  const auto rows = lines_of(classify(sample(".fa")));
  const auto labels = lines_of(read_file(PARAMIXER_SOURCE "/share/samples/motif.tsv"));
  ASSERT_EQ(rows.size(), labels.size());
  std::size_t right = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(fields_of(rows[i])[0], fields_of(labels[i])[0]);
    right += fields_of(rows[i])[2] == fields_of(labels[i])[1] ? 1 : 0;
  }
  EXPECT_GE(static_cast<double>(right), 0.95 * static_cast<double>(labels.size() - 1));
}

TEST_F(ShippedMotif, tells_the_classes_of_records_made_now) {
  run_well(
      "paramixer simulate motif --quiet --kind pair --length 4096 --count 100 --records-seed 31 "
      "--output new");
  run_well("paramixer evaluate --quiet --model '" PARAMIXER_SOURCE
           "/share/models/motif.safetensors' --labels new.tsv --json report.json new.fa");
  const auto report = nlohmann::json::parse(read("report.json"));
  EXPECT_GE(report.at("metrics").at("accuracy").get<double>(), 0.9);
}

TEST_F(ShippedMotif, gives_the_same_answers_for_fasta_bam_and_a_pipe) {
  const std::string expected = classify(sample(".fa"));
  EXPECT_EQ(classify(sample(".bam")), expected);
  SKIP_WITHOUT("samtools");
  EXPECT_EQ(run_well("samtools fastq " + sample(".bam") +
                     " 2> /dev/null | paramixer classify --quiet --model '" PARAMIXER_SOURCE
                     "/share/models/motif.safetensors' -"),
            expected);
}

class ShippedVirus : public ProgramTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(virus_folder() / "valid.fa.gz")) {
      GTEST_SKIP() << "the virus sequences are not here (" << virus_folder()
                   << "); PARAMIXER_VIRUS_DATA names another folder";
    }
    run_well("gzip -dc '" + (virus_folder() / "valid.fa.gz").string() + "' > valid.fa");
  }

  std::string classify(const std::string& before, const std::string& input) const {
    return run_well(before +
                    "paramixer classify --quiet --model '" PARAMIXER_SOURCE
                    "/share/models/virus.safetensors' " +
                    input);
  }
};

TEST_F(ShippedVirus, tells_the_viruses_of_whole_records) {
  run_well("paramixer evaluate --quiet --model '" PARAMIXER_SOURCE
           "/share/models/virus.safetensors' --labels '" +
           (virus_folder() / "labels.tsv").string() + "' --json report.json valid.fa");
  const auto report = nlohmann::json::parse(read("report.json"));
  EXPECT_GE(report.at("metrics").at("accuracy").get<double>(), 0.9);
}

TEST_F(ShippedVirus, gives_the_same_answers_for_fasta_compressed_stdin_and_bam) {
  const std::string expected = classify("", "valid.fa");
  EXPECT_EQ(lines_of(expected).size(), 415U);
  EXPECT_EQ(classify("gzip -c valid.fa | ", "-"), expected);
  SKIP_WITHOUT("samtools");
  run_well("samtools import -0 valid.fa -o valid.bam");
  EXPECT_EQ(classify("", "valid.bam"), expected);
}

}  // namespace
}  // namespace paramixer::test
