#include "app/services/explore/link_tiles.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace paramixer {
namespace {

/// Copies columns [first, last) of a level of every link.
LinkTile cut(const FactorPyramid& pyramids, std::int64_t level, std::int64_t first,
             std::int64_t last) {
  LinkTile tile{.columns = last - first, .links = std::ssize(pyramids)};
  tile.cells.reserve(static_cast<std::size_t>(tile.columns * tile.links));
  for (const Pyramid& pyramid : pyramids) {
    const auto& summaries = pyramid.level(level);
    tile.cells.insert(tile.cells.end(), summaries.begin() + first, summaries.begin() + last);
  }
  return tile;
}

}  // namespace

FactorPyramid make_factor_pyramid(RecordExplorer& explorer, std::int64_t factor) {
  return link_pyramids(explorer.stretch(factor, 0, explorer.length()),
                       std::int64_t{1} << kPyramidLevel);
}

std::int64_t pyramid_bytes(const RecordExplorer& explorer) {
  const std::int64_t summaries = 2 * (explorer.length() >> kPyramidLevel) + 2;
  return explorer.pattern().links() * summaries * static_cast<std::int64_t>(sizeof(Summary));
}

float largest_weight(RecordExplorer& explorer, std::int64_t factor) {
  constexpr std::int64_t kChunk = 4096;
  std::vector<float> rows(static_cast<std::size_t>(kChunk * explorer.pattern().links()));
  float largest = 0.0F;
  for (std::int64_t begin = 0; begin < explorer.length(); begin += kChunk) {
    const std::int64_t end = std::min(begin + kChunk, explorer.length());
    explorer.read(factor, begin, end, rows.data());
    const auto count = static_cast<std::size_t>((end - begin) * explorer.pattern().links());
    // A comparison with NaN, for bases without a token, is false.
    for (const float weight : std::span(rows).first(count)) {
      if (std::abs(weight) > largest) largest = std::abs(weight);
    }
  }
  return largest;
}

LinkTile make_fine_tile(RecordExplorer& explorer, const LinkTileKey& key) {
  const std::int64_t bases = LinkTile::kColumns << key.level;
  const std::int64_t begin = std::clamp<std::int64_t>(key.index * bases, 0, explorer.length());
  const std::int64_t end = std::min(begin + bases, explorer.length());
  if (begin == end) return {.links = explorer.pattern().links()};
  const auto pyramids =
      link_pyramids(explorer.stretch(key.factor, begin, end), std::int64_t{1} << key.level);
  return cut(pyramids, 0, 0, std::ssize(pyramids.front().level(0)));
}

LinkTile make_coarse_tile(const FactorPyramid& pyramid, const LinkTileKey& key) {
  if (pyramid.empty() || pyramid.front().levels() == 0) return {.links = std::ssize(pyramid)};
  const std::int64_t level = std::min(key.level - kPyramidLevel, pyramid.front().levels() - 1);
  const std::int64_t all = std::ssize(pyramid.front().level(level));
  const std::int64_t first = std::clamp<std::int64_t>(key.index * LinkTile::kColumns, 0, all);
  return cut(pyramid, level, first, std::min(first + LinkTile::kColumns, all));
}

}  // namespace paramixer
