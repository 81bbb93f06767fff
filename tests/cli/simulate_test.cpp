#include <map>

#include "tests/cli/program_test.hpp"

namespace paramixer::test {
namespace {

class Simulate : public ProgramTest {
 protected:
  std::map<std::string, std::string> sequences(const std::string& name) const {
    std::map<std::string, std::string> sequences;
    const auto lines = lines_of(read(name));
    for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
      sequences[lines[i].substr(1)] = lines[i + 1];
    }
    return sequences;
  }
};

TEST_F(Simulate, writes_sequences_labels_and_planted_motifs_that_fit_together) {
  run_well("paramixer simulate motif --quiet --kind pair --length 400 --count 20 --output p");
  const auto records = sequences("p.fa");
  EXPECT_EQ(records.size(), 20U);
  for (const auto& [name, sequence] : records) EXPECT_EQ(sequence.size(), 400U);

  const auto labels = lines_of(read("p.tsv"));
  ASSERT_EQ(labels.size(), 21U);
  EXPECT_EQ(labels[0], "id\tclass");
  EXPECT_TRUE(records.contains(fields_of(labels[1])[0]));

  // Every copy of a motif has the same letters, and a pair task plants two motifs per record.
  const auto planted = lines_of(read("p.bed"));
  EXPECT_EQ(planted.size(), 40U);
  std::map<std::string, std::string> letters;
  for (const std::string& line : planted) {
    const auto fields = fields_of(line);
    const std::size_t start = std::stoul(fields[1]);
    const std::string motif = records.at(fields[0]).substr(start, std::stoul(fields[2]) - start);
    EXPECT_EQ(letters.emplace(fields[3], motif).first->second, motif);
  }
  EXPECT_EQ(letters.size(), 4U);
}

TEST_F(Simulate, equal_seeds_give_equal_files_and_another_records_seed_new_records) {
  const std::string command = "paramixer simulate motif --quiet --length 200 --count 5 ";
  run_well(command + "--output a");
  run_well(command + "--output b");
  run_well(command + "--records-seed 2 --output c");
  EXPECT_EQ(read("a.fa"), read("b.fa"));
  EXPECT_EQ(read("a.bed"), read("b.bed"));
  EXPECT_NE(read("a.fa"), read("c.fa"));
}

TEST_F(Simulate, fails_when_the_folder_is_missing) {
  const CommandResult result = run("paramixer simulate motif --output no/such/p");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "no/such/p.fa");
}

}  // namespace
}  // namespace paramixer::test
