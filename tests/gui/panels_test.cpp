#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "app/services/explain/explain.hpp"
#include "core/base/error.hpp"
#include "gui/panel/panel_factory.hpp"
#include "tests/gui/explored_sample.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

constexpr QSize kSize(1000, 500);

/// Lines of a table that are neither comments nor its header.
std::vector<std::string> rows_of(const std::string& text) {
  std::vector<std::string> rows;
  std::istringstream stream(text);
  bool has_header = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("#")) continue;
    if (has_header) rows.push_back(line);
    has_header = true;
  }
  return rows;
}

/// What `explain` prints of the sample's first record.
std::vector<std::string> explained(ExplainOptions options) {
  const test::TempDir folder;
  options.model = test::shared_file("models/motif.safetensors");
  options.record = "motif_000000";
  options.output = folder.file("out.tsv");
  options.input.paths = {test::shared_file("samples/motif.fa")};
  explain(options);
  std::ifstream file(options.output);
  std::ostringstream text;
  text << file.rdbuf();
  return rows_of(text.str());
}

/// Rows of a panel's table once all answers are there.
std::vector<std::string> shown(test::ExploredSample& sample, const QString& panel) {
  const auto own = make_panel(panel);
  sample.picture(*own, kSize);
  return rows_of(own->data(DataFormat::kTsv, sample.scene()));
}

TEST(PanelsTest, UnknownNamesAreUsageErrorsThatListTheNames) {
  EXPECT_HAS(test::message_of([] { make_panel("arc"); }), "choose one of: heatmap, arcs, ring");
}

TEST(PanelsTest, AttributionIsWhatExplainPrints) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  sample.view().begin = 100.0;
  sample.view().end = 180.0;
  const auto rows = shown(sample, "attribution");
  EXPECT_EQ(rows,
            explained({.question = ExplainQuestion::kAttribution, .region = BaseRange{101, 180}}));
  EXPECT_EQ(rows.size(), 80U);
}

TEST(PanelsTest, ArcsAreTheStrongestLinksThatExplainPrints) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  sample.view().top_links = 25;
  ExplainOptions options{.question = ExplainQuestion::kLinks};
  options.links.choice = LinkChoice::kTopOverall;
  options.links.top = 25;
  EXPECT_EQ(shown(sample, "arcs"), explained(options));
}

TEST(PanelsTest, ReceptiveFieldOfThePinnedBaseIsWhatExplainPrints) {
  for (const ProductSide side : {ProductSide::kTranspose, ProductSide::kProduct}) {
    test::ExploredSample sample("motif", test::sample_bases(0));
    sample.view().pinned = 499;
    sample.view().side = side;
    ExplainOptions options{.question = ExplainQuestion::kReceptiveField};
    options.receptive_field.position = 500;
    options.receptive_field.side =
        side == ProductSide::kTranspose ? ReceptiveFieldSide::kRow : ReceptiveFieldSide::kColumn;
    std::vector<std::string> rows = explained(options);
    // Bases at which no token begins have no row in the panel.
    const auto own = shown(sample, "receptive-field");
    EXPECT_GE(rows.size(), own.size());
    rows.resize(own.size());
    EXPECT_EQ(own, rows);
  }
}

TEST(PanelsTest, EveryPanelSaysSomethingAboutEveryRecord) {
  // A record of one token, shorter ones, ambiguous ones and one of several windows.
  for (const std::string& bases :
       {std::string(), std::string("ACGTAC"), std::string("ACG"), std::string("A"),
        std::string(40, 'N'), std::string("acgtnacgtryacgtacgtnnnacgt"),
        test::random_bases(5001, 1)}) {
    for (const QString& name : panel_names()) {
      SCOPED_TRACE(name.toStdString() + " of " + bases.substr(0, 30));
      test::ExploredSample sample("virus_6mers", bases);
      for (const bool pinned : {false, true}) {
        if (pinned) sample.view().pinned = std::ssize(bases) / 2;
        const auto panel = make_panel(name);
        const QImage image = sample.picture(*panel, QSize(640, 300));
        bool is_empty = true;
        for (int y = 0; y < image.height(); y += 2) {
          for (int x = 0; x < image.width(); x += 2) {
            is_empty = is_empty && image.pixelColor(x, y) == sample.theme().background;
          }
        }
        EXPECT_FALSE(is_empty);
        for (int x = 3; x < 640; x += 37) {
          for (int y = 3; y < 300; y += 31)
            panel->hit(QPointF(x, y), QSizeF(640, 300), sample.scene());
        }
      }
    }
  }
}

TEST(PanelsTest, TinySizesDoNotBreakThem) {
  test::ExploredSample sample("motif", test::sample_bases(1));
  sample.view().pinned = 10;
  for (const QString& name : panel_names()) {
    const auto panel = make_panel(name);
    for (const QSize size : {QSize(1, 1), QSize(60, 20), QSize(200, 90), QSize(20, 2000)}) {
      sample.picture(*panel, size);
      panel->hit(QPointF(0.5, 0.5), size, sample.scene());
    }
  }
}

TEST(PanelsTest, ClickingAnArcNamesTheLinkAndItsTarget) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  sample.view().begin = 200.0;
  sample.view().end = 400.0;
  const auto panel = make_panel("arcs");
  sample.picture(*panel, kSize);
  std::int64_t found = 0;
  for (int y = 20; y < 430; y += 2) {
    const auto hit = panel->hit(QPointF(500.0, y), kSize, sample.scene());
    if (!hit || !hit->target) continue;
    ++found;
    ASSERT_TRUE(hit->base && hit->factor);
    EXPECT_HAS(hit->text.toStdString(), "weight");
    EXPECT_HAS(hit->text.toStdString(), "rank");
  }
  EXPECT_GT(found, 0);
}

TEST(PanelsTest, BedpeHasTwoFeaturesForALinkAroundTheSeam) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  sample.view().pinned = 0;
  // A factor whose links are shorter than the ring; longer ones go around it as a whole.
  sample.view().all_factors = false;
  sample.view().factor = 9;
  const auto panel = make_panel("ring");
  sample.picture(*panel, kSize);
  const std::string table = panel->data(DataFormat::kTsv, sample.scene());
  const std::string bedpe = panel->data(DataFormat::kBedpe, sample.scene());
  const auto count = [](const std::string& text, const std::string& part) {
    std::int64_t times = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
    return times;
  };
  EXPECT_GT(count(table, "seam"), 0);
  EXPECT_EQ(count(bedpe, ":seam"), 2 * count(table, "seam"));
  EXPECT_EQ(count(bedpe, "\n") - 1, count(table, "\n") - 2 + count(table, "seam"));
}

TEST(PanelsTest, CompareOfTwoClassesIsTheDifferenceOfTheirAttributions) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  sample.view().target_class = 0;
  sample.view().against_class = 1;
  const auto rows = shown(sample, "compare");
  ASSERT_FALSE(rows.empty());
  for (const std::string& row : rows) {
    std::istringstream fields(row);
    std::int64_t position = 0;
    std::string base;
    double first = 0.0;
    double second = 0.0;
    double difference = 0.0;
    fields >> position >> base >> first >> second >> difference;
    ASSERT_NEAR(difference, first - second, 1e-6);
  }
}

TEST(PanelsTest, CompareWithoutAnythingToCompareSaysHow) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  const auto panel = make_panel("compare");
  sample.picture(*panel, kSize);
  EXPECT_HAS(test::message_of([&] { panel->data(DataFormat::kTsv, sample.scene()); }),
             "Choose a second record");
}

}  // namespace
}  // namespace paramixer
