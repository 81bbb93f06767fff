// The inner loops of one mixing factor, written once for any vector width (see lanes.inl).
//
// Channels are cut into blocks of up to four vectors, which stay in registers while all links of a
// position are applied. Two positions go through the links together: they share the link's number
// and distance.

#include "core/kernels/lanes.inl"

inline const float* weight_row(const MixFactor& factor, std::int64_t position) {
  const std::int64_t row = factor.row_of != nullptr ? factor.row_of[position] : position;
  return factor.weights + row * factor.links;
}

/// Whose weights a link uses: those of the position it starts from.
enum class WeightOwner { kSelf, kNeighbour };

/// One position (kTile = 1) or several neighbouring ones, one channel block of kVectors vectors.
template <WeightOwner kOwner, int kVectors, int kTile>
inline void gather_tile(const MixFactor& factor, const LinkSegment& segment, std::int64_t position,
                        std::int64_t channel, float* out) {
  const float* centre = factor.values + position * factor.channels + channel;
  Vec sum[kTile][kVectors];
  const float* own[kTile];
  for (int t = 0; t < kTile; ++t) {
    own[t] = kOwner == WeightOwner::kSelf ? weight_row(factor, position + t) : nullptr;
    for (int v = 0; v < kVectors; ++v) sum[t][v] = load(centre + t * factor.channels + v * kLanes);
  }
  const auto count = static_cast<std::int64_t>(segment.link.size());
  const std::int32_t* link = segment.link.data();
  const std::int64_t* delta = segment.delta.data();
  for (std::int64_t k = 0; k < count; ++k) {
    const float* neighbour = centre + delta[k] * factor.channels;
    for (int t = 0; t < kTile; ++t) {
      const float* row =
          kOwner == WeightOwner::kSelf ? own[t] : weight_row(factor, position + t + delta[k]);
      const Vec weight = broadcast(row[link[k]]);
      for (int v = 0; v < kVectors; ++v) {
        sum[t][v] += weight * load(neighbour + t * factor.channels + v * kLanes);
      }
    }
  }
  float* target = out + position * factor.channels + channel;
  for (int t = 0; t < kTile; ++t) {
    for (int v = 0; v < kVectors; ++v) store(target + t * factor.channels + v * kLanes, sum[t][v]);
  }
}

template <WeightOwner kOwner, int kVectors>
void gather_block(const MixFactor& factor, const LinkSegment& segment, std::int64_t channel,
                  float* out) {
  std::int64_t i = segment.begin;
  for (; i + 2 <= segment.end; i += 2) {
    gather_tile<kOwner, kVectors, 2>(factor, segment, i, channel, out);
  }
  if (i < segment.end) gather_tile<kOwner, kVectors, 1>(factor, segment, i, channel, out);
}

/// The channels that fill no whole vector.
template <WeightOwner kOwner>
void gather_scalar(const MixFactor& factor, const LinkSegment& segment, std::int64_t channel,
                   float* out) {
  for (std::int64_t i = segment.begin; i < segment.end; ++i) {
    for (std::int64_t c = channel; c < factor.channels; ++c) {
      float sum = factor.values[i * factor.channels + c];
      for (std::size_t k = 0; k < segment.link.size(); ++k) {
        const std::int64_t j = i + segment.delta[k];
        const float* row = weight_row(factor, kOwner == WeightOwner::kSelf ? i : j);
        sum += row[segment.link[k]] * factor.values[j * factor.channels + c];
      }
      out[i * factor.channels + c] = sum;
    }
  }
}

template <WeightOwner kOwner>
void gather(const MixFactor& factor, float* out) {
  for (const LinkSegment& segment : factor.segments) {
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

void forward(const MixFactor& factor, float* out) { gather<WeightOwner::kSelf>(factor, out); }

void backward_values(const MixFactor& factor, float* out) {
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
void weights_group(const MixFactor& factor, const LinkSegment& segment, std::size_t first,
                   const float* inputs, float* grad) {
  const std::size_t count = std::min<std::size_t>(kGroup, segment.link.size() - first);
  const std::int64_t padded = padded_links(factor.links);
  std::int64_t delta[kGroup];
  std::int32_t link[kGroup];
  for (std::size_t k = 0; k < kGroup; ++k) {
    const std::size_t source = first + std::min(k, count - 1);
    delta[k] = segment.delta[source] * factor.channels;
    link[k] = segment.link[source];
  }
  for (std::int64_t i = segment.begin; i < segment.end; ++i) {
    float dots[kGroup];
    group_dots(factor.values + i * factor.channels, inputs + i * factor.channels, delta,
               factor.channels, dots);
    const std::int64_t row = factor.row_of != nullptr ? factor.row_of[i] : i;
    float* target = grad + row * padded;
    for (std::size_t k = 0; k < count; ++k) target[link[k]] += dots[k];
  }
}

/// A full group whose link numbers follow each other from a multiple of eight: the usual case, one
/// vector addition.
void weights_aligned_group(const MixFactor& factor, const LinkSegment& segment, std::size_t first,
                           const float* inputs, float* grad) {
  const std::int64_t padded = padded_links(factor.links);
  const std::size_t count = std::min<std::size_t>(kGroup, segment.link.size() - first);
  std::int64_t delta[kGroup];
  for (std::size_t k = 0; k < kGroup; ++k) {
    delta[k] = segment.delta[first + std::min(k, count - 1)] * factor.channels;
  }
  float keep[kGroup];
  for (std::size_t k = 0; k < kGroup; ++k) keep[k] = k < count ? 1.0F : 0.0F;
  for (std::int64_t i = segment.begin; i < segment.end; ++i) {
    float dots[kGroup];
    group_dots(factor.values + i * factor.channels, inputs + i * factor.channels, delta,
               factor.channels, dots);
    const std::int64_t row = factor.row_of != nullptr ? factor.row_of[i] : i;
    float* target = grad + row * padded + static_cast<std::int64_t>(first);
    for (int k = 0; k < kGroup; ++k) target[k] += keep[k] * dots[k];
  }
}

void backward_weights(const MixFactor& factor, const float* inputs, float* grad) {
  for (const LinkSegment& segment : factor.segments) {
    const bool all_links = static_cast<std::int64_t>(segment.link.size()) == factor.links;
    for (std::size_t first = 0; first < segment.link.size(); first += kGroup) {
      if (all_links) {
        weights_aligned_group(factor, segment, first, inputs, grad);
      } else {
        weights_group(factor, segment, first, inputs, grad);
      }
    }
  }
}
