// The inner loops of one mixing factor, written once for any vector width (see lanes.inl).
//
// Channels are cut into blocks of up to four vectors, which stay in registers while a group of
// links of a position is applied. Some positions go through the links together: they share the
// link's number and distance.

#include "core/kernels/simd/lanes.inl"

/// Stores past the caches, to an address aligned to the vector. Ends with end_streaming().
inline void stream(float* target, Vec vector) {
#if PARAMIXER_LANES == 16
  _mm512_stream_ps(target, reinterpret_cast<__m512&>(vector));
#elif PARAMIXER_LANES == 8
  _mm256_stream_ps(target, reinterpret_cast<__m256&>(vector));
#else
  store(target, vector);
#endif
}

/// Makes what was streamed visible before anything stored later.
inline void end_streaming() {
#if PARAMIXER_LANES >= 8
  _mm_sfence();
#endif
}

inline const float* weight_row(const MixFactor& factor, std::int64_t position) {
  const std::int64_t row = factor.row_of != nullptr ? factor.row_of[position] : position;
  return factor.weights + row * factor.weights_pitch;
}

/// Whose weights a link uses: those of the position it starts from.
enum class WeightOwner { kSelf, kNeighbour };

/// Links that are applied together: all of a sequence of 32,768 positions, so that sums are stored
/// once.
constexpr int kMostLinks = 16;
/// Positions that are applied together: their sums fill the registers of AVX2.
constexpr int kTile = 3;
/// Positions whose sums stay in the first-level cache from one group of links to the next.
constexpr std::int64_t kChunk = 64;

/// A group of links, with distances in floats.
struct LinkGroup {
  std::int32_t link[kMostLinks];
  std::int64_t delta[kMostLinks];
  std::int64_t step[kMostLinks];  ///< delta in floats of `values`.
};

/// Neighbouring positions from `position` on, one channel block.
struct GatherTile {
  std::int64_t position;
  const float* centre;         ///< Their values.
  MixRows<const float> start;  ///< What the sums start from.
  MixRows<float> target;
};

/// Adds kLinks links to `kPositions` neighbouring positions, one channel block of kVectors vectors:
/// target = start + sum_k w_k values[i + delta_k].
template <WeightOwner kOwner, int kVectors, int kPositions, int kLinks>
[[gnu::always_inline]] inline void gather_tile(const MixFactor& factor, const LinkGroup& group,
                                               const GatherTile& tile) {
  const std::int64_t pitch = factor.values_pitch;
  const auto& [position, centre, start, target] = tile;
  Vec sum[kPositions][kVectors];
  const float* own[kPositions];
  for (int t = 0; t < kPositions; ++t) {
    own[t] = kOwner == WeightOwner::kSelf ? weight_row(factor, position + t) : nullptr;
    for (int v = 0; v < kVectors; ++v) sum[t][v] = load(start.first + t * start.pitch + v * kLanes);
  }
#pragma GCC unroll 16
  for (int k = 0; k < kLinks; ++k) {
    for (int t = 0; t < kPositions; ++t) {
      const float* row =
          kOwner == WeightOwner::kSelf ? own[t] : weight_row(factor, position + t + group.delta[k]);
      const Vec weight = broadcast(row[group.link[k]]);
      const float* neighbour = centre + group.step[k] + t * pitch;
      for (int v = 0; v < kVectors; ++v) sum[t][v] += weight * load(neighbour + v * kLanes);
    }
  }
  for (int t = 0; t < kPositions; ++t) {
    float* own_target = target.first + t * target.pitch;
    if (factor.store == MixStore::kStreamed) {
      for (int v = 0; v < kVectors; ++v) stream(own_target + v * kLanes, sum[t][v]);
    } else {
      for (int v = 0; v < kVectors; ++v) store(own_target + v * kLanes, sum[t][v]);
    }
  }
}

/// Positions [begin, end).
struct PositionSpan {
  std::int64_t begin;
  std::int64_t end;
};

