#include <algorithm>
#include <map>
#include <random>

#include "tests/cli/program_test.hpp"
#include "tests/io/sequence/sequence_files.hpp"

// A record gets the same row, byte for byte, whatever else is in the input and however the program
// is run.

namespace paramixer::test {
namespace {

struct Record {
  std::string name;
  std::string bases;
};

std::string fasta(const std::vector<Record>& records) {
  std::string text;
  for (const Record& own : records) text += ">" + own.name + "\n" + own.bases + "\n";
  return text;
}

/// The rows of a table by their first column.
std::map<std::string, std::string> rows_of(const std::string& table) {
  std::map<std::string, std::string> rows;
  for (const std::string& line : lines_of(table)) rows[line.substr(0, line.find('\t'))] = line;
  return rows;
}

class SameBytes : public ProgramTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    const auto lines = lines_of(read_file(PARAMIXER_SOURCE "/share/samples/motif.fa"));
    for (const std::string& line : lines) {
      if (line.starts_with(">")) {
        records_.push_back({line.substr(1, line.find(' ') - 1), ""});
      } else {
        records_.back().bases += line;
      }
    }
    for (unsigned i = 0; i < 12; ++i) {
      records_.push_back({"short_" + std::to_string(i), random_bases(10 + 31 * i, i)});
    }
    records_.push_back({"long", random_bases(20'000, 50)});
    records_.push_back({"unknown", std::string(500, 'N')});
    write("all.fa", fasta(records_));
  }

  std::string classify(const std::string& arguments) const {
    return run_well(std::string("paramixer classify --quiet --scores --model '") +
                    PARAMIXER_SOURCE "/share/models/" + GetParam() + "' " + arguments);
  }

  std::vector<Record> records_;
};

TEST_P(SameBytes, in_any_order_shard_batch_and_number_of_threads) {
  const auto expected = rows_of(classify("--threads 1 all.fa"));
  ASSERT_EQ(expected.size(), records_.size() + 1);
  std::shuffle(records_.begin(), records_.end(), std::mt19937(7));
  write("shuffled.fa", fasta(records_));
  for (const char* threads : {"1", "2"}) {
    for (const char* batch : {"1", "5", "32"}) {
      const std::string options =
          std::string("--threads ") + threads + " --batch-size " + batch + " ";
      EXPECT_EQ(rows_of(classify(options + "shuffled.fa")), expected) << options;
    }
  }
  std::map<std::string, std::string> shards;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    shards.merge(rows_of(classify(std::string("--shard ") + shard + " shuffled.fa")));
  }
  EXPECT_EQ(shards, expected);
}

TEST_P(SameBytes, alone_as_among_others) {
  const auto expected = rows_of(classify("all.fa"));
  for (const std::size_t own : {std::size_t{0}, std::size_t{5}, records_.size() - 3}) {
    write("one.fa", fasta({records_[own]}));
    EXPECT_EQ(rows_of(classify("one.fa")).at(records_[own].name), expected.at(records_[own].name));
  }
}

TEST_P(SameBytes, with_values_stored_as_bfloat16) {
  EXPECT_EQ(classify("--storage bfloat16 --threads 2 --batch-size 32 all.fa"),
            classify("--storage bfloat16 --threads 1 --batch-size 3 all.fa"));
}

TEST_P(SameBytes, of_windows_in_a_scan) {
  const std::string scan =
      std::string("paramixer scan --quiet --format tsv --window 700 --model '") +
      PARAMIXER_SOURCE "/share/models/" + GetParam() + "' ";
  EXPECT_EQ(run_well(scan + "--threads 2 all.fa"),
            run_well(scan + "--threads 1 --batch-size 3 all.fa"));
}

INSTANTIATE_TEST_SUITE_P(Models, SameBytes,
                         testing::Values("motif.safetensors", "virus.safetensors"),
                         [](const auto& own) { return std::string(own.param).substr(0, 5); });

}  // namespace
}  // namespace paramixer::test
