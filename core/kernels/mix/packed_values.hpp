#pragma once

#include <cstdint>

#include "core/base/enum_names.hpp"

namespace paramixer {

/// How V is kept between factors. The arithmetic is float32 either way.
enum class ValueStorage {
  kFloat32,
  kBfloat16,  ///< Rounded to 8 significant bits after every factor; half the memory traffic.
};

template <>
struct EnumNames<ValueStorage> {
  static constexpr const char* kWhat = "storage of values";
  static constexpr EnumName<ValueStorage> kTable[] = {{ValueStorage::kFloat32, "float32"},
                                                      {ValueStorage::kBfloat16, "bfloat16"}};
};

/// Packed values of a position: a block of 32 channels is 16 words, and word w of it holds channel
/// w as bfloat16 in its lower half and channel w + 16 in its upper half, so that a shift or a mask
/// turns a vector of words into a vector of channels. Missing channels are zero.
constexpr std::int64_t kPackedChannels = 32;
constexpr std::int64_t kPackedWords = kPackedChannels / 2;

/// Words of a position.
constexpr std::int64_t packed_words(std::int64_t channels) {
  return (channels + kPackedChannels - 1) / kPackedChannels * kPackedWords;
}

}  // namespace paramixer
