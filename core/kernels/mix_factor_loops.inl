// The inner loops of one mixing factor, written once for any vector width (see lanes.inl).
//
// Channels are cut into blocks of up to four vectors, which stay in registers while a group of
// links of a position is applied. Two positions go through the links together: they share the
// link's number and distance.

#include "core/kernels/lanes.inl"

inline const float* weight_row(const MixFactor& factor, std::int64_t position) {
  const std::int64_t row = factor.row_of != nullptr ? factor.row_of[position] : position;
  return factor.weights + row * factor.weights_pitch;
}

/// Whose weights a link uses: those of the position it starts from.
enum class WeightOwner { kSelf, kNeighbour };

/// Links that are applied together. With more, the lines of links at distances of powers of two
/// would drive each other out of the first-level cache, which keeps eight lines of the same address
/// modulo 4 KiB.
constexpr int kMostLinks = 5;
/// Positions whose sums stay in the first-level cache from one group of links to the next.
constexpr std::int64_t kChunk = 64;

/// A group of links, with distances in floats.
struct LinkGroup {
  std::int32_t link[kMostLinks];
  std::int64_t delta[kMostLinks];
  std::int64_t step[kMostLinks];  ///< delta in floats of `values`.
};

/// Adds kLinks links to `kTile` neighbouring positions, one channel block of kVectors vectors:
/// out = start + sum_k w_k values[i + delta_k].
template <WeightOwner kOwner, int kVectors, int kTile, int kLinks>
[[gnu::always_inline]] inline void gather_tile(const MixFactor& factor, const LinkGroup& group,
                                               std::int64_t position, const float* centre,
                                               const MixRows<const float>& start, float* target,
                                               std::int64_t out_pitch) {
  const std::int64_t pitch = factor.values_pitch;
  Vec sum[kTile][kVectors];
  const float* own[kTile];
  for (int t = 0; t < kTile; ++t) {
    own[t] = kOwner == WeightOwner::kSelf ? weight_row(factor, position + t) : nullptr;
    for (int v = 0; v < kVectors; ++v) sum[t][v] = load(start.first + t * start.pitch + v * kLanes);
  }
#pragma GCC unroll 5
  for (int k = 0; k < kLinks; ++k) {
    for (int t = 0; t < kTile; ++t) {
      const float* row =
          kOwner == WeightOwner::kSelf ? own[t] : weight_row(factor, position + t + group.delta[k]);
      const Vec weight = broadcast(row[group.link[k]]);
      const float* neighbour = centre + group.step[k] + t * pitch;
      for (int v = 0; v < kVectors; ++v) sum[t][v] += weight * load(neighbour + v * kLanes);
    }
  }
  for (int t = 0; t < kTile; ++t) {
    for (int v = 0; v < kVectors; ++v) store(target + t * out_pitch + v * kLanes, sum[t][v]);
  }
}

/// One group of links on positions [begin, end); the first group starts from the values, the others
/// from what is in `out`.
template <WeightOwner kOwner, int kVectors, int kLinks>
void gather_links(const MixFactor& factor, const LinkGroup& group, std::int64_t begin,
                  std::int64_t end, const MixRows<const float>& start, const MixRows<float>& out) {
  const float* centre = factor.values + begin * factor.values_pitch;
  MixRows<const float> from{start.first + begin * start.pitch, start.pitch};
  float* target = out.first + begin * out.pitch;
  std::int64_t i = begin;
  for (; i + 2 <= end; i += 2) {
    gather_tile<kOwner, kVectors, 2, kLinks>(factor, group, i, centre, from, target, out.pitch);
    centre += 2 * factor.values_pitch;
    from.first += 2 * from.pitch;
    target += 2 * out.pitch;
  }
  if (i < end) {
    gather_tile<kOwner, kVectors, 1, kLinks>(factor, group, i, centre, from, target, out.pitch);
  }
}

/// The loops of one channel block for every number of links.
template <WeightOwner kOwner, int kVectors>
using GatherLinks = void (*)(const MixFactor&, const LinkGroup&, std::int64_t, std::int64_t,
                             const MixRows<const float>&, const MixRows<float>&);

template <WeightOwner kOwner, int kVectors>
constexpr GatherLinks<kOwner, kVectors> kGatherLinks[kMostLinks + 1] = {
    gather_links<kOwner, kVectors, 0>, gather_links<kOwner, kVectors, 1>,
    gather_links<kOwner, kVectors, 2>, gather_links<kOwner, kVectors, 3>,
    gather_links<kOwner, kVectors, 4>, gather_links<kOwner, kVectors, 5>};