/// One group of links on some positions; the first group starts from the values, the others
/// from what is in `out`.
template <WeightOwner kOwner, int kVectors, int kLinks>
void gather_links(const MixFactor& factor, const LinkGroup& group, const PositionSpan& span,
                  const MixRows<const float>& start, const MixRows<float>& out) {
  GatherTile tile{span.begin,
                  factor.values + span.begin * factor.values_pitch,
                  {start.first + span.begin * start.pitch, start.pitch},
                  {out.first + span.begin * out.pitch, out.pitch}};
  const auto advance = [&](std::int64_t positions) {
    tile.position += positions;
    tile.centre += positions * factor.values_pitch;
    tile.start.first += positions * tile.start.pitch;
    tile.target.first += positions * tile.target.pitch;
  };
  for (; tile.position + kTile <= span.end; advance(kTile)) {
    gather_tile<kOwner, kVectors, kTile, kLinks>(factor, group, tile);
  }
  for (; tile.position < span.end; advance(1)) {
    gather_tile<kOwner, kVectors, 1, kLinks>(factor, group, tile);
  }
}

/// The loops of one channel block for every number of links.
template <WeightOwner kOwner, int kVectors>
using GatherLinks = void (*)(const MixFactor&, const LinkGroup&, const PositionSpan&,
                             const MixRows<const float>&, const MixRows<float>&);

template <WeightOwner kOwner, int kVectors>
constexpr auto kGatherLinks = []<int... kLinks>(std::integer_sequence<int, kLinks...>) {
  return std::array<GatherLinks<kOwner, kVectors>, sizeof...(kLinks)>{
      gather_links<kOwner, kVectors, kLinks>...};
}
(std::make_integer_sequence<int, kMostLinks + 1>());

/// Group `index` of a segment's links, of `groups` of about equal size.
inline int make_group(const LinkSegmentView& segment, std::int64_t index, std::int64_t groups,
                      std::int64_t pitch, LinkGroup& group) {
  const std::int64_t first = segment.count * index / groups;
  const std::int64_t count = segment.count * (index + 1) / groups - first;
  for (std::int64_t k = 0; k < count; ++k) {
    group.link[k] = segment.link[first + k];
    group.delta[k] = segment.delta[first + k];
    group.step[k] = group.delta[k] * pitch;
  }
  return static_cast<int>(count);
}

/// What can be streamed: whole vectors at aligned addresses.
inline MixStore store_of(const MixFactor& factor, const MixRows<float>& out) {
  constexpr std::uintptr_t kBytes = kLanes * sizeof(float);
  const bool aligned =
      reinterpret_cast<std::uintptr_t>(out.first) % kBytes == 0 && out.pitch % kLanes == 0;
  return aligned ? factor.store : MixStore::kCached;
}

template <WeightOwner kOwner, int kVectors>
void gather_block(const MixFactor& whole, const LinkSegmentView& segment, std::int64_t channel,
                  const MixRows<float>& whole_out) {
  constexpr std::int64_t kWidth = kVectors * kLanes;
  alignas(64) float sums[kChunk * kWidth];
  MixFactor factor = whole;
  factor.values += channel;
  const MixRows<float> out{whole_out.first + channel, whole_out.pitch};
  const std::int64_t groups =
      std::max<std::int64_t>(1, (segment.count + kMostLinks - 1) / kMostLinks);
  for (std::int64_t begin = segment.begin; begin < segment.end; begin += kChunk) {
    const std::int64_t end = std::min(begin + kChunk, segment.end);
    MixRows<const float> start{factor.values, factor.values_pitch};
    for (std::int64_t g = 0; g < groups; ++g) {
      const bool last = g + 1 == groups;
      const MixRows<float> target = last ? out : MixRows<float>{sums - begin * kWidth, kWidth};
      factor.store = last ? store_of(whole, out) : MixStore::kCached;
      LinkGroup group;
      const int count = make_group(segment, g, groups, factor.values_pitch, group);
      kGatherLinks<kOwner, kVectors>[static_cast<std::size_t>(count)](factor, group, {begin, end},
                                                                      start, target);
      start = {target.first, target.pitch};
    }
  }
}

