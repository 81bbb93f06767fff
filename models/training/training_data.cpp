#include "models/training/training_data.hpp"

namespace paramixer {

std::vector<std::size_t> records_in_turn(const TrainingData& data, std::int64_t longest) {
  std::vector<std::vector<std::size_t>> by_class(data.classes.size());
  for (std::size_t r = 0; r < data.records.size(); ++r) {
    if (std::ssize(data.records[r].sequence) > longest) continue;
    by_class[static_cast<std::size_t>(data.records[r].label)].push_back(r);
  }
  std::vector<std::size_t> order;
  for (std::size_t round = 0;; ++round) {
    const std::size_t before = order.size();
    for (const auto& list : by_class) {
      if (round < list.size()) order.push_back(list[round]);
    }
    if (order.size() == before) return order;
  }
}

}  // namespace paramixer
