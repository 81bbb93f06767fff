#include "tests/cli/program_test.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer::test {
namespace {

class Scan : public ProgramTest {
 protected:
  void SetUp() override {
    make_model("m.safetensors");
    write("x.fa", ">r\n" + random_bases(3000, 1) + "\n>s\n" + random_bases(100, 2) + "\n");
  }

  std::string scan(const std::string& arguments) const {
    return run_well("paramixer scan --quiet --threads 1 --model m.safetensors " + arguments);
  }

  static std::vector<std::vector<std::string>> features(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    for (const std::string& line : lines_of(text)) {
      if (!line.starts_with("#") && !line.starts_with("track")) rows.push_back(fields_of(line));
    }
    return rows;
  }
};

TEST_F(Scan, windows_of_the_table_are_those_of_classify) {
  const auto rows = lines_of(scan("--format tsv --window 500 --step 250 x.fa"));
  ASSERT_EQ(rows.size(), 1U + 11U + 1U);
  const auto second = fields_of(rows[2]);
  EXPECT_EQ(second[1], "251");
  EXPECT_EQ(second[2], "750");
  write("piece.fa", ">r\n" + random_bases(3000, 1).substr(250, 500) + "\n");
  const auto answer =
      fields_of(lines_of(run_well("paramixer classify --quiet --model m.safetensors piece.fa"))[1]);
  EXPECT_EQ(second[3], answer[2]);
  EXPECT_NEAR(std::stod(second[4]), std::stod(answer[3]), 1e-5);
}

TEST_F(Scan, calls_cover_every_record_once_in_bed) {
  const auto rows = features(scan("--window 500 --step 250 x.fa"));
  std::int64_t end = 0;
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 9U);
    if (row[0] == "s") {
      EXPECT_EQ(row[1], "0");
      EXPECT_EQ(row[2], "100");
      continue;
    }
    EXPECT_EQ(std::stol(row[1]), end);
    end = std::stol(row[2]);
  }
  EXPECT_EQ(end, 3000);
}

TEST_F(Scan, doubtful_stretches_are_unclassified) {
  const auto rows = features(scan("--window 500 --min-confidence 1 x.fa"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0][3], "unclassified");
}

TEST_F(Scan, bedgraph_of_one_class_or_a_file_a_class) {
  const auto one = features(scan("--format bedgraph --class class_0 --window 500 x.fa"));
  EXPECT_EQ(one[0][1], "0");
  scan("--format bedgraph --window 500 --output p.bedgraph x.fa");
  EXPECT_EQ(features(read("p.class_0.bedgraph")), one);
  EXPECT_TRUE(exists(file("p.class_1.bedgraph")));
  EXPECT_FALSE(exists(file("p.bedgraph")));
}

TEST_F(Scan, classes_with_similar_names_get_files_of_their_own) {
  run_well("paramixer import '" PARAMIXER_TEST_DATA
           "/reference/chord_no_position.safetensors' --output m.safetensors "
           "--class-names H1/N1,H1_N1,'H1 N1'");
  scan("--format bedgraph --window 500 --output p.bedgraph x.fa");
  for (const char* name : {"H1%2FN1", "H1_N1", "H1%20N1"}) {
    EXPECT_TRUE(exists(file("p." + std::string(name) + ".bedgraph"))) << name;
  }
}

TEST_F(Scan, a_region_of_fasta_is_shown_in_the_coordinates_of_its_sequence) {
  for (const char* format : {"bed", "tsv", "bedgraph --class class_0"}) {
    const auto rows = features(
        scan("--window 500 --region r:1001-2000 --format " + std::string(format) + " x.fa"));
    ASSERT_GE(rows.size(), 1U);
    const std::size_t first = format == std::string("tsv") ? 1 : 0;
    EXPECT_EQ(rows[first][0], "r");
    EXPECT_EQ(rows[first][1], first == 1 ? "1001" : "1000");
    EXPECT_EQ(rows.back()[2], "2000");
  }
}

