#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/cli/program_test.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer::test {
namespace {

constexpr const char* kMotif = "'" PARAMIXER_SOURCE "/share/models/motif.safetensors'";
constexpr const char* kWords = "'" PARAMIXER_SOURCE "/share/models/virus.safetensors'";
constexpr const char* kVirus = "'" PARAMIXER_SOURCE "/tests/data/virus_6mers.safetensors'";

/// A table of `explain`: facts of its first lines, and its rows.
struct Explanation {
  std::map<std::string, std::string> facts;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  double number(const std::string& fact) const { return std::stod(facts.at(fact)); }
};

Explanation parsed(const std::string& text) {
  Explanation explanation;
  for (const std::string& line : lines_of(text)) {
    const auto fields = fields_of(line);
    if (line.starts_with("# ")) {
      explanation.facts[fields[0].substr(2)] = fields.size() > 1 ? fields[1] : "";
    } else if (explanation.columns.empty()) {
      explanation.columns = fields;
    } else {
      explanation.rows.push_back(fields);
    }
  }
  return explanation;
}

class Explain : public ProgramTest {
 protected:
  std::string explain(const std::string& model, const std::string& arguments) const {
    return run_well("paramixer explain --quiet --threads 1 --model " + model + " " + arguments);
  }

  void expect_error(const std::string& arguments, int exit_code, const std::string& message) const {
    const CommandResult result = run("paramixer explain --quiet --threads 1 " + arguments);
    EXPECT_EQ(result.exit_code, exit_code) << arguments;
    EXPECT_HAS(result.err, "paramixer: error: ");
    EXPECT_HAS(result.err, message);
    EXPECT_EQ(result.out, "");
  }
};

/// A shipped model and the length of a record for it; some are longer than its window.
struct SumCase {
  const char* name;
  const char* model;
  std::size_t length;
};

class ExplainShipped : public Explain, public ::testing::WithParamInterface<SumCase> {};

TEST_P(ExplainShipped, bias_and_values_add_up_to_the_logit) {
  write("x.fa", ">r\n" + random_bases(GetParam().length, 5) + "\n");
  const Explanation table = parsed(explain(GetParam().model, "--what attribution x.fa"));
  EXPECT_EQ(table.columns, (std::vector<std::string>{"position", "base", "value"}));
  ASSERT_EQ(table.rows.size(), GetParam().length);
  double sum = table.number("bias");
  for (const auto& row : table.rows) sum += std::stod(row[2]);
  const double logit = table.number("logit");
  EXPECT_NEAR(sum, logit, 1e-4 * std::abs(logit));
  EXPECT_HAS(table.facts.at("method"), "exact");
  EXPECT_EQ(table.rows.front()[0], "1");
  EXPECT_EQ(table.rows.back()[0], std::to_string(GetParam().length));
}

INSTANTIATE_TEST_SUITE_P(
    Models, ExplainShipped,
    ::testing::Values(SumCase{"motif_4096", kMotif, 4096}, SumCase{"motif_101", kMotif, 101},
                      SumCase{"motif_9000", kMotif, 9000}, SumCase{"virus_500", kVirus, 500},
                      SumCase{"virus_6001", kVirus, 6001}, SumCase{"words_500", kWords, 500}),
    [](const auto& row) { return row.param.name; });

class ExplainSample : public Explain {
 protected:
  void SetUp() override {
    run_well("head -4 '" PARAMIXER_SOURCE "/share/samples/motif.fa' > two.fa");
    const auto lines = lines_of(read("two.fa"));
    name_ = lines[0].substr(1);
    bases_ = lines[1];
    write("one.fa", lines[0] + "\n" + lines[1] + "\n");
  }

