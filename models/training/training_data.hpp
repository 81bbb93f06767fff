#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace paramixer {

/// A labelled sequence in memory.
struct LabelledSequence {
  std::string name;
  std::string sequence;
  std::int32_t label = 0;
};

/// Labelled sequences of one split.
struct TrainingData {
  std::vector<std::string> classes;
  std::vector<LabelledSequence> records;
};

/// Numbers of the records of at most `longest` bases, the classes in turn, so that a cut anywhere
/// leaves the classes balanced.
std::vector<std::size_t> records_in_turn(const TrainingData& data, std::int64_t longest);

}  // namespace paramixer
