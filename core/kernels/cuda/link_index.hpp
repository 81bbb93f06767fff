#pragma once

#include "core/kernels/cuda/host_device.hpp"
#include "core/links/link_pattern.hpp"

namespace paramixer {

/// Longest sequence the CUDA kernels take: position + offset stays inside 32 bits.
inline constexpr std::int64_t kMaxCudaSequence = std::int64_t{1} << 30;

/// Most factors of one call; LinkPattern has offsets for no more.
inline constexpr std::int32_t kMaxCudaFactors = 62;

/// Selects the position whose weights a link uses. kSelf gathers from targets (forward), kNeighbour
/// from sources (backward).
enum class LinkOwner { kSelf, kNeighbour };

/// Where one sequence lies in the batch.
struct SequencePlace {
  std::int64_t start;
  std::int32_t length;
};

/// The sequence that holds `position`, for starts[0..sequences] as in MixProblem.
PARAMIXER_HOST_DEVICE SequencePlace find_sequence(const std::int64_t* starts,
                                                  std::int64_t sequences, std::int64_t position) {
  std::int64_t low = 0;
  std::int64_t high = sequences;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    if (starts[middle] <= position) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return {starts[low], static_cast<std::int32_t>(starts[low + 1] - starts[low])};
}

/// `offset` as a step within a sequence of `length`: |step| < length on the ring; off it, a link
/// longer than the sequence becomes a step of its whole length, which never lands.
PARAMIXER_HOST_DEVICE std::int32_t step_within(std::int64_t offset, std::int32_t length,
                                               Boundary boundary) {
  if (offset > -length && offset < length) return static_cast<std::int32_t>(offset);
  if (boundary == Boundary::kRing) return static_cast<std::int32_t>(offset % length);
  return offset < 0 ? -length : length;
}

/// The step from a position to the other end of its link, by who owns the weight.
template <LinkOwner kOwner>
PARAMIXER_HOST_DEVICE std::int32_t link_step(std::int64_t offset, std::int32_t length,
                                             Boundary boundary) {
  return step_within(kOwner == LinkOwner::kSelf ? offset : -offset, length, boundary);
}

/// Position `step` further, or -1 when the link is dropped.
PARAMIXER_HOST_DEVICE std::int32_t step_from(std::int32_t position, std::int32_t step,
                                             std::int32_t length, Boundary boundary) {
  std::int32_t target = position + step;
  if (boundary == Boundary::kRing) {
    if (target >= length) target -= length;
    if (target < 0) target += length;
    return target;
  }
  return target >= 0 && target < length ? target : -1;
}

}  // namespace paramixer
