#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace paramixer {

struct MotifSettings {
  std::int64_t length = 8;     ///< Bases of a k-mer, 2 or more.
  std::int64_t top = 50;       ///< K-mers and pairs that are reported.
  std::int64_t peaks = 6;      ///< Strongest places of a record that may form pairs.
  std::int64_t positions = 5;  ///< Places kept as examples of each result.
};

/// Where a k-mer was seen.
struct MotifPlace {
  std::size_t record = 0;     ///< In the order of add().
  std::int64_t position = 0;  ///< 0-based first base; of the first k-mer of a pair.
  std::int64_t partner = -1;  ///< For pairs: first base of the second k-mer.
};

struct MotifKmer {
  std::string kmer;
  std::int64_t count = 0;  ///< Occurrences.
  double total = 0.0;      ///< Sum over occurrences of the contributions of their bases.
  std::vector<MotifPlace> places{};
};

struct MotifPair {
  std::string first;
  std::string second;
  std::int64_t count = 0;
  double total = 0.0;               ///< Sum over the bases of both k-mers.
  std::int64_t least_distance = 0;  ///< From start to start, over all occurrences.
  std::int64_t greatest_distance = 0;
  std::vector<MotifPlace> places{};
};

/// The evidence a model looks for: the k-mers with the highest total contribution over a set of
/// records, and the pairs of k-mers at a distance, formed among the strongest places of each record
/// (places that do not overlap). K-mers with a letter other than A, C, G, T are left out.
class MotifSummary {
 public:
  /// Throws a usage Error for settings below their minimum.
  explicit MotifSummary(MotifSettings settings);

  /// Takes a record with a contribution for every base.
  void add(std::string_view bases, std::span<const float> contributions);

  /// Largest |total| first.
  std::vector<MotifKmer> kmers() const;
  std::vector<MotifPair> pairs() const;
  std::size_t records() const noexcept { return records_; }

 private:
  struct Peak {
    std::int64_t position = 0;
    double contribution = 0.0;
    std::string kmer{};
  };

  void add_pairs(std::vector<Peak> places);

  MotifSettings settings_;
  std::size_t records_ = 0;
  std::unordered_map<std::string, MotifKmer> kmers_;
  std::unordered_map<std::string, MotifPair> pairs_;
};

}  // namespace paramixer
