#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/simulate/markov_background.hpp"
#include "core/simulate/motif_finder.hpp"

namespace paramixer {

enum class MotifKind {
  kPresence,  ///< Class = which of the motifs is planted, among decoys (shuffled motifs).
  kOrder,     ///< Class = A before B, or B before A, far apart.
  kPair,      ///< Class = {A1..B1, A2..B2} against {A1..B2, A2..B1}: no single motif reveals it.
};

template <>
struct EnumNames<MotifKind> {
  static constexpr const char* kWhat = "motif task";
  static constexpr EnumName<MotifKind> kTable[] = {
      {MotifKind::kPresence, "presence"}, {MotifKind::kOrder, "order"}, {MotifKind::kPair, "pair"}};
};

/// A simulated classification task on DNA. The motifs follow from `seed` alone, so files of
/// different length or count with the same seed pose the same task. Record i depends on (seed, i,
/// length, kind) only.
struct MotifTask {
  MotifKind kind = MotifKind::kPair;
  std::int64_t length = 4096;      ///< Bases per record.
  std::int64_t motif_length = 10;  ///< Bases per motif, 8..32.
  /// Smallest distance between motif starts for order and pair, more than motif_length; 0 means
  /// length / 4, or motif_length + 1 where that is more.
  std::int64_t minimum_gap = 0;
  int classes = 2;  ///< kPresence only: number of motifs and classes, 2..16.
  int decoys = 2;   ///< kPresence only: shuffled copies of motifs planted in every record, 0..64.
  std::uint64_t seed = 1;  ///< Seed of the motifs and the Markov background.
  std::uint64_t records_seed =
      1;  ///< Seed of the records; change it for unseen records of the same task.
};

/// A planted motif, 0-based half-open, on the forward strand.
struct PlantedMotif {
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string name;  ///< "A1", "B2", "decoy1", ...
};

struct SimulatedRecord {
  std::string name;      ///< "motif_000042" style, unique and stable.
  std::string sequence;  ///< A, C, G, T.
  int label = 0;
  std::vector<PlantedMotif> planted;
};

/// Draws records of a MotifTask. The background is a first-order Markov chain; wherever a motif of
/// the task occurs in it by chance, on either strand, a base of the occurrence is redrawn, so that
/// the planted copies are the only ones. At least one base lies between two planted motifs.
/// Immutable after construction, thread-safe.
class MotifSimulator {
 public:
  /// Throws a usage Error when the motifs and the gap do not fit into the length or a number is out
  /// of range.
  explicit MotifSimulator(MotifTask task);

  const std::vector<std::string>& class_names() const noexcept { return class_names_; }
  /// Names and sequences of the motifs, in order.
  const std::vector<std::pair<std::string, std::string>>& motifs() const noexcept {
    return motifs_;
  }
  /// Record number `index` (from 0); classes alternate so that every prefix is balanced, and the
  /// four combinations of a pair task take turns.
  SimulatedRecord record(std::int64_t index) const;

 private:
  MotifTask task_;
  std::vector<std::string> class_names_;
  std::vector<std::pair<std::string, std::string>> motifs_;
  MarkovBackground background_;
  MotifFinder finder_;
};

}  // namespace paramixer
