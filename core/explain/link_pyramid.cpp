#include "core/explain/link_pyramid.hpp"

#include <algorithm>

namespace paramixer {

std::vector<Pyramid> link_pyramids(LinkSource& links, std::int64_t factor, std::int64_t base) {
  constexpr std::int64_t kChunk = 4096;
  std::vector<Pyramid> pyramids(static_cast<std::size_t>(links.links()), Pyramid(base));
  std::vector<float> rows(static_cast<std::size_t>(kChunk * links.links()));
  std::vector<float> track;
  for (std::int64_t begin = 0; begin < links.shape().length; begin += kChunk) {
    const std::int64_t end = std::min(begin + kChunk, links.shape().length);
    links.read(factor, begin, end, rows.data());
    track.resize(static_cast<std::size_t>(end - begin));
    for (std::int64_t k = 0; k < links.links(); ++k) {
      for (std::size_t i = 0; i < track.size(); ++i) {
        track[i] = rows[i * static_cast<std::size_t>(links.links()) + static_cast<std::size_t>(k)];
      }
      pyramids[static_cast<std::size_t>(k)].add(track);
    }
  }
  for (Pyramid& pyramid : pyramids) pyramid.finish();
  return pyramids;
}

}  // namespace paramixer
