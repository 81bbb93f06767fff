#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/explain/factor_product.hpp"
#include "core/sequence/window.hpp"

namespace paramixer {

/// Row i of the product P: the share of every input V[j] in the output at position i. One
/// transposed pass of one channel, O(N L M).
std::vector<float> receptive_field_row(FactorProduct& product, std::int64_t position,
                                       Residual residual);

/// Column j of P: the share of the input at position j in every output. One forward pass.
std::vector<float> receptive_field_column(FactorProduct& product, std::int64_t position,
                                          Residual residual);

/// The means of P over bins x bins rectangles.
struct BinnedReceptiveField {
  std::vector<std::int64_t> bounds{};  ///< [bins + 1]; bin b is positions [bounds[b], bounds[b+1]).
  std::vector<float> means{};          ///< Row-major [bins, bins]: row = output, column = input.

  std::int64_t bins() const noexcept { return static_cast<std::int64_t>(bounds.size()) - 1; }
};

inline constexpr std::int64_t kMostReceptiveFieldBins = 1024;

/// The positions to bin, as rows and as columns, and the number of bins.
struct ReceptiveFieldBins {
  std::int64_t bins = 256;
  Window positions{};
};

/// P, or a square of it along its diagonal, in at most bins x bins numbers, by sending the bins'
/// indicators through the factors, some channels at a time: O(N L M bins), memory a few dozen N.
/// Bins are as equal as whole positions allow; with at most as many positions as bins, each
/// position is a bin. `progress` (may be empty) is called with the number of bins done after every
/// group. Throws a usage Error for bins outside 1..kMostReceptiveFieldBins, Error for positions
/// that the sequence does not have, and what `progress` throws.
BinnedReceptiveField binned_receptive_field(FactorProduct& product, const ReceptiveFieldBins& bins,
                                            Residual residual,
                                            const std::function<void(std::int64_t)>& progress = {});

}  // namespace paramixer
