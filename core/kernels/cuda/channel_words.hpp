#pragma once

#include "core/kernels/cuda/bfloat16.hpp"

namespace paramixer {

/// Adjacent channels of one position moved by one memory access: kWords 4-byte words.
template <int kWords>
struct alignas(4 * kWords) ChannelWords {
  std::uint32_t word[kWords];
};

/// Reads *place by one access of its full width. Otherwise the compiler uses narrow accesses when
/// short of registers, which conflict in the banks of shared memory.
template <int kWords>
PARAMIXER_HOST_DEVICE ChannelWords<kWords> read_words(const ChannelWords<kWords>* place) {
#if defined(__CUDA_ARCH__)
  if constexpr (kWords == 2) {
    const std::uint64_t both = *reinterpret_cast<const std::uint64_t*>(place);
    return {{static_cast<std::uint32_t>(both), static_cast<std::uint32_t>(both >> 32)}};
  }
#endif
  return *place;
}

/// Channels in one 4-byte word.
template <typename Real>
inline constexpr int kChannelsPerWord = 4 / static_cast<int>(sizeof(Real));

/// Channels that one 16-byte access moves.
template <typename Real>
inline constexpr int kWideChannels = 4 * kChannelsPerWord<Real>;

/// The channels of `words` as floats.
template <typename Real, int kWords>
PARAMIXER_HOST_DEVICE void unpack(const ChannelWords<kWords>& words,
                                  float (&channels)[kWords * kChannelsPerWord<Real>]) {
  PARAMIXER_UNROLL
  for (int w = 0; w < kWords; ++w) {
    if constexpr (sizeof(Real) == 4) {
      channels[w] = float_of_bits(words.word[w]);
    } else {
      channels[2 * w] = float_of_bits(words.word[w] << 16);
      channels[2 * w + 1] = float_of_bits(words.word[w] & 0xffff0000U);
    }
  }
}

/// The reverse, rounding to nearest even.
template <typename Real, int kWords>
PARAMIXER_HOST_DEVICE ChannelWords<kWords> pack(
    const float (&channels)[kWords * kChannelsPerWord<Real>]) {
  ChannelWords<kWords> words;
  PARAMIXER_UNROLL
  for (int w = 0; w < kWords; ++w) {
    if constexpr (sizeof(Real) == 4) {
      words.word[w] = bits_of_float(channels[w]);
    } else {
      words.word[w] = bfloat16_pair(channels[2 * w], channels[2 * w + 1]);
    }
  }
  return words;
}

/// kChannels values from `source`: whole aligned words where they fill any, else a single one.
template <int kChannels, typename Real>
PARAMIXER_HOST_DEVICE void load_channels(const Real* source, float (&channels)[kChannels]) {
  if constexpr (kChannels % kChannelsPerWord<Real> == 0) {
    constexpr int kWords = kChannels / kChannelsPerWord<Real>;
    unpack<Real, kWords>(*reinterpret_cast<const ChannelWords<kWords>*>(source), channels);
  } else {
    static_assert(kChannels == 1);
    channels[0] = to_float(*source);
  }
}

template <int kChannels, typename Real>
PARAMIXER_HOST_DEVICE void store_channels(Real* target, const float (&channels)[kChannels]) {
  if constexpr (kChannels % kChannelsPerWord<Real> == 0) {
    constexpr int kWords = kChannels / kChannelsPerWord<Real>;
    *reinterpret_cast<ChannelWords<kWords>*>(target) = pack<Real, kWords>(channels);
  } else {
    static_assert(kChannels == 1);
    *target = from_float<Real>(channels[0]);
  }
}

}  // namespace paramixer
