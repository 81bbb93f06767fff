#include "core/explain/link_pyramid.hpp"

#include <algorithm>

namespace paramixer {

std::vector<Pyramid> link_pyramids(const LinkStretch& stretch, std::int64_t base) {
  constexpr std::int64_t kRowsAtOnce = 4096;
  const auto links = static_cast<std::size_t>(stretch.links);
  std::vector<Pyramid> pyramids(links, Pyramid(base));
  std::vector<float> rows(static_cast<std::size_t>(kRowsAtOnce) * links);
  std::vector<float> track;
  for (std::int64_t begin = stretch.begin; begin < stretch.end; begin += kRowsAtOnce) {
    const std::int64_t end = std::min(begin + kRowsAtOnce, stretch.end);
    stretch.read(begin, end, rows.data());
    track.resize(static_cast<std::size_t>(end - begin));
    for (std::size_t k = 0; k < links; ++k) {
      for (std::size_t i = 0; i < track.size(); ++i) track[i] = rows[i * links + k];
      pyramids[k].add(track);
    }
  }
  for (Pyramid& pyramid : pyramids) pyramid.finish();
  return pyramids;
}

}  // namespace paramixer
