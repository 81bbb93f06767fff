#pragma once

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

}  // namespace paramixer
