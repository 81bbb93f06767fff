#pragma once

#include <cstdint>
#include <optional>

#include "core/base/enum_names.hpp"
#include "core/explain/factor_product.hpp"

namespace paramixer {

/// The value drawn for a column of several bases.
enum class ShownSummary {
  kStrongest,     ///< The value with the largest |value|, with its sign.
  kMean,          ///< With its sign.
  kMeanAbsolute,  ///< Without a sign.
};

template <>
struct EnumNames<ShownSummary> {
  static constexpr const char* kWhat = "value of --summary";
  static constexpr EnumName<ShownSummary> kTable[] = {
      {ShownSummary::kStrongest, "strongest"},
      {ShownSummary::kMean, "mean"},
      {ShownSummary::kMeanAbsolute, "mean-absolute"}};
};

/// A colour scale for signed values; colour-blind people can distinguish all of them.
enum class PaletteName { kBlueRed, kPurpleGreen, kGrey };

template <>
struct EnumNames<PaletteName> {
  static constexpr const char* kWhat = "palette";
  static constexpr EnumName<PaletteName> kTable[] = {{PaletteName::kBlueRed, "blue-red"},
                                                     {PaletteName::kPurpleGreen, "purple-green"},
                                                     {PaletteName::kGrey, "grey"}};
};

/// The zoom and selection shared by all panels. Bases are 0-based; factors and classes too.
struct ViewState {
  double begin = 0.0;  ///< Bases [begin, end) are visible; fractions of a base are allowed.
  double end = 1.0;
  std::optional<std::int64_t> pinned{};  ///< The base shown by ring, receptive field and spread.
  std::int64_t factor = 0;               ///< The factor that arrows step through.
  bool all_factors = true;               ///< Arcs of all factors, or of `factor` only.
  std::int64_t target_class = -1;   ///< The class explained by attributions; -1: the most probable.
  std::int64_t against_class = -1;  ///< -1: the logit itself, no difference.
  Residual residual = Residual::kKeep;
  ProductSide side = ProductSide::kTranspose;  ///< Receptive field: row (transpose) or column.
  ShownSummary summary = ShownSummary::kStrongest;
  PaletteName palette = PaletteName::kBlueRed;
  double color_limit = 0.0;  ///< |weight| at full colour; 0: the largest in the record.
  std::int64_t top_links = 100;
  std::int64_t matrix_bins = 256;
  std::int64_t spread_step = -1;  ///< Factors applied so far in the animation; -1: not shown.

  bool operator==(const ViewState&) const = default;
};

}  // namespace paramixer
