#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/services/explore/record_explorer.hpp"

namespace paramixer {

/// A piece of one factor's links at one level of detail: kColumns columns of 2^level bases each,
/// from base index x kColumns x 2^level on.
struct LinkTileKey {
  std::int64_t factor = 0;
  std::int64_t level = 0;
  std::int64_t index = 0;

  auto operator<=>(const LinkTileKey&) const = default;
};

struct LinkTile {
  static constexpr std::int64_t kColumns = 256;

  std::int64_t columns = 0;  ///< kColumns, or less at the end of the explorer.
  std::int64_t links = 0;    ///< L
  /// Row-major [links, columns]; NaN where no token begins. At level 0 every number is the weight.
  std::vector<Summary> cells{};

  const Summary& at(std::int64_t link, std::int64_t column) const {
    return cells[static_cast<std::size_t>(link * columns + column)];
  }
  std::int64_t bytes() const noexcept {
    return std::ssize(cells) * static_cast<std::int64_t>(sizeof(Summary));
  }
};

/// All coarse levels of one factor of a record: one Pyramid a link.
using FactorPyramid = std::vector<Pyramid>;

/// From this level on tiles are cut out of a pyramid; finer ones are read from the links, which
/// costs at most kColumns x 2^(kPyramidLevel - 1) positions.
inline constexpr std::int64_t kPyramidLevel = 8;

/// Costs one pass over all bases of the record; takes pyramid_bytes().
FactorPyramid make_factor_pyramid(RecordExplorer& explorer, std::int64_t factor);
std::int64_t pyramid_bytes(const RecordExplorer& explorer);

/// Largest |weight| of a factor over the whole record; 0 without any.
float largest_weight(RecordExplorer& explorer, std::int64_t factor);

/// A tile below kPyramidLevel.
LinkTile make_fine_tile(RecordExplorer& explorer, const LinkTileKey& key);
/// A tile at kPyramidLevel or above, from its factor's pyramid.
LinkTile make_coarse_tile(const FactorPyramid& pyramid, const LinkTileKey& key);

}  // namespace paramixer