/// The channels that fill no whole vector.
template <WeightOwner kOwner>
void gather_scalar(const MixFactor& factor, const LinkSegmentView& segment, std::int64_t channel,
                   const MixRows<float>& out) {
  for (std::int64_t i = segment.begin; i < segment.end; ++i) {
    for (std::int64_t c = channel; c < factor.channels; ++c) {
      float sum = factor.values[i * factor.values_pitch + c];
      for (std::int64_t k = 0; k < segment.count; ++k) {
        const std::int64_t j = i + segment.delta[k];
        const float* row = weight_row(factor, kOwner == WeightOwner::kSelf ? i : j);
        sum += row[segment.link[k]] * factor.values[j * factor.values_pitch + c];
      }
      out.first[i * out.pitch + c] = sum;
    }
  }
}

template <WeightOwner kOwner>
void gather(const MixFactor& factor, const MixRows<float>& out) {
  for (const LinkSegmentView& segment : factor.segments) {
    std::int64_t c = 0;
    for (; c + 4 * kLanes <= factor.channels; c += 4 * kLanes) {
      gather_block<kOwner, 4>(factor, segment, c, out);
    }
    for (; c + 2 * kLanes <= factor.channels; c += 2 * kLanes) {
      gather_block<kOwner, 2>(factor, segment, c, out);
    }
    for (; c + kLanes <= factor.channels; c += kLanes) {
      gather_block<kOwner, 1>(factor, segment, c, out);
    }
    if (c < factor.channels) gather_scalar<kOwner>(factor, segment, c, out);
  }
  if (factor.store == MixStore::kStreamed) end_streaming();
}

void forward(const MixFactor& factor, const MixRows<float>& out) {
  gather<WeightOwner::kSelf>(factor, out);
}

void backward_values(const MixFactor& factor, const MixRows<float>& out) {
  gather<WeightOwner::kNeighbour>(factor, out);
}

/// Links whose dot products are formed and summed up together.
constexpr int kGroup = 4;
/// Dot products use 8 lanes at most: as many products a cycle as with 16, and half the work of
/// summing up the lanes.
constexpr int kDotLanes = kLanes < 8 ? kLanes : 8;
typedef float DotVec __attribute__((vector_size(kDotLanes * sizeof(float))));
typedef float FourSums __attribute__((vector_size(kGroup * sizeof(float))));

inline DotVec load_dot(const float* source) {
  DotVec vector;
  __builtin_memcpy(&vector, source, sizeof vector);
  return vector;
}

/// Sums of the lanes of four vectors.
inline FourSums sums_of_lanes(const DotVec (&v)[kGroup]) {
#if PARAMIXER_LANES >= 8
  const DotVec low = __builtin_shufflevector(v[0], v[1], 0, 8, 1, 9, 4, 12, 5, 13) +
                     __builtin_shufflevector(v[0], v[1], 2, 10, 3, 11, 6, 14, 7, 15);
  const DotVec high = __builtin_shufflevector(v[2], v[3], 0, 8, 1, 9, 4, 12, 5, 13) +
                      __builtin_shufflevector(v[2], v[3], 2, 10, 3, 11, 6, 14, 7, 15);
  const DotVec sums = __builtin_shufflevector(low, high, 0, 1, 8, 9, 4, 5, 12, 13) +
                      __builtin_shufflevector(low, high, 2, 3, 10, 11, 6, 7, 14, 15);
  return __builtin_shufflevector(sums, sums, 0, 1, 2, 3) +
         __builtin_shufflevector(sums, sums, 4, 5, 6, 7);
#else
  const DotVec low = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5) +
                     __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
  const DotVec high = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5) +
                      __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
  return __builtin_shufflevector(low, high, 0, 1, 4, 5) +
         __builtin_shufflevector(low, high, 2, 3, 6, 7);
#endif
}

/// The links of a segment for dot products, in whole groups; the last link fills up the last group.
struct DotLinks {
  DotLinks(const LinkSegmentView& segment, std::int64_t pitch) {
    groups = (segment.count + kGroup - 1) / kGroup;
    for (std::int64_t k = 0; k < groups * kGroup; ++k) {
      step.push_back(segment.delta[std::min(k, segment.count - 1)] * pitch);
    }
  }

