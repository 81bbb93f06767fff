#include "core/simulate/markov_background.hpp"

#include <cstddef>

#include "core/sequence/alphabet.hpp"

namespace paramixer {

MarkovBackground::MarkovBackground(Random& random) {
  for (auto& row : cumulative_) {
    double sum = 0.0;
    // Weights from 0.5 to 1.5 make the most likely base at most about three times as likely as the
    // least likely one.
    for (double& edge : row) edge = sum += 0.5 + random.uniform();
    for (double& edge : row) edge /= sum;
  }
}

std::string MarkovBackground::draw(std::int64_t length, Random& random) const {
  std::string sequence(static_cast<std::size_t>(length), '\0');
  std::size_t state = random.below(4);
  for (char& base : sequence) {
    base = kBaseLetters[state];
    const double point = random.uniform();
    const auto& row = cumulative_[state];
    state = 0;
    while (state < 3 && point >= row[state]) ++state;
  }
  return sequence;
}

double MarkovBackground::transition(int from, int to) const {
  const auto& row = cumulative_[static_cast<std::size_t>(from)];
  const auto column = static_cast<std::size_t>(to);
  return row[column] - (column == 0 ? 0.0 : row[column - 1]);
}

}  // namespace paramixer
