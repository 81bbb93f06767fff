// The loops of one mixing factor on packed values (packed_values.hpp), written once for any vector
// width. Included after mix_factor_loops.inl.

typedef std::uint32_t WordVec __attribute__((vector_size(PARAMIXER_LANES * sizeof(std::uint32_t))));

constexpr int kWordVectors = int{kPackedWords} / kLanes;
/// Positions that go through the links together: their sums fill the registers.
constexpr int kPackedTile = kLanes >= 8 ? 3 : 1;

inline WordVec load_words(const std::uint32_t* source) {
  WordVec words;
  __builtin_memcpy(&words, source, sizeof words);
  return words;
}

inline Vec low_channels(WordVec words) {
  words <<= 16;
  Vec channels;
  __builtin_memcpy(&channels, &words, sizeof channels);
  return channels;
}

inline Vec high_channels(WordVec words) {
  words &= 0xffff0000U;
  Vec channels;
  __builtin_memcpy(&channels, &words, sizeof channels);
  return channels;
}

/// Bits of floats whose upper half is the nearest bfloat16, ties to even. NaN stays NaN.
inline WordVec rounded_bits(Vec values) {
  WordVec bits;
  __builtin_memcpy(&bits, &values, sizeof bits);
  const WordVec rounded = bits + 0x7fffU + ((bits >> 16) & 1U);
  return values == values ? rounded : WordVec{} + 0x7fc00000U;
}

inline WordVec paired(Vec low, Vec high) {
  return (rounded_bits(low) >> 16) | (rounded_bits(high) & 0xffff0000U);
}

/// The vectors of a block of channels: first those of the words' lower halves, then the others.
struct ChannelBlock {
  Vec low[kWordVectors];
  Vec high[kWordVectors];
};

inline void store_block(const ChannelBlock& block, MixStore where, std::uint32_t* target) {
  for (int v = 0; v < kWordVectors; ++v) {
    const WordVec words = paired(block.low[v], block.high[v]);
    Vec as_floats;
    __builtin_memcpy(&as_floats, &words, sizeof as_floats);
    auto* place = reinterpret_cast<float*>(target + v * kLanes);
    if (where == MixStore::kStreamed) {
      stream(place, as_floats);
    } else {
      store(place, as_floats);
    }
  }
}

/// One block of channels before and after a factor.
struct PackedBlock {
  MixRows<const std::uint32_t> values;
  MixRows<std::uint32_t> out;
};

/// All links of kPositions neighbouring positions, one block of channels.
template <int kPositions>
[[gnu::always_inline]] inline void packed_tile(const MixFactor& factor,
                                               const LinkSegmentView& segment,
                                               const std::int64_t* step, std::int64_t position,
                                               const PackedBlock& block) {
  const auto& [values, out] = block;
  ChannelBlock sum[kPositions];
  const float* weights[kPositions];
  const std::uint32_t* centre = values.first + position * values.pitch;
  for (int t = 0; t < kPositions; ++t) {
    weights[t] = weight_row(factor, position + t);
    for (int v = 0; v < kWordVectors; ++v) {
      const WordVec words = load_words(centre + t * values.pitch + v * kLanes);
      sum[t].low[v] = low_channels(words);
      sum[t].high[v] = high_channels(words);
    }
  }
  for (std::int64_t k = 0; k < segment.count; ++k) {
    const std::uint32_t* neighbour = centre + step[k];
    for (int t = 0; t < kPositions; ++t) {
      const Vec weight = broadcast(weights[t][segment.link[k]]);
      for (int v = 0; v < kWordVectors; ++v) {
        const WordVec words = load_words(neighbour + t * values.pitch + v * kLanes);
        sum[t].low[v] += weight * low_channels(words);
        sum[t].high[v] += weight * high_channels(words);
      }
    }
  }
  for (int t = 0; t < kPositions; ++t) {
    store_block(sum[t], factor.store, out.first + (position + t) * out.pitch);
  }
}

void forward_packed(const MixFactor& factor, const MixRows<const std::uint32_t>& values,
                    const MixRows<std::uint32_t>& out) {
  std::vector<std::int64_t> step;
  for (const LinkSegmentView& segment : factor.segments) {
    step.assign(segment.delta, segment.delta + segment.count);
    for (std::int64_t& distance : step) distance *= values.pitch;
    for (std::int64_t block = 0; block < values.pitch; block += kPackedWords) {
      const PackedBlock channels{{values.first + block, values.pitch},
                                 {out.first + block, out.pitch}};
      std::int64_t i = segment.begin;
      for (; i + kPackedTile <= segment.end; i += kPackedTile) {
        packed_tile<kPackedTile>(factor, segment, step.data(), i, channels);
      }
      for (; i < segment.end; ++i) packed_tile<1>(factor, segment, step.data(), i, channels);
    }
  }
  if (factor.store == MixStore::kStreamed) end_streaming();
}

/// Rounds a range of positions.
void pack(const PositionRange& range, const MixRows<const float>& values,
          const MixRows<std::uint32_t>& words) {
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    for (std::int64_t c = 0; c < range.channels; c += kPackedChannels) {
      float channels[kPackedChannels] = {};
      std::copy_n(values.first + i * values.pitch + c,
                  std::min(kPackedChannels, range.channels - c), channels);
      ChannelBlock block;
      for (int v = 0; v < kWordVectors; ++v) {
        block.low[v] = load(channels + v * kLanes);
        block.high[v] = load(channels + kPackedWords + v * kLanes);
      }
      store_block(block, MixStore::kCached, words.first + i * words.pitch + c / 2);
    }
  }
}

void unpack(const PositionRange& range, const MixRows<const std::uint32_t>& words,
            const MixRows<float>& values) {
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    for (std::int64_t c = 0; c < range.channels; c += kPackedChannels) {
      float channels[kPackedChannels];
      for (int v = 0; v < kWordVectors; ++v) {
        const WordVec own = load_words(words.first + i * words.pitch + c / 2 + v * kLanes);
        store(channels + v * kLanes, low_channels(own));
        store(channels + kPackedWords + v * kLanes, high_channels(own));
      }
      std::copy_n(channels, std::min(kPackedChannels, range.channels - c),
                  values.first + i * values.pitch + c);
    }
  }
}