TEST_F(Scan, bigwig_is_written_or_the_missing_library_named) {
  const CommandResult result =
      run("paramixer scan --quiet --model m.safetensors --format bigwig --window 500 --output p.bw "
          "x.fa");
  if (result.exit_code == 0) {
    EXPECT_EQ(read("p.class_0.bw").substr(0, 4), "\x26\xfc\x8f\x88");
    EXPECT_TRUE(exists(file("p.class_1.bw")));
    return;
  }
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_HAS(result.err, "built without libBigWig");
}

TEST_F(Scan, compressed_tracks_have_an_index) {
  SKIP_WITHOUT("tabix");
  scan("--window 500 --output c.bed.gz x.fa");
  EXPECT_FALSE(run_well("tabix c.bed.gz r:1501-1502").empty());
  scan("--format bedgraph --class class_1 --window 500 --output c.bedgraph.gz x.fa");
  EXPECT_EQ(lines_of(run_well("tabix c.bedgraph.gz s")).size(), 1U);
}

TEST_F(Scan, an_index_needs_names_that_differ) {
  const std::string record = ">twice\n" + random_bases(300, 1) + "\n";
  write("twice.fa", record + record);
  const std::string command = "paramixer scan --model m.safetensors --window 200 ";
  const CommandResult indexed = run(command + "--output t.bed.gz twice.fa");
  EXPECT_EQ(indexed.exit_code, 1);
  EXPECT_HAS(indexed.err, "twice.fa: record 'twice': the name appears twice, but the tabix index");
  EXPECT_FALSE(exists(file("t.bed.gz")));
  const CommandResult plain = run(command + "twice.fa");
  EXPECT_EQ(plain.exit_code, 0);
  EXPECT_HAS(plain.err, "names that appear more than once in a FASTA file: 'twice'");
}

TEST_F(Scan, mates_have_tracks_of_their_own) {
  std::string fastq;
  for (const unsigned seed : {1U, 2U}) {
    fastq += "@p\n" + random_bases(300, seed) + "\n+\n" + std::string(300, 'I') + "\n";
  }
  write("pair.fq", fastq);
  scan("--window 200 --output p.bed.gz pair.fq");
  const std::string table = scan("--window 200 --format tsv pair.fq");
  EXPECT_HAS(table, "\np/1\t");
  EXPECT_HAS(table, "\np/2\t");
}

TEST_F(Scan, records_that_cannot_be_classified_are_rejected) {
  write("bad.fa", ">protein\nMEEPQSDPSV\n>empty\n\n>good\n" + random_bases(300, 1) + "\n");
  const CommandResult result = run("paramixer scan --quiet --model m.safetensors bad.fa");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_HAS(result.err, "rejected: bad.fa: record 'protein': invalid letter 'E' at position 2");
  EXPECT_HAS(result.err, "rejected: bad.fa: record 'empty': no bases");
  EXPECT_EQ(features(result.out).back()[2], "300");
}

/// 5,000 bases of which those from 2,000 to 3,500 are unknown, and 100 unknown bases elsewhere.
class ScanOfAGap : public Scan {
 protected:
  void SetUp() override {
    Scan::SetUp();
    std::string bases = random_bases(5000, 3);
    bases.replace(2000, 1500, 1500, 'N');
    bases.replace(700, 100, 100, 'n');
    write("gap.fa", ">chr\n" + bases + "\n>unknown\n" + std::string(600, 'N') + "\n");
  }
};

TEST_F(ScanOfAGap, the_gap_is_unclassified_in_bed) {
  const auto rows = features(scan("--window 500 --step 250 gap.fa"));
  std::int64_t unclassified = 0;
  std::int64_t end = 0;
  for (const auto& row : rows) {
    if (row[0] == "unknown") {
      EXPECT_EQ(row[3], "unclassified");
      EXPECT_EQ(row[2], "600");
      continue;
    }
    EXPECT_EQ(std::stol(row[1]), end);
    end = std::stol(row[2]);
    if (row[3] != "unclassified") continue;
    ++unclassified;
    EXPECT_EQ(row[1], "2000");
    EXPECT_EQ(row[2], "3500");
    EXPECT_EQ(row[4], "0");
  }
  EXPECT_EQ(end, 5000);
  EXPECT_EQ(unclassified, 1);
}

