#include "core/simulate/motif.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "core/base/error.hpp"
#include "core/sequence/strand.hpp"
#include "core/simulate/dissimilar_motifs.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kRecords = 400;

MotifTask task_of(MotifKind kind, std::int64_t length = 256) {
  MotifTask task;
  task.kind = kind;
  task.length = length;
  task.classes = 3;
  return task;
}

std::string planted_bases(const SimulatedRecord& record, const PlantedMotif& motif) {
  return record.sequence.substr(static_cast<std::size_t>(motif.start),
                                static_cast<std::size_t>(motif.end - motif.start));
}

// Starts of every copy of a motif on the forward strand.
std::vector<std::int64_t> copies(const std::string& sequence, const std::string& motif) {
  std::vector<std::int64_t> starts;
  for (auto at = sequence.find(motif); at != std::string::npos; at = sequence.find(motif, at + 1)) {
    starts.push_back(static_cast<std::int64_t>(at));
  }
  return starts;
}

void expect_usage_error(const MotifTask& task, const std::string& part) {
  try {
    const MotifSimulator simulator(task);
    ADD_FAILURE() << "accepted where '" << part << "' was expected";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

class EveryMotifKind : public testing::TestWithParam<MotifKind> {};

INSTANTIATE_TEST_SUITE_P(MotifSimulatorTest, EveryMotifKind,
                         testing::Values(MotifKind::kPresence, MotifKind::kOrder, MotifKind::kPair),
                         [](const auto& kind) { return std::string(name_of(kind.param)); });

TEST_P(EveryMotifKind, EveryPrefixIsBalanced) {
  const MotifSimulator simulator(task_of(GetParam()));
  std::vector<int> counts(simulator.class_names().size(), 0);
  for (std::int64_t i = 0; i < 50; ++i) {
    ++counts.at(static_cast<std::size_t>(simulator.record(i).label));
    const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
    ASSERT_LE(*high - *low, 1) << "after " << i + 1 << " records";
  }
}

TEST_P(EveryMotifKind, RecordsHaveTheirLengthAlphabetAndName) {
  const MotifSimulator simulator(task_of(GetParam(), 251));
  std::set<std::string> names;
  for (std::int64_t i = 0; i < 20; ++i) {
    const SimulatedRecord record = simulator.record(i);
    EXPECT_EQ(record.sequence.size(), 251U);
    EXPECT_EQ(record.sequence.find_first_not_of("ACGT"), std::string::npos);
    names.insert(record.name);
  }
  EXPECT_EQ(names.size(), 20U);
  EXPECT_EQ(simulator.record(42).name, "motif_000042");
  EXPECT_EQ(simulator.record(12345678).name, "motif_12345678");
}

TEST_P(EveryMotifKind, SameSeedsGiveTheSameRecordInAnyOrder) {
  const MotifSimulator first(task_of(GetParam()));
  const MotifSimulator second(task_of(GetParam()));
  second.record(3);
  const SimulatedRecord a = first.record(7);
  const SimulatedRecord b = second.record(7);
  EXPECT_EQ(a.sequence, b.sequence);
  EXPECT_EQ(a.label, b.label);
  ASSERT_EQ(a.planted.size(), b.planted.size());
  for (std::size_t i = 0; i < a.planted.size(); ++i) {
    EXPECT_EQ(a.planted[i].start, b.planted[i].start);
    EXPECT_EQ(a.planted[i].name, b.planted[i].name);
  }
  EXPECT_NE(a.sequence, first.record(8).sequence);
}

TEST_P(EveryMotifKind, AnotherRecordsSeedGivesOtherRecordsOfTheSameTask) {
  MotifTask task = task_of(GetParam());
  const MotifSimulator first(task);
  task.records_seed = 2;
  const MotifSimulator second(task);
  EXPECT_EQ(first.motifs(), second.motifs());
  EXPECT_NE(first.record(0).sequence, second.record(0).sequence);
  EXPECT_EQ(first.record(0).label, second.record(0).label);
}

TEST_P(EveryMotifKind, MotifsDependOnTheSeedAndNotOnTheLength) {
  MotifTask task = task_of(GetParam());
  const auto motifs = MotifSimulator(task).motifs();
  task.length = 1000;
  EXPECT_EQ(MotifSimulator(task).motifs(), motifs);
  task.seed = 2;
  EXPECT_NE(MotifSimulator(task).motifs(), motifs);
}

TEST_P(EveryMotifKind, MotifsStandWhereTheyWerePlantedAndNowhereElse) {
  // Records this long hold a chance copy of some 8-mer or its reverse complement nearly always.
  MotifTask task = task_of(GetParam(), 20000);
  task.motif_length = 8;
  const MotifSimulator simulator(task);
  for (std::int64_t i = 0; i < 40; ++i) {
    const SimulatedRecord record = simulator.record(i);
    for (const auto& [name, motif] : simulator.motifs()) {
      std::vector<std::int64_t> expected;
      for (const PlantedMotif& planted : record.planted) {
        if (planted.name == name) expected.push_back(planted.start);
      }
      ASSERT_EQ(copies(record.sequence, motif), expected) << record.name << ' ' << name;
      ASSERT_TRUE(copies(record.sequence, reverse_complement(motif)).empty()) << record.name;
    }
  }
}

TEST_P(EveryMotifKind, PlantedIntervalsLieInsideInOrderAndApart) {
  MotifTask task = task_of(GetParam(), 64);
  const MotifSimulator simulator(task);
  for (std::int64_t i = 0; i < kRecords; ++i) {
    std::int64_t end = -1;
    for (const PlantedMotif& planted : simulator.record(i).planted) {
      ASSERT_GT(planted.start, end);
      ASSERT_EQ(planted.end, planted.start + task.motif_length);
      end = planted.end;
    }
    ASSERT_LE(end, 64);
  }
}

TEST_P(EveryMotifKind, MotifLengthOutOfRangeIsAUsageError) {
  for (const std::int64_t length : {-1, 0, 7, 33}) {
    MotifTask task = task_of(GetParam(), 4096);
    task.motif_length = length;
    expect_usage_error(task, "motif length");
  }
}

TEST_P(EveryMotifKind, RecordsTooShortForTheirMotifsAreAUsageError) {
  for (const std::int64_t length : {-5, 0, 1, 10, 20}) {
    expect_usage_error(task_of(GetParam(), length), "the motifs need");
  }
}

TEST_P(EveryMotifKind, NameLeadsBackToTheKind) {
  EXPECT_EQ(value_named<MotifKind>(name_of(GetParam())), GetParam());
}

TEST(MotifSimulatorTest, UnknownKindIsAUsageErrorThatListsTheNames) {
  try {
    value_named<MotifKind>("pairs");
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("presence, order, pair"), std::string::npos);
  }
}

TEST(MotifSimulatorTest, PairClassFollowsFromBothMotifsAndFromNeitherAlone) {
  const MotifSimulator simulator(task_of(MotifKind::kPair));
  ASSERT_EQ(simulator.motifs().size(), 4U);
  std::map<std::string, int> combinations;
  for (std::int64_t i = 0; i < kRecords; ++i) {
    const SimulatedRecord record = simulator.record(i);
    ASSERT_EQ(record.planted.size(), 2U);
    const std::string combination = record.planted[0].name + record.planted[1].name;
    const bool matched = combination == "A1B1" || combination == "A2B2";
    ASSERT_EQ(record.label, matched ? 0 : 1) << combination;
    ++combinations[combination];
  }
  const std::map<std::string, int> expected{{"A1B1", kRecords / 4},
                                            {"A1B2", kRecords / 4},
                                            {"A2B1", kRecords / 4},
                                            {"A2B2", kRecords / 4}};
  EXPECT_EQ(combinations, expected);
}

TEST(MotifSimulatorTest, OrderClassIsWhichMotifComesFirst) {
  const MotifSimulator simulator(task_of(MotifKind::kOrder));
  EXPECT_EQ(simulator.class_names(), (std::vector<std::string>{"A_before_B", "B_before_A"}));
  for (std::int64_t i = 0; i < kRecords; ++i) {
    const SimulatedRecord record = simulator.record(i);
    ASSERT_EQ(record.planted.size(), 2U);
    ASSERT_EQ(record.planted[0].name, record.label == 0 ? "A" : "B");
    ASSERT_EQ(record.planted[1].name, record.label == 0 ? "B" : "A");
  }
}

TEST(MotifSimulatorTest, PresenceClassIsTheOneMotifAmongDecoys) {
  MotifTask task = task_of(MotifKind::kPresence);
  task.decoys = 3;
  const MotifSimulator simulator(task);
  EXPECT_EQ(simulator.class_names(), (std::vector<std::string>{"M1", "M2", "M3"}));
  for (std::int64_t i = 0; i < kRecords; ++i) {
    const SimulatedRecord record = simulator.record(i);
    std::multiset<std::string> names;
    for (const PlantedMotif& planted : record.planted) names.insert(planted.name);
    const std::string& own = simulator.class_names()[static_cast<std::size_t>(record.label)];
    ASSERT_EQ(names, (std::multiset<std::string>{own, "decoy1", "decoy2", "decoy3"}));
  }
}

TEST(MotifSimulatorTest, DecoysAreShuffledMotifsUnlikeAnyMotif) {
  const MotifSimulator simulator(task_of(MotifKind::kPresence));
  auto sorted = [](std::string text) {
    std::sort(text.begin(), text.end());
    return text;
  };
  std::set<std::string> compositions;
  for (const auto& [name, motif] : simulator.motifs()) compositions.insert(sorted(motif));
  for (std::int64_t i = 0; i < kRecords; ++i) {
    const SimulatedRecord record = simulator.record(i);
    for (const PlantedMotif& planted : record.planted) {
      if (planted.name.rfind("decoy", 0) != 0) continue;
      const std::string decoy = planted_bases(record, planted);
      ASSERT_EQ(compositions.count(sorted(decoy)), 1U) << decoy;
      for (const auto& [name, motif] : simulator.motifs()) {
        ASSERT_GE(hamming_distance(decoy, motif), 5);
        ASSERT_GE(hamming_distance(decoy, reverse_complement(motif)), 5);
      }
    }
  }
}

TEST(MotifSimulatorTest, PresenceWorksWithoutDecoys) {
  MotifTask task = task_of(MotifKind::kPresence, 10);
  task.decoys = 0;
  const MotifSimulator simulator(task);
  EXPECT_EQ(simulator.record(1).sequence, simulator.motifs()[1].second);
}

TEST(MotifSimulatorTest, GapIsAQuarterOfTheLengthUnlessGiven) {
  for (const MotifKind kind : {MotifKind::kOrder, MotifKind::kPair}) {
    for (const std::int64_t gap : {0, 150}) {
      MotifTask task = task_of(kind, 256);
      task.minimum_gap = gap;
      const std::int64_t least = gap == 0 ? 64 : gap;
      const MotifSimulator simulator(task);
      std::int64_t smallest = task.length;
      for (std::int64_t i = 0; i < kRecords; ++i) {
        const auto planted = simulator.record(i).planted;
        smallest = std::min(smallest, planted[1].start - planted[0].start);
      }
      EXPECT_GE(smallest, least);
      EXPECT_LE(smallest, least + 5) << "the whole allowed range is used";
    }
  }
}

TEST(MotifSimulatorTest, EveryAllowedPairOfPositionsIsEquallyLikely) {
  // Length 24, motifs of 8, gap 12: starts (0, 12..16), (1, 13..16), ... (4, 16).
  MotifTask task = task_of(MotifKind::kPair, 24);
  task.motif_length = 8;
  task.minimum_gap = 12;
  const MotifSimulator simulator(task);
  std::map<std::pair<std::int64_t, std::int64_t>, int> counts;
  for (std::int64_t i = 0; i < 6000; ++i) {
    const auto planted = simulator.record(i).planted;
    ++counts[{planted[0].start, planted[1].start}];
  }
  ASSERT_EQ(counts.size(), 15U);
  for (const auto& [starts, count] : counts) EXPECT_NEAR(count, 400, 100);
}

TEST(MotifSimulatorTest, EveryArrangementOfAPresenceRecordIsEquallyLikely) {
  // Length 20 and two blocks of 8 with a base between them: three bases to spare, ten arrangements.
  MotifTask task = task_of(MotifKind::kPresence, 20);
  task.motif_length = 8;
  task.decoys = 1;
  const MotifSimulator simulator(task);
  std::map<std::pair<std::int64_t, std::int64_t>, int> counts;
  int motif_first = 0;
  for (std::int64_t i = 0; i < 4000; ++i) {
    const auto planted = simulator.record(i).planted;
    ++counts[{planted[0].start, planted[1].start}];
    motif_first += planted[0].name.front() == 'M' ? 1 : 0;
  }
  ASSERT_EQ(counts.size(), 10U);
  for (const auto& [starts, count] : counts) EXPECT_NEAR(count, 400, 100);
  EXPECT_NEAR(motif_first, 2000, 160);
}

TEST(MotifSimulatorTest, TightestRecordsFitAndOneBaseLessDoesNot) {
  MotifTask pair = task_of(MotifKind::kPair, 21);
  EXPECT_EQ(MotifSimulator(pair).record(0).planted[1].start, 11);
  pair.length = 20;
  expect_usage_error(pair, "need 21 bases");

  MotifTask presence = task_of(MotifKind::kPresence, 32);
  EXPECT_EQ(MotifSimulator(presence).record(0).planted[2].start, 22);
  presence.length = 31;
  expect_usage_error(presence, "need 32 bases");
}

TEST(MotifSimulatorTest, GapOutOfRangeIsAUsageError) {
  for (const std::int64_t gap :
       {std::int64_t{-1}, std::int64_t{10}, std::int64_t{4097}, std::int64_t{1} << 62}) {
    MotifTask task = task_of(MotifKind::kOrder, 4096);
    task.minimum_gap = gap;
    expect_usage_error(task, "gap");
  }
}

TEST(MotifSimulatorTest, PresenceNumbersOutOfRangeAreUsageErrors) {
  for (const int classes : {0, 1, 17}) {
    MotifTask task = task_of(MotifKind::kPresence);
    task.classes = classes;
    expect_usage_error(task, "number of classes");
  }
  for (const int decoys : {-1, 65}) {
    MotifTask task = task_of(MotifKind::kPresence, 4096);
    task.decoys = decoys;
    expect_usage_error(task, "number of decoys");
  }
}

}  // namespace
}  // namespace paramixer
