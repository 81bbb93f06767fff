#include "gui/panel/heatmap_panel.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

#include "app/services/explain/explain.hpp"
#include "core/base/error.hpp"
#include "gui/paint/palette.hpp"
#include "gui/panel/heatmap_layout.hpp"
#include "tests/gui/explored_sample.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

constexpr QSize kSize(1188, 640);  // A plot of 1,000 pixels.

struct PrintedLink {
  std::int64_t factor = 0;
  std::int64_t source = 0;
  std::int64_t offset = 0;
  float weight = 0.0F;
};

/// What `explain --what links` prints for a region of a sample record.
std::vector<PrintedLink> printed_links(const std::string& record, BaseRange region) {
  const test::TempDir folder;
  ExplainOptions options{.model = test::shared_file("models/motif.safetensors"),
                         .question = ExplainQuestion::kLinks,
                         .record = record,
                         .region = region,
                         .output = folder.file("links.tsv")};
  options.input.paths = {test::shared_file("samples/motif.fa")};
  explain(options);
  std::ifstream file(options.output);
  std::vector<PrintedLink> links;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#") || line.starts_with("factor")) continue;
    std::istringstream fields(line);
    PrintedLink link;
    std::int64_t target = 0;
    fields >> link.factor >> link.source >> target >> link.offset >> link.weight;
    links.push_back(link);
  }
  return links;
}

TEST(HeatmapPanelTest, PixelsAtBaseLevelAreTheWeightsThatExplainPrints) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  HeatmapPanel panel;
  sample.view().begin = 99.0;
  sample.view().end = 199.0;  // Ten pixels per base.
  const QImage image = sample.picture(panel, kSize);
  const HeatmapLayout layout(kSize, sample.scene());
  const ColorScale colors(PaletteName::kBlueRed, *sample.exploration().largest_weight(),
                          sample.theme());
  const auto links = printed_links("motif_000000", {100, 199});
  std::int64_t compared = 0;
  for (const PrintedLink& link : links) {
    const LinkPattern& pattern = sample.exploration().pattern();
    std::int64_t k = 0;
    while (pattern.offset(link.factor - 1, k) != link.offset) ++k;
    const QRectF strip = layout.strip(link.factor - 1);
    const double x = layout.scale().x(static_cast<double>(link.source - 1) + 0.5);
    const double y = strip.top() + layout.row_height() * (static_cast<double>(k) + 0.5);
    ASSERT_EQ(image.pixel(static_cast<int>(x), static_cast<int>(y)), colors.color(link.weight))
        << "factor " << link.factor << " source " << link.source << " offset " << link.offset;
    ++compared;
  }
  EXPECT_EQ(compared, 100 * 13 * 9);
}

TEST(HeatmapPanelTest, TheTooltipNamesTheLinkUnderTheMouse) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  HeatmapPanel panel;
  sample.view().begin = 99.0;
  sample.view().end = 199.0;
  sample.picture(panel, kSize);
  const HeatmapLayout layout(kSize, sample.scene());
  const auto links = printed_links("motif_000000", {121, 121});
  const PrintedLink& link = links.at(9 + 1);  // Factor 2, its second offset.
  ASSERT_EQ(link.factor, 2);
  const QRectF strip = layout.strip(1);
  const auto hit = panel.hit({layout.scale().x(120.5), strip.top() + layout.row_height() * 1.5},
                             kSize, sample.scene());
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->base, 120);
  EXPECT_EQ(hit->factor, 1);
  EXPECT_EQ(hit->target, 120 + link.offset);
  EXPECT_TRUE(hit->text.contains("factor 2")) << hit->text.toStdString();
  EXPECT_TRUE(hit->text.contains("position 121")) << hit->text.toStdString();
  EXPECT_TRUE(hit->text.contains(short_number(link.weight))) << hit->text.toStdString();
}

TEST(HeatmapPanelTest, DataAtBaseLevelAreTheLinksThatExplainPrints) {
  test::ExploredSample sample("motif", test::sample_bases(0));
  HeatmapPanel panel;
  sample.view().begin = 0.0;
  sample.view().end = 40.0;
  sample.picture(panel, kSize);
  std::istringstream lines(panel.data(DataFormat::kTsv, sample.scene()));
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, float> weights;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#") || line.starts_with("factor")) continue;
    std::istringstream fields(line);
    std::int64_t factor = 0;
    std::int64_t source = 0;
    std::int64_t target = 0;
    std::int64_t offset = 0;
    float weight = 0.0F;
    fields >> factor >> source >> target >> offset >> weight;
    weights[{factor, source, offset}] = weight;
  }
  for (const PrintedLink& link : printed_links("motif_000000", {1, 40})) {
    ASSERT_EQ(weights.at({link.factor, link.source, link.offset}), link.weight);
  }
}

TEST(HeatmapPanelTest, ALongRecordShowsGroupsOfBases) {
  test::ExploredSample sample("virus_6mers", test::random_bases(100'000, 1));
  HeatmapPanel panel;
  const QImage image = sample.picture(panel, kSize);
  const HeatmapLayout layout(kSize, sample.scene());
  EXPECT_EQ(layout.level(), 7);
  const QRectF strip = layout.strip(3);
  const auto hit = panel.hit(strip.center(), kSize, sample.scene());
  ASSERT_TRUE(hit);
  EXPECT_TRUE(hit->text.contains("greatest")) << hit->text.toStdString();
  EXPECT_NE(image.pixel(strip.center().toPoint()), sample.theme().surface.rgb());
}

TEST(HeatmapPanelTest, TinyPicturesAndTinyRecordsAreDrawn) {
  HeatmapPanel panel;
  for (const std::int64_t length : {6, 7, 20}) {
    test::ExploredSample sample("virus_6mers", test::random_bases(length, 2));
    for (const QSize size : {QSize(1, 1), QSize(60, 40), QSize(400, 160)}) {
      EXPECT_EQ(sample.picture(panel, size).size(), size);
    }
  }
}

}  // namespace
}  // namespace paramixer