template <WeightOwner kOwner, int kVectors>
void gather_block(const MixFactor& whole, const LinkSegmentView& segment, std::int64_t channel,
                  const MixRows<float>& whole_out) {
  MixFactor factor = whole;
  factor.values += channel;
  const MixRows<float> out{whole_out.first + channel, whole_out.pitch};
  const std::int64_t groups =
      std::max<std::int64_t>(1, (segment.count + kMostLinks - 1) / kMostLinks);
  for (std::int64_t begin = segment.begin; begin < segment.end; begin += kChunk) {
    const std::int64_t end = std::min(begin + kChunk, segment.end);
    MixRows<const float> start{factor.values, factor.values_pitch};
    for (std::int64_t g = 0; g < groups; ++g) {
      const std::int64_t first = segment.count * g / groups;
      const std::int64_t count = segment.count * (g + 1) / groups - first;
      LinkGroup group;
      for (std::int64_t k = 0; k < count; ++k) {
        group.link[k] = segment.link[first + k];
        group.delta[k] = segment.delta[first + k];
        group.step[k] = group.delta[k] * factor.values_pitch;
      }
      kGatherLinks<kOwner, kVectors>[count](factor, group, begin, end, start, out);
      start = {out.first, out.pitch};
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
}

void forward(const MixFactor& factor, const MixRows<float>& out) {
  gather<WeightOwner::kSelf>(factor, out);
}

void backward_values(const MixFactor& factor, const MixRows<float>& out) {
  gather<WeightOwner::kNeighbour>(factor, out);
}

constexpr int kGroup = 8;  // Links whose dot products are formed and summed up together.

/// Sums of the lanes of eight vectors.
inline void horizontal_sums(const Vec (&vectors)[kGroup], float (&sums)[kGroup]) {
#if PARAMIXER_LANES >= 8 && defined(__AVX2__)
  __m256 half[kGroup];
  for (int g = 0; g < kGroup; ++g) {
#if PARAMIXER_LANES == 16
    const __m512 whole = reinterpret_cast<const __m512&>(vectors[g]);
    half[g] = _mm256_add_ps(_mm512_castps512_ps256(whole), _mm512_extractf32x8_ps(whole, 1));
#else
    half[g] = reinterpret_cast<const __m256&>(vectors[g]);
#endif
  }
  const __m256 a =
      _mm256_hadd_ps(_mm256_hadd_ps(half[0], half[1]), _mm256_hadd_ps(half[2], half[3]));
  const __m256 b =
      _mm256_hadd_ps(_mm256_hadd_ps(half[4], half[5]), _mm256_hadd_ps(half[6], half[7]));
  const __m256 low = _mm256_permute2f128_ps(a, b, 0x20);
  const __m256 high = _mm256_permute2f128_ps(a, b, 0x31);
  _mm256_storeu_ps(sums, _mm256_add_ps(low, high));
#else
  for (int g = 0; g < kGroup; ++g) {
    sums[g] = 0.0F;
    for (int lane = 0; lane < kLanes; ++lane) sums[g] += vectors[g][lane];
  }
#endif
}

/// Dot products of grad[0..E) with the rows `inputs + delta * E` of up to eight links. Missing
/// links repeat the last one.
inline void group_dots(const float* grad, const float* inputs, const std::int64_t (&delta)[kGroup],
                       std::int64_t channels, float (&dots)[kGroup]) {
  Vec sum[kGroup] = {};
  const std::int64_t whole = channels / kLanes * kLanes;
  for (std::int64_t c = 0; c < whole; c += kLanes) {
    const Vec g = load(grad + c);
    for (int k = 0; k < kGroup; ++k) sum[k] += g * load(inputs + delta[k] + c);
  }
  horizontal_sums(sum, dots);
  for (std::int64_t c = whole; c < channels; ++c) {
    for (int k = 0; k < kGroup; ++k) dots[k] += grad[c] * inputs[delta[k] + c];
  }
}

/// One group of links over a whole segment.
void weights_group(const MixFactor& factor, const LinkSegmentView& segment, std::int64_t first,
                   const MixRows<const float>& inputs, const MixRows<float>& grad) {
  const std::int64_t count = std::min<std::int64_t>(kGroup, segment.count - first);
  std::int64_t delta[kGroup];
  std::int32_t link[kGroup];
  for (std::int64_t k = 0; k < kGroup; ++k) {
    const std::int64_t source = first + std::min(k, count - 1);
    delta[k] = segment.delta[source] * inputs.pitch;
    link[k] = segment.link[source];
  }
  for (std::int64_t i = segment.begin; i < segment.end; ++i) {
    float dots[kGroup];
    group_dots(factor.values + i * factor.values_pitch, inputs.first + i * inputs.pitch, delta,
               factor.channels, dots);
    const std::int64_t row = factor.row_of != nullptr ? factor.row_of[i] : i;
    float* target = grad.first + row * grad.pitch;
    for (std::int64_t k = 0; k < count; ++k) target[link[k]] += dots[k];
  }
}

/// A full group whose link numbers follow each other from a multiple of eight: the usual case, one
/// vector addition.
void weights_aligned_group(const MixFactor& factor, const LinkSegmentView& segment,
                           std::int64_t first, const MixRows<const float>& inputs,
                           const MixRows<float>& grad) {
  const std::int64_t count = std::min<std::int64_t>(kGroup, segment.count - first);
  std::int64_t delta[kGroup];
  for (std::int64_t k = 0; k < kGroup; ++k) {
    delta[k] = segment.delta[first + std::min(k, count - 1)] * inputs.pitch;
  }
  float keep[kGroup];
  for (std::int64_t k = 0; k < kGroup; ++k) keep[k] = k < count ? 1.0F : 0.0F;
  for (std::int64_t i = segment.begin; i < segment.end; ++i) {
    float dots[kGroup];
    group_dots(factor.values + i * factor.values_pitch, inputs.first + i * inputs.pitch, delta,
               factor.channels, dots);
    const std::int64_t row = factor.row_of != nullptr ? factor.row_of[i] : i;
    float* target = grad.first + row * grad.pitch + first;
    for (int k = 0; k < kGroup; ++k) target[k] += keep[k] * dots[k];
  }
}

void backward_weights(const MixFactor& factor, const MixRows<const float>& inputs,
                      const MixRows<float>& grad) {
  for (const LinkSegmentView& segment : factor.segments) {
    for (std::int64_t first = 0; first < segment.count; first += kGroup) {
      if (segment.count == factor.links) {
        weights_aligned_group(factor, segment, first, inputs, grad);
      } else {
        weights_group(factor, segment, first, inputs, grad);
      }
    }
  }
}
