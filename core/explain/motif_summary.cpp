#include "core/explain/motif_summary.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/sequence/alphabet.hpp"

namespace paramixer {
namespace {

/// Upper case with T for U; empty when a letter is ambiguous.
std::string normalised(std::string_view bases) {
  std::string kmer;
  for (const char letter : bases) {
    const std::uint8_t code = base_code(letter);
    if (code >= kAmbiguousCode) return {};
    kmer += kBaseLetters[code];
  }
  return kmer;
}

template <typename Item>
std::vector<Item> strongest(const std::unordered_map<std::string, Item>& items, std::int64_t top) {
  // Ties are ordered by name, so that equal inputs give equal tables.
  std::vector<std::pair<std::string, const Item*>> order;
  for (const auto& [name, item] : items) order.emplace_back(name, &item);
  const auto is_stronger = [](const auto& a, const auto& b) {
    const double left = std::abs(a.second->total);
    const double right = std::abs(b.second->total);
    return left != right ? left > right : a.first < b.first;
  };
  const auto count = std::min(order.size(), static_cast<std::size_t>(top));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    is_stronger);
  std::vector<Item> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(*order[i].second);
  return result;
}

}  // namespace

MotifSummary::MotifSummary(MotifSettings settings) : settings_(settings) {
  if (settings.length < 2 || settings.top < 1 || settings.peaks < 0 || settings.positions < 0) {
    throw usage_error("motifs need a length of 2 or more and at least one result");
  }
}

void MotifSummary::add(std::string_view bases, std::span<const float> contributions) {
  if (bases.size() != contributions.size()) {
    throw Error("a record of " + std::to_string(bases.size()) + " bases has " +
                std::to_string(contributions.size()) + " contributions");
  }
  const auto length = static_cast<std::size_t>(settings_.length);
  std::vector<Peak> places;
  for (std::size_t i = 0; i + length <= bases.size(); ++i) {
    std::string kmer = normalised(bases.substr(i, length));
    if (kmer.empty()) continue;
    double contribution = 0.0;
    for (std::size_t b = 0; b < length; ++b) contribution += contributions[i + b];
    MotifKmer& found = kmers_[kmer];
    if (found.count == 0) found.kmer = kmer;
    ++found.count;
    found.total += contribution;
    if (std::ssize(found.places) < settings_.positions) {
      found.places.push_back({records_, static_cast<std::int64_t>(i)});
    }
    places.push_back({static_cast<std::int64_t>(i), contribution, std::move(kmer)});
  }
  add_pairs(std::move(places));
  ++records_;
}

void MotifSummary::add_pairs(std::vector<Peak> places) {
  std::sort(places.begin(), places.end(), [](const Peak& a, const Peak& b) {
    const double left = std::abs(a.contribution);
    const double right = std::abs(b.contribution);
    return left != right ? left > right : a.position < b.position;
  });
  std::vector<Peak> peaks;
  for (const Peak& place : places) {
    if (std::ssize(peaks) == settings_.peaks) break;
    const bool overlaps = std::any_of(peaks.begin(), peaks.end(), [&](const Peak& peak) {
      return std::abs(peak.position - place.position) < settings_.length;
    });
    if (!overlaps) peaks.push_back(place);
  }
  std::sort(peaks.begin(), peaks.end(),
            [](const Peak& a, const Peak& b) { return a.position < b.position; });
  for (std::size_t a = 0; a < peaks.size(); ++a) {
    for (std::size_t b = a + 1; b < peaks.size(); ++b) {
      const std::int64_t distance = peaks[b].position - peaks[a].position;
      MotifPair& pair = pairs_[peaks[a].kmer + "," + peaks[b].kmer];
      if (pair.count == 0) {
        pair = {.first = peaks[a].kmer,
                .second = peaks[b].kmer,
                .least_distance = distance,
                .greatest_distance = distance};
      }
      ++pair.count;
      pair.total += peaks[a].contribution + peaks[b].contribution;
      pair.least_distance = std::min(pair.least_distance, distance);
      pair.greatest_distance = std::max(pair.greatest_distance, distance);
      if (std::ssize(pair.places) < settings_.positions) {
        pair.places.push_back({records_, peaks[a].position, peaks[b].position});
      }
    }
  }
}

std::vector<MotifKmer> MotifSummary::kmers() const { return strongest(kmers_, settings_.top); }
std::vector<MotifPair> MotifSummary::pairs() const { return strongest(pairs_, settings_.top); }

}  // namespace paramixer