  std::string name_;
  std::string bases_;
};

TEST_F(ExplainSample, a_region_shows_its_part_and_says_what_is_outside) {
  const Explanation whole = parsed(explain(kMotif, "one.fa"));
  const Explanation part = parsed(explain(kMotif, "--region 1,001-1,010 one.fa"));
  ASSERT_EQ(part.rows.size(), 10U);
  EXPECT_EQ(part.rows.front(), whole.rows[1000]);
  EXPECT_EQ(part.rows.front()[1], bases_.substr(1000, 1));
  double sum = part.number("bias") + part.number("sum_outside_region");
  for (const auto& row : part.rows) sum += std::stod(row[2]);
  EXPECT_NEAR(sum, part.number("logit"), 1e-4);
  EXPECT_EQ(parsed(explain(kMotif, "--region " + name_ + ":1001-1010 two.fa")).rows, part.rows);
}

TEST_F(ExplainSample, classes_can_be_chosen_and_compared) {
  const Explanation one = parsed(explain(kMotif, "--class matched one.fa"));
  const Explanation other = parsed(explain(kMotif, "--class crossed one.fa"));
  const Explanation difference =
      parsed(explain(kMotif, "--class matched --against crossed one.fa"));
  EXPECT_NEAR(difference.number("logit"), one.number("logit") - other.number("logit"), 1e-4);
  EXPECT_EQ(difference.facts.at("against"), "crossed");
}

TEST_F(ExplainSample, bedgraph_holds_the_values_0_based_and_half_open) {
  const Explanation table = parsed(explain(kMotif, "--region 11-20 one.fa"));
  const auto lines = lines_of(explain(kMotif, "--region 11-20 --format bedgraph one.fa"));
  std::vector<std::string> track;
  for (const std::string& line : lines) {
    if (!line.starts_with("#")) track.push_back(line);
  }
  ASSERT_EQ(track.size(), 10U);
  EXPECT_EQ(track[0], name_ + "\t10\t11\t" + table.rows[0][2]);
}

TEST_F(ExplainSample, json_lines_hold_the_same) {
  const Explanation table = parsed(explain(kMotif, "--region 11-20 one.fa"));
  const auto lines = lines_of(explain(kMotif, "--region 11-20 --format jsonl one.fa"));
  ASSERT_EQ(lines.size(), 11U);
  const auto facts = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(facts.at("record"), name_);
  EXPECT_NEAR(facts.at("logit").get<double>(), table.number("logit"), 1e-9);
  for (std::size_t i = 0; i < 10; ++i) {
    const auto row = nlohmann::json::parse(lines[i + 1]);
    EXPECT_EQ(row.at("position"), std::stoi(table.rows[i][0]));
    EXPECT_EQ(row.at("base"), table.rows[i][1]);
    EXPECT_FLOAT_EQ(row.at("value").get<float>(), std::stof(table.rows[i][2]));
  }
}

TEST_F(ExplainSample, alignments_are_explained_in_the_reads_own_coordinates) {
  const std::string reverse = [&] {
    std::string text(bases_.rbegin(), bases_.rend());
    for (char& base : text) base = base == 'A' ? 'T' : base == 'T' ? 'A' : base == 'C' ? 'G' : 'C';
    return text;
  }();
  write_alignments(file("x.bam"), "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:9000\n" + name_ +
                                      "\t16\tchr1\t1\t60\t" + std::to_string(bases_.size()) +
                                      "M\t*\t0\t0\t" + reverse + "\t*\n");
  const Explanation aligned = parsed(explain(kMotif, "x.bam"));
  EXPECT_EQ(aligned.rows, parsed(explain(kMotif, "one.fa")).rows);
  EXPECT_HAS(aligned.facts.at("coordinates"), "original read");
}

TEST_F(ExplainSample, links_are_the_weights_of_the_table) {
  std::map<std::vector<std::string>, std::string> weights;
  for (const auto& row : parsed(explain(kMotif, "--what table --factor 3")).rows) {
    weights[{row[2], row[3]}] = row[4];
  }
  const Explanation links =
      parsed(explain(kMotif, "--what links --factor 3 --region 2000-2002 one.fa"));
  EXPECT_EQ(links.columns,
            (std::vector<std::string>{"factor", "source", "target", "offset", "weight", "flags"}));
  ASSERT_EQ(links.rows.size(), 27U);
  for (const auto& row : links.rows) {
    const int source = std::stoi(row[1]);
    EXPECT_EQ(std::stoi(row[2]), source + std::stoi(row[3]));
    EXPECT_EQ(row[4], (weights[{bases_.substr(static_cast<std::size_t>(source - 1), 4), row[3]}]));
    EXPECT_EQ(row[5], ".");
  }
}

TEST_F(ExplainSample, links_on_the_reverse_strand_are_in_the_records_coordinates) {
  const Explanation links =
      parsed(explain(kMotif, "--what links --strand reverse --factor 3 --region 2000-2002 one.fa"));
  ASSERT_EQ(links.rows.size(), 27U);
  for (const auto& row : links.rows) {
    EXPECT_GE(std::stoi(row[1]), 2000);
    EXPECT_LE(std::stoi(row[1]), 2002);
    EXPECT_EQ(std::stoi(row[2]), std::stoi(row[1]) - std::stoi(row[3]));
  }
}

TEST_F(ExplainSample, the_strongest_links_come_first) {
  const Explanation links = parsed(explain(kMotif, "--what links --top 20 one.fa"));
  ASSERT_EQ(links.rows.size(), 20U);
  for (std::size_t i = 1; i < 20; ++i) {
    EXPECT_GE(std::abs(std::stod(links.rows[i - 1][4])), std::abs(std::stod(links.rows[i][4])));
  }
  const auto of_factors = parsed(explain(kMotif, "--what links --top 2 --per factor one.fa")).rows;
  EXPECT_EQ(of_factors.size(), 26U);
  const auto of_positions =
      parsed(explain(kMotif, "--what links --top 2 --per position --region 5-9 one.fa")).rows;
  EXPECT_EQ(of_positions.size(), 10U);
}

TEST_F(ExplainSample, a_link_across_the_seam_is_two_features) {
  const auto rows = parsed(explain(kMotif, "--what links --factor 5 --region 1-1 one.fa")).rows;
  std::size_t across = 0;
  for (const auto& row : rows) across += row[5] == "seam" ? 1 : 0;
  EXPECT_EQ(across, 4U);
  std::size_t features = 0;
  for (const std::string& line : lines_of(
           explain(kMotif, "--what links --factor 5 --region 1-1 --top 9 --format bedpe one.fa"))) {
    if (line.starts_with("#")) continue;
    const auto fields = fields_of(line);
    ASSERT_EQ(fields.size(), 10U);
    ++features;
    for (const std::size_t column : {1U, 4U}) {
      EXPECT_GE(std::stol(fields[column]), 0);
      EXPECT_EQ(std::stol(fields[column + 1]), std::stol(fields[column]) + 4);
      EXPECT_LE(std::stol(fields[column + 1]), std::ssize(bases_));
    }
    // No feature spans the genome.
    EXPECT_LT(std::abs(std::stol(fields[1]) - std::stol(fields[4])), 200);
  }
  EXPECT_EQ(features, 9U + 4U);
}

TEST_F(ExplainSample, an_offset_longer_than_the_record_is_no_feature_across_it) {
  // The ring has 4,093 positions: 4,096 to the right of 2,000 is 2,003.
  const std::string bedpe =
      explain(kMotif, "--what links --factor 11 --region 2000-2000 --top 9 --format bedpe one.fa");
  EXPECT_HAS(bedpe, name_ + "\t1999\t2003\t" + name_ + "\t2002\t2006\tm11+4096\t");
  EXPECT_HAS(bedpe, name_ + "\t1999\t2003\t" + name_ + "\t1996\t2000\tm11-4096\t");
}

TEST_F(ExplainSample, compressed_tracks_have_an_index) {
  SKIP_WITHOUT("tabix");
  explain(kMotif, "--format bedgraph --output a.bedgraph.gz one.fa");
  EXPECT_EQ(lines_of(run_well("tabix a.bedgraph.gz " + name_ + ":2001-2003")).size(), 3U);
  explain(kMotif, "--what links --top 500 --format bedpe --output l.bedpe.gz one.fa");
  EXPECT_FALSE(run_well("tabix l.bedpe.gz " + name_).empty());
  EXPECT_FALSE(exists(file("a.bedgraph.gz.partial")));
}

TEST_F(ExplainSample, bigwig_is_written_or_the_missing_library_named) {
  const CommandResult result = run(std::string("paramixer explain --quiet --model ") + kMotif +
                                   " --format bigwig --output a.bw one.fa");
  if (result.exit_code == 0) {
    EXPECT_EQ(read("a.bw").substr(0, 4), "\x26\xfc\x8f\x88");
    expect_error(std::string("--model ") + kMotif + " --format bigwig --output a.bw.gz one.fa", 2,
                 "choose a name without .gz");
    return;
  }
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_HAS(result.err, "built without libBigWig");
}

TEST_F(ExplainSample, receptive_fields_are_rows_columns_and_a_matrix) {
  const std::string what = "--what receptive-field ";
  const auto row = parsed(explain(kMotif, what + "--position 500 one.fa"));
  const auto column = parsed(explain(kMotif, what + "--position 900 --side column one.fa"));
  ASSERT_EQ(row.rows.size(), bases_.size() - 3);
  // Entry (500, 900) stands in both.
  EXPECT_NEAR(std::stod(row.rows[899][2]), std::stod(column.rows[499][2]),
              1e-3 * std::abs(std::stod(row.rows[899][2])));
  EXPECT_EQ(parsed(explain(kMotif, what + "--bins 8 one.fa")).rows.size(), 64U);
  EXPECT_NE(explain(kMotif, what + "--position 500 --no-residual one.fa"),
            explain(kMotif, what + "--position 500 one.fa"));
}

TEST_F(ExplainSample, a_region_is_what_the_matrix_shows) {
  const std::string what = "--what receptive-field --region 101-110 ";
  const auto matrix = parsed(explain(kMotif, what + "one.fa")).rows;
  ASSERT_EQ(matrix.size(), 100U);
  const auto row = parsed(explain(kMotif, what + "--position 103 one.fa")).rows;
  ASSERT_EQ(row.size(), 10U);
  for (std::size_t c = 0; c < 10; ++c) {
    const auto& entry = matrix[20 + c];
    EXPECT_EQ((std::vector(entry.begin(), entry.begin() + 4)),
              (std::vector<std::string>{"103", "103", row[c][0], row[c][0]}));
    EXPECT_NEAR(std::stod(entry[4]), std::stod(row[c][2]), 1e-3 * std::abs(std::stod(row[c][2])));
  }
}

TEST_F(ExplainSample, the_matrix_of_the_reverse_strand_is_in_the_records_coordinates) {
  const std::string what = "--what receptive-field --strand reverse --region 101-103 ";
  const auto matrix = parsed(explain(kMotif, what + "one.fa")).rows;
  const auto column = parsed(explain(kMotif, what + "--side column --position 102 one.fa")).rows;
  ASSERT_EQ(matrix.size(), 9U);
  ASSERT_EQ(column.size(), 3U);
  for (const auto& entry : matrix) {
    if (entry[2] != "102") continue;
    const auto& same = column[static_cast<std::size_t>(std::stoi(entry[0]) - 101)];
    EXPECT_NEAR(std::stod(entry[4]), std::stod(same[2]), 1e-3 * std::abs(std::stod(same[2])));
  }
}

TEST_F(ExplainSample, a_position_of_a_long_record_is_seen_in_the_middle_of_its_window) {
  write("long.fa", ">r\n" + random_bases(20000, 1) + "\n");
  const Explanation row =
      parsed(explain(kMotif, "--what receptive-field --position 10000 long.fa"));
  EXPECT_EQ(row.facts.at("window_begin"), "5904");
  EXPECT_EQ(row.facts.at("window_end"), "14095");
  EXPECT_EQ(row.rows.front()[0], "5904");
}

TEST_F(ExplainSample, mutagenesis_has_three_changes_a_base) {
  const Explanation table =
      parsed(explain(kMotif, "--what mutagenesis --region 2254-2256 --class matched one.fa"));
  ASSERT_EQ(table.rows.size(), 9U);
  // One of them, by classifying the changed record.
  std::string changed = bases_;
  changed[2253] = table.rows[0][2].front();
  write("changed.fa", ">r\n" + changed + "\n");
  const double before = parsed(explain(kMotif, "--class matched one.fa")).number("logit");
  const double after = parsed(explain(kMotif, "--class matched changed.fa")).number("logit");
  EXPECT_NEAR(std::stod(table.rows[0][3]), after - before, 1e-3);
}

TEST_F(ExplainSample, motifs_and_pairs_are_found_over_all_records) {
  const Explanation table =
      parsed(explain(kMotif, "--what motifs --motif-length 6 --top 5 two.fa"));
  EXPECT_EQ(table.facts.at("records"), "2");
  EXPECT_EQ(table.facts.at("class"), "the most probable one of each record");
  ASSERT_EQ(table.rows.size(), 10U);
  EXPECT_EQ(table.rows[0][0], "kmer");
  EXPECT_EQ(table.rows[0][1].size(), 6U);
  EXPECT_EQ(table.rows[9][0], "pair");
  EXPECT_HAS(table.rows[0][8], name_.substr(0, 6));
  // Both places of a pair, as far apart as the columns of the distances say.
  const std::string places = table.rows[9][8].substr(0, table.rows[9][8].find(' '));
  const auto colon = places.find(':');
  const auto comma = places.find(',');
  ASSERT_NE(comma, std::string::npos) << places;
  const int distance = std::stoi(places.substr(comma + 1)) - std::stoi(places.substr(colon + 1));
  EXPECT_GE(distance, std::stoi(table.rows[9][6]));
  EXPECT_LE(distance, std::stoi(table.rows[9][7]));
}

TEST_F(ExplainSample, motifs_of_alignments_are_in_the_reads_own_coordinates) {
  write_alignments(file("x.bam"),
                   "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:9000\nr\t16\tchr1\t1\t60\t12M\t"
                   "*\t0\t0\tAAAAAAAAAACC\t*\n");
  const Explanation table = parsed(explain(kMotif, "--what motifs --motif-length 4 x.bam"));
  EXPECT_HAS(table.facts.at("coordinates"), "original reads");
  EXPECT_EQ(table.facts.at("reverse_strand_alignments"), "1");
  bool found = false;
  for (const auto& row : table.rows) found = found || (row[1] == "GGTT" && row[8] == "r:1");
  EXPECT_TRUE(found);
}

TEST_F(ExplainSample, kmers_have_no_distances_in_json_lines) {
  const auto lines =
      lines_of(explain(kMotif, "--what motifs --motif-length 6 --top 1 --format jsonl two.fa"));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_TRUE(nlohmann::json::parse(lines[1]).at("least_distance").is_null());
  EXPECT_TRUE(nlohmann::json::parse(lines[1]).at("partner").is_null());
  EXPECT_TRUE(nlohmann::json::parse(lines[2]).at("least_distance").is_number_integer());
}

TEST_F(ExplainSample, motifs_say_for_what_class_they_are) {
  const Explanation table = parsed(explain(
      kMotif, "--what motifs --class crossed --against matched --top 1 --motif-length 6 two.fa"));
  EXPECT_EQ(table.facts.at("class"), "crossed");
  EXPECT_EQ(table.facts.at("against"), "matched");
}

TEST_F(ExplainSample, perturbation_compares_top_bases_with_random_ones) {
  const Explanation table =
      parsed(explain(kMotif, "--what perturbation --repeats 2 --perturb mask one.fa"));
  ASSERT_EQ(table.rows.size(), 6U);
  for (const auto& row : table.rows) {
    for (const std::size_t column : {2U, 4U}) {
      EXPECT_GE(std::stod(row[column]), 0.0);
      EXPECT_LE(std::stod(row[column]), 1.0);
    }
  }
}

class ExplainErrors : public ExplainSample {};

TEST_F(ExplainErrors, unknown_record) {
  expect_error(std::string("--model ") + kMotif + " --record nobody two.fa", 1,
               "two.fa: has no record 'nobody'; its first ones are '" + name_ + "'");
}

TEST_F(ExplainErrors, several_records_and_none_chosen) {
  expect_error(std::string("--model ") + kMotif + " two.fa", 2, "choose one with --record");
}

TEST_F(ExplainErrors, unknown_class) {
  expect_error(std::string("--model ") + kMotif + " --class zebra one.fa", 2,
               "no class 'zebra'; its classes are");
  expect_error(std::string("--model ") + kMotif + " --against zebra one.fa", 2, "no class 'zebra'");
  expect_error(std::string("--model ") + kMotif + " --class matched --against matched one.fa", 2,
               "cannot be compared with itself");
}

TEST_F(ExplainErrors, regions_outside_the_record_or_unreadable) {
  expect_error(
      std::string("--model ") + kMotif + " --region 4097-5000 one.fa", 1,
      "one.fa: record '" + name_ + "': the region begins at 4097, but there are 4096 bases");
  expect_error(std::string("--model ") + kMotif + " --region 0-5 one.fa", 2,
               "positions count from 1");
  expect_error(std::string("--model ") + kMotif + " --region 9-5 one.fa", 2, "end lies before");
  expect_error(
      std::string("--model ") + kMotif + " --region other:1-5 --record " + name_ + " one.fa", 2,
      "is not in the record");
  expect_error(std::string("--model ") + kMotif + " --region 1..5 --record " + name_ + " one.fa", 2,
               "write A-B");
}

TEST_F(ExplainErrors, formats_that_do_not_fit_the_question) {
  const std::string model = std::string("--model ") + kMotif;
  expect_error(model + " --format bedpe one.fa", 2, "bedpe does not fit attribution");
  expect_error(model + " --what links --format bedgraph one.fa", 2,
               "bedgraph does not fit links; choose one of: tsv, jsonl, bedpe");
  expect_error(model + " --what links --format bigwig one.fa", 2, "bigwig does not fit links");
  expect_error(model + " --what links --format bedpe one.fa", 2, "--top");
  expect_error(model + " --what receptive-field --format bedgraph one.fa", 2, "--position");
  expect_error(model + " --what table --format bedgraph", 2, "does not fit table");
  expect_error(model + " --format bam one.fa", 2, "unknown format 'bam'");
  expect_error(model + " --what secrets one.fa", 2, "unknown question 'secrets'");
}

TEST_F(ExplainErrors, choices_that_do_not_exist) {
  const std::string model = std::string("--model ") + kMotif;
  expect_error(model + " --what links --factor 14 one.fa", 2,
               "factor 14 does not exist; the model has 13");
  expect_error(model + " --what links --block 2 one.fa", 2, "block 2 does not exist");
  expect_error(model + " --what receptive-field --bins 5000 one.fa", 2,
               "--bins expects a whole number from 1 to 1024; got '5000'");
  expect_error(model + " --what receptive-field --position 5000 one.fa", 1,
               "no token begins at position 5000");
  expect_error(model + " --what receptive-field --position -3 one.fa", 2,
               "--position expects a whole number from 0");
  expect_error(model + " --what mutagenesis one.fa", 2, "mutagenesis needs --region");
  expect_error(model, 2, "no input file given");
  expect_error(model + " --region 5- --record r one.fa", 2,
               "region 'r:5-': the end is not a position");
  expect_error(model + " --what receptive-field --position 9000 one.fa", 1,
               "no token begins at position 9000");
  expect_error(model + " --what receptive-field --region 4095-4096 one.fa", 1,
               "no token begins in the region");
}

TEST_F(ExplainErrors, options_that_do_not_apply_to_the_question) {
  const std::string model = std::string("--model ") + kMotif;
  expect_error(model + " --top 5 one.fa", 2,
               "--top does not fit --what attribution; it is for links");
  expect_error(model + " --what links --class matched one.fa", 2,
               "--class does not fit --what links");
  expect_error(model + " --what motifs --region 1-9 one.fa", 2, "--region does not fit");
  expect_error(model + " --what perturbation --region 1-9 one.fa", 2, "--region does not fit");
  expect_error(model + " --what table --record x", 2, "--record does not fit --what table");
  expect_error(model + " --no-residual one.fa", 2, "it is for receptive-field");
  expect_error(model + " --what links --per factor one.fa", 2, "--top");
  expect_error(model + " --what receptive-field --side row one.fa", 2, "--position");
  expect_error(model + " --what receptive-field --position 5 --bins 9 one.fa", 2, "--bins");
}

TEST_F(ExplainErrors, bigwig_to_stdout) {
  expect_error(std::string("--model ") + kMotif + " --format bigwig one.fa", 2, "bigW");
}

TEST_F(ExplainErrors, links_of_more_than_the_model_sees) {
  write("long.fa", ">r\n" + random_bases(9000, 1) + "\n");
  expect_error(std::string("--model ") + kMotif + " --what links --top 5 long.fa", 2,
               "long.fa: record 'r': the model sees 8192 bases at once and this is 9000; choose "
               "at most 8192 with --region, or a longer --window");
  EXPECT_EQ(parsed(explain(kMotif, "--what links --top 5 --window 9000 long.fa")).rows.size(), 5U);
  const Explanation part =
      parsed(explain(kMotif, "--what links --top 5 --region 8990-9000 long.fa"));
  EXPECT_EQ(part.facts.at("window_begin"), "809");
}

TEST_F(ExplainErrors, tables_of_models_that_have_none) {
  run_well("paramixer import --weights '" PARAMIXER_TEST_DATA
           "/reference/chord_apc.safetensors' --output apc.safetensors");
  expect_error("--model apc.safetensors --what table", 1, "there is no table of them");
}

TEST_F(ExplainErrors, exact_attribution_of_deep_models) {
  run_well("paramixer import --weights '" PARAMIXER_TEST_DATA
           "/reference/chord_two_blocks.safetensors' --output deep.safetensors");
  write("short.fa", ">r\n" + random_bases(60, 1) + "\n");
  expect_error("--model deep.safetensors --method exact short.fa", 2,
               "needs a model of one block; this one has 2, for which integrated gradients");
  const Explanation path = parsed(explain("deep.safetensors", "--steps 8 short.fa"));
  EXPECT_HAS(path.facts.at("method"), "integrated gradients (8 steps");
}

TEST_F(ExplainErrors, records_that_cannot_be_classified) {
  write("bad.fa", ">short\nAC\n>protein\nMEEPQSDPSV\n>unknown\n" + std::string(100, 'N') +
                      "\n>good\n" + bases_ + "\n");
  expect_error(std::string("--model ") + kMotif + " --record short bad.fa", 1,
               "bad.fa: record 'short': too short: 2 bases, the model needs 4");
  expect_error(std::string("--model ") + kMotif + " --record protein bad.fa", 1,
               "invalid letter 'E' at position 2");
  expect_error(std::string("--model ") + kMotif + " --record unknown bad.fa", 1,
               "bad.fa: record 'unknown': no evidence: 100 of 100 bases unknown");
  const CommandResult result =
      run(std::string("paramixer explain --quiet --what motifs --model ") + kMotif + " bad.fa");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_HAS(result.err, "rejected: bad.fa: record 'short'");
  const CommandResult one = run(std::string("paramixer explain --quiet --what motifs --model ") +
                                kMotif + " --record short bad.fa");
  EXPECT_EQ(one.exit_code, 3);
  EXPECT_EQ(one.err.find("has no record"), std::string::npos) << one.err;
}

}  // namespace
}  // namespace paramixer::test
