#pragma once

#include "core/kernels/cuda/link_index.hpp"

namespace paramixer {

/// How a sequence is spread over the blocks of a cluster.
struct ClusterLayout {
  std::int32_t positions;       ///< Positions per block.
  std::int32_t position_bytes;  ///< Size of a position's values.
  std::int32_t tile;            ///< Neighbouring positions whose links are followed together.
};

/// Target of a link for a tile: adjacent positions of one block, the first of which is byte() of
/// the values of block(). If the link lands nowhere, the target is the tile itself; if its targets
/// are scattered, every position finds its own.
template <ClusterLayout kLayout>
class ClusterTarget {
 public:
  PARAMIXER_HOST_DEVICE explicit ClusterTarget(std::uint32_t bits) : bits_(bits) {}

  /// Position i of the sequence.
  static PARAMIXER_HOST_DEVICE ClusterTarget at(std::int32_t i) {
    const std::int32_t block = i / kLayout.positions;
    const std::int32_t byte = (i - block * kLayout.positions) * kLayout.position_bytes;
    return ClusterTarget(static_cast<std::uint32_t>(block << kBlockShift | byte));
  }
  /// For the tile that begins at `first`, when its link lands nowhere.
  static PARAMIXER_HOST_DEVICE ClusterTarget nowhere(std::int32_t first) {
    return ClusterTarget(at(first).bits_ | kNowhere);
  }
  /// For that tile and a link of this step, as link_step() gives it.
  static PARAMIXER_HOST_DEVICE ClusterTarget of(std::int32_t first, std::int32_t step,
                                                std::int32_t length, Boundary boundary) {
    std::int32_t target = first + step;
    if (boundary == Boundary::kRing) {
      target = step_from(first, step, length, boundary);
    } else if (target >= length || target <= -kLayout.tile) {
      return nowhere(first);
    }
    const std::int32_t last = target + kLayout.tile - 1;
    const bool together =
        target >= 0 && last < length && last / kLayout.positions == target / kLayout.positions;
    return together ? at(target) : ClusterTarget(kScattered);
  }

  PARAMIXER_HOST_DEVICE std::uint32_t bits() const { return bits_; }
  PARAMIXER_HOST_DEVICE bool lands() const { return (bits_ & kNowhere) == 0; }
  PARAMIXER_HOST_DEVICE bool scattered() const { return (bits_ & kScattered) != 0; }
  PARAMIXER_HOST_DEVICE std::int32_t block() const {
    return static_cast<std::int32_t>(bits_ >> kBlockShift & 0xff);
  }
  PARAMIXER_HOST_DEVICE std::uint32_t byte() const {
    return bits_ & ((std::uint32_t{1} << kBlockShift) - 1);
  }

 private:
  static constexpr std::int32_t kBlockShift = 20;
  static constexpr std::uint32_t kNowhere = std::uint32_t{1} << 30;
  static constexpr std::uint32_t kScattered = std::uint32_t{1} << 31;

  std::uint32_t bits_;
};

}  // namespace paramixer