TEST_F(ScanOfAGap, the_gap_is_left_out_of_tracks) {
  const auto rows = features(scan("--format bedgraph --class class_0 --window 500 gap.fa"));
  for (const auto& row : rows) {
    EXPECT_EQ(row[0], "chr");
    EXPECT_TRUE(std::stol(row[2]) <= 2000 || std::stol(row[1]) >= 3500) << row[1];
    EXPECT_GT(std::stod(row[3]), 0.0);
  }
  EXPECT_EQ(rows.front()[1], "0");
  EXPECT_EQ(rows.back()[2], "5000");
}

TEST_F(ScanOfAGap, windows_of_the_table_without_evidence_have_no_probability) {
  const auto rows = features(scan("--format tsv --window 500 --step 250 gap.fa"));
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const std::int64_t begin = std::stol(rows[r][1]);
    // At most half of a window with evidence is unknown.
    const bool known = rows[r][0] == "chr" && (begin <= 1751 || begin >= 3251);
    EXPECT_EQ(rows[r][3] != "unclassified", known) << begin;
    EXPECT_EQ(rows[r][4] != ".", known) << begin;
  }
  const CommandResult result = run("paramixer scan --model m.safetensors --window 500 gap.fa");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_HAS(result.err, "windows without evidence");
}

TEST_F(ScanOfAGap, a_region_keeps_the_place_of_the_gap) {
  const auto rows = features(scan("--window 500 --step 250 --region chr:1501-5000 gap.fa"));
  for (const auto& row : rows) {
    if (row[3] == "unclassified") {
      EXPECT_EQ(row[1] + "-" + row[2], "2000-3500");
    }
  }
}

TEST_F(ScanOfAGap, windows_of_unknown_bases_count_where_that_is_wanted) {
  const auto rows = features(scan("--format tsv --window 500 --max-unknown 0.999 gap.fa"));
  const auto begins_with = [&](const char* begin) {
    return *std::find_if(rows.begin(), rows.end(),
                         [&](const auto& row) { return row[0] == "chr" && row[1] == begin; });
  };
  EXPECT_NE(begins_with("1751")[4], ".");
  EXPECT_EQ(begins_with("2251")[4], ".");
  const CommandResult wrong = run("paramixer scan --model m.safetensors --max-unknown 2 gap.fa");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_HAS(wrong.err, "--max-unknown expects a number from 0 to 1");
}

TEST_F(Scan, wrong_options_are_refused) {
  const auto expect_usage = [&](const std::string& arguments, const std::string& message) {
    const CommandResult result = run("paramixer scan --model m.safetensors --quiet " + arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    EXPECT_HAS(result.err, message);
  };
  expect_usage("--window 100 --step 200 x.fa", "leave gaps");
  expect_usage("--window 100000 x.fa", "longer than the model");
  expect_usage("--format bedgraph x.fa", "choose a --class or an --output");
  expect_usage("--format bedgraph --class zebra x.fa", "no class 'zebra'");
  expect_usage("--format bam x.fa", "unknown format 'bam'");
  expect_usage("--step -1 x.fa", "--step expects a whole number from 0 to 4294967296; got '-1'");
  expect_usage("--class class_0 x.fa", "a --class is for bedgraph");
  expect_usage("--min-confidence 2 x.fa", "from 0 to 1");
  expect_usage("--format bedgraph --class class_0 --min-confidence 0.5 x.fa", "for the calls");
  expect_usage("--format bedgraph --output /dev/null x.fa", "choose a --class or an --output");
}

TEST_F(Scan, a_full_disk_is_an_error_and_no_rejected_record) {
  EXPECT_EQ(run("paramixer scan --quiet --model m.safetensors --output /dev/full x.fa").exit_code,
            1);
}

}  // namespace
}  // namespace paramixer::test
