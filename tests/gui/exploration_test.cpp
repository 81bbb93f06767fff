#include "gui/explore/exploration.hpp"

#include <QCoreApplication>
#include <gtest/gtest.h>
#include <thread>

#include "tests/gui/explored_sample.hpp"

namespace paramixer {
namespace {

/// Asks until the answer is there or will not come.
template <class Ask>
auto answer(Exploration& record, const Ask& ask) {
  auto value = ask();
  while (value == nullptr && record.is_waiting()) {
    QCoreApplication::processEvents();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    value = ask();
  }
  return value;
}

TEST(ExplorationTest, BaseLevelTilesAreTheWeightsThatTheExplainerGives) {
  const std::string bases = test::sample_bases(0);
  test::ExploredSample sample("motif", bases);
  Exploration& record = sample.exploration();
  Explainer explainer(test::shared_file("models/motif.safetensors"), {});
  const auto source = explainer.links(bases, ExplainedStrand::kForward);
  std::vector<float> row(static_cast<std::size_t>(source->links()));
  for (const std::int64_t factor : {std::int64_t{0}, record.factors() - 1}) {
    const auto tile = answer(record, [&] { return record.tile({factor, 0, 1}); });
    ASSERT_NE(tile, nullptr);
    ASSERT_EQ(tile->links, source->links());
    for (std::int64_t column = 0; column < tile->columns; ++column) {
      const std::int64_t base = LinkTile::kColumns + column;
      if (base > record.length() - record.span()) {
        EXPECT_TRUE(std::isnan(tile->at(0, column).mean));
        continue;
      }
      source->read(factor, base, base + 1, row.data());
      for (std::int64_t k = 0; k < tile->links; ++k) {
        ASSERT_EQ(tile->at(k, column).mean, row[static_cast<std::size_t>(k)]) << base << " " << k;
      }
    }
  }
}

TEST(ExplorationTest, CoarseTilesSummariseTheFineOnes) {
  test::ExploredSample sample("virus_6mers", test::random_bases(70'001, 3));
  Exploration& record = sample.exploration();
  const auto coarse = answer(record, [&] { return record.tile({2, kPyramidLevel, 0}); });
  const auto fine = answer(record, [&] { return record.tile({2, kPyramidLevel - 1, 0}); });
  ASSERT_NE(coarse, nullptr);
  ASSERT_NE(fine, nullptr);
  for (std::int64_t c = 0; c < 10; ++c) {
    const Summary& left = fine->at(1, 2 * c);
    const Summary& right = fine->at(1, 2 * c + 1);
    EXPECT_EQ(coarse->at(1, c).least, std::min(left.least, right.least));
    EXPECT_EQ(coarse->at(1, c).greatest, std::max(left.greatest, right.greatest));
  }
}

TEST(ExplorationTest, AttributionAddsUpToTheLogit) {
  test::ExploredSample sample("motif", test::sample_bases(1));
  Exploration& record = sample.exploration();
  const auto logits = answer(record, [&] { return record.logits(); });
  const auto own = answer(record, [&] { return record.attribution({0, -1}); });
  ASSERT_NE(own, nullptr);
  double sum = own->facts.bias;
  for (const float value : own->track.values()) sum += value;
  EXPECT_NEAR(sum, logits->logits[0], 1e-3 * std::max(1.0, std::abs(logits->logits[0])));
}

TEST(ExplorationTest, ABaseWithoutATokenHasAProblemAndNoAnswer) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  Exploration& record = sample.exploration();
  const ReceptiveKey key{.base = record.length() - 1};
  EXPECT_EQ(answer(record, [&] { return record.receptive_field(key); }), nullptr);
  EXPECT_TRUE(record.problem(key).contains("no token begins")) << record.problem(key).toStdString();
}

TEST(ExplorationTest, TheReverseStrandComesInTheRecordsCoordinates) {
  const std::string bases = test::random_bases(6000, 5);
  test::ExploredSample sample("virus_6mers", bases, {.reversed = true});
  Exploration& record = sample.exploration();
  Explainer explainer(test::model_file("virus_6mers"), {});
  const Window window = record.windows()[1];
  const auto source =
      explainer.links(std::string_view(bases).substr(static_cast<std::size_t>(window.start),
                                                     static_cast<std::size_t>(window.length)),
                      ExplainedStrand::kReverse);
  const std::int64_t base = window.start + 17;
  std::vector<float> row(static_cast<std::size_t>(source->links()));
  const std::int64_t token = window.length - record.span() - 17;
  source->read(3, token, token + 1, row.data());
  const LinkTileKey key{3, 0, base / LinkTile::kColumns};
  const auto tile = answer(record, [&] { return record.tile(key); });
  for (std::size_t k = 0; k < row.size(); ++k) {
    EXPECT_EQ(tile->at(static_cast<std::int64_t>(k), base % LinkTile::kColumns).mean, row[k]);
  }
  const auto links = answer(record, [&] { return record.links_from(base); });
  ASSERT_FALSE(links->empty());
  EXPECT_EQ(links->front().source, base);
  EXPECT_EQ(links->front().target, base);
}

}  // namespace
}  // namespace paramixer