  std::int64_t groups = 0;
  std::vector<std::int64_t> step;  ///< Distances in floats.
};

/// Dot products of a position's channels with those that a group of links leads to. The first
/// kVectors vectors of `own` are in registers.
template <int kVectors>
[[gnu::always_inline]] inline FourSums group_dots(const DotVec (&held)[kVectors], const float* own,
                                                  const float* inputs, const std::int64_t* step,
                                                  std::int64_t channels) {
  DotVec sum[kGroup] = {};
  for (int v = 0; v < kVectors; ++v) {
    for (int k = 0; k < kGroup; ++k) sum[k] += held[v] * load_dot(inputs + step[k] + v * kDotLanes);
  }
  std::int64_t c = kVectors * kDotLanes;
  for (; c + kDotLanes <= channels; c += kDotLanes) {
    const DotVec more = load_dot(own + c);
    for (int k = 0; k < kGroup; ++k) sum[k] += more * load_dot(inputs + step[k] + c);
  }
  FourSums dots = sums_of_lanes(sum);
  for (; c < channels; ++c) {
    for (int k = 0; k < kGroup; ++k) dots[k] += own[c] * inputs[step[k] + c];
  }
  return dots;
}

template <int kVectors>
void weights_segment(const MixFactor& factor, const LinkSegmentView& segment,
                     const MixRows<const float>& inputs, const MixRows<float>& grad) {
  const DotLinks links(segment, inputs.pitch);
  // The usual case: link numbers are 0, 1, 2, ... and a row has room for whole groups.
  const bool all = segment.count == factor.links;
  for (std::int64_t i = segment.begin; i < segment.end; ++i) {
    const float* own = factor.values + i * factor.values_pitch;
    const float* centre = inputs.first + i * inputs.pitch;
    const std::int64_t row = factor.row_of != nullptr ? factor.row_of[i] : i;
    float* target = grad.first + row * grad.pitch;
    DotVec held[kVectors];
    for (int v = 0; v < kVectors; ++v) held[v] = load_dot(own + v * kDotLanes);
    for (std::int64_t g = 0; g < links.groups; ++g) {
      const std::int64_t first = g * kGroup;
      const FourSums dots =
          group_dots<kVectors>(held, own, centre, links.step.data() + first, factor.channels);
      if (all) {
        FourSums sums;
        __builtin_memcpy(&sums, target + first, sizeof sums);
        sums += dots;
        __builtin_memcpy(target + first, &sums, sizeof sums);
      } else {
        const std::int64_t count = std::min<std::int64_t>(kGroup, segment.count - first);
        for (std::int64_t k = 0; k < count; ++k) target[segment.link[first + k]] += dots[k];
      }
    }
  }
}

/// Fewer channels than fill a vector.
void weights_scalar(const MixFactor& factor, const LinkSegmentView& segment,
                    const MixRows<const float>& inputs, const MixRows<float>& grad) {
  for (std::int64_t i = segment.begin; i < segment.end; ++i) {
    const std::int64_t row = factor.row_of != nullptr ? factor.row_of[i] : i;
    for (std::int64_t k = 0; k < segment.count; ++k) {
      const float* other = inputs.first + (i + segment.delta[k]) * inputs.pitch;
      float dot = 0.0F;
      for (std::int64_t c = 0; c < factor.channels; ++c) {
        dot += factor.values[i * factor.values_pitch + c] * other[c];
      }
      grad.first[row * grad.pitch + segment.link[k]] += dot;
    }
  }
}

void backward_weights(const MixFactor& factor, const MixRows<const float>& inputs,
                      const MixRows<float>& grad) {
  for (const LinkSegmentView& segment : factor.segments) {
    if (factor.channels >= 4 * kDotLanes) {
      weights_segment<4>(factor, segment, inputs, grad);
    } else if (factor.channels >= 2 * kDotLanes) {
      weights_segment<2>(factor, segment, inputs, grad);
    } else if (factor.channels >= kDotLanes) {
      weights_segment<1>(factor, segment, inputs, grad);
    } else {
      weights_scalar(factor, segment, inputs, grad);
    }
  }
}
