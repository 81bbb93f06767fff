#pragma once

#include <cstdint>
#include <gtest/gtest.h>
#include <vector>

#include "core/kernels/cuda/bfloat16.hpp"
#include "core/kernels/cuda/warp_mma.hpp"
#include "host_block.hpp"

namespace paramixer {

/// A thread block cluster on the host: what core/kernels/cuda/device_cluster.cuh is on the device,
/// one thread after the other, and the tensor-core product of a warp element by element from the
/// operands of its lanes. As HostBlock, it cannot show a data race inside a phase.
template <typename Thread>
class HostCluster {
 public:
  HostCluster(std::int32_t blocks, std::int32_t threads, std::int64_t shared_bytes, bool backwards)
      : shared_bytes_(shared_bytes), backwards_(backwards) {
    for (std::int32_t rank = 0; rank < blocks; ++rank) {
      blocks_.emplace_back(threads, shared_bytes, backwards);
    }
  }

  unsigned char* shared(std::int32_t rank) { return block(rank).shared(); }

  template <typename Work>
  void phase(Work&& work) {
    const auto count = static_cast<std::int32_t>(blocks_.size());
    for (std::int32_t n = 0; n < count; ++n) {
      const std::int32_t rank = backwards_ ? count - 1 - n : n;
      block(rank).phase([&](std::int32_t thread, Thread& own) { work(rank, thread, own); });
    }
  }
  template <typename Work>
  void warp_phase(Work&& work) {
    phase(work);
  }
  template <typename Work>
  void lanes(Work&& work) {
    phase(work);
  }

  template <typename Work>
  void multiply(Work&& step_of) {
    for (auto& block : blocks_) {
      std::vector<MmaStep> steps;
      block.threads_in_order([&](Thread& own) {
        steps.push_back(step_of(own));
        if (steps.size() < 32) return;
        multiply_warp(steps);
        steps.clear();
      });
    }
  }

  template <typename Words>
  const Words* at(std::int32_t own_rank, std::int32_t rank, const Words* place,
                  std::uint32_t bytes) const {
    const auto offset = reinterpret_cast<const unsigned char*>(place) -
                        blocks_[index(own_rank)].shared() + static_cast<std::int64_t>(bytes);
    EXPECT_LT(index(rank), blocks_.size());
    EXPECT_GE(offset, 0);
    EXPECT_LE(offset + static_cast<std::int64_t>(sizeof(Words)), shared_bytes_);
    return reinterpret_cast<const Words*>(blocks_[index(rank)].shared() + offset);
  }
  template <int kIndex, typename Words>
  Words read(const Words* there) const {
    return there[kIndex];
  }

 private:
  static std::size_t index(std::int32_t rank) { return static_cast<std::size_t>(rank); }
  HostBlock<Thread>& block(std::int32_t rank) { return blocks_[index(rank)]; }

  /// Column `column` of the pairs that a lane's registers hold.
  static float element(std::uint32_t pair, int column) {
    return float_of_bits(column % 2 == 0 ? pair << 16 : pair & 0xffff0000U);
  }

  /// The 32 lanes' d += a b^T, by the layout that MmaStep describes.
  static void multiply_warp(const std::vector<MmaStep>& lanes) {
    float a[16][16];
    float b[8][16];
    for (int lane = 0; lane < 32; ++lane) {
      const MmaStep& step = lanes[static_cast<std::size_t>(lane)];
      const int row = lane / 4;
      for (int n = 0; n < 2; ++n) {
        const int column = lane % 4 * 2 + n;
        a[row][column] = element(step.a[0], n);
        a[row + 8][column] = element(step.a[1], n);
        a[row][column + 8] = element(step.a[2], n);
        a[row + 8][column + 8] = element(step.a[3], n);
        b[row][column] = element(step.b[0], n);
        b[row][column + 8] = element(step.b[1], n);
      }
    }
    for (int lane = 0; lane < 32; ++lane) {
      for (int n = 0; n < 4; ++n) {
        const int row = lane / 4 + n / 2 * 8;
        const int column = lane % 4 * 2 + n % 2;
        float sum = 0.0F;
        for (int k = 0; k < 16; ++k) sum += a[row][k] * b[column][k];
        lanes[static_cast<std::size_t>(lane)].sum[n] += sum;
      }
    }
  }

  std::vector<HostBlock<Thread>> blocks_;
  std::int64_t shared_bytes_;
  bool backwards_;
};

}  // namespace paramixer
