#include "models/predict/logit_batch.hpp"

#include <algorithm>

namespace paramixer {

LogitBatch::LogitBatch(Paramixer& model, std::int64_t size, Answer answer)
    : model_(model), size_(size), answer_(std::move(answer)) {}

void LogitBatch::append(const TokenBatch& sequence, std::size_t owner, double weight) {
  batch_.append(sequence.positions(), sequence.positions(), 0);
  std::copy(sequence.tokens.begin(), sequence.tokens.end(),
            batch_.tokens.end() - sequence.positions());
  batch_.valid.back() = sequence.valid.front();
  owners_.emplace_back(owner, weight);
  if (std::ssize(owners_) >= size_) flush();
}

void LogitBatch::flush() {
  if (owners_.empty()) return;
  const torch::NoGradGuard no_gradients;
  const torch::Tensor logits =
      model_.forward(to_model_input(batch_, torch::kCPU)).to(torch::kDouble).contiguous();
  const double* row = logits.const_data_ptr<double>();
  for (const auto& [owner, weight] : owners_) {
    answer_(owner, weight, row);
    row += logits.size(1);
  }
  batch_.clear();
  owners_.clear();
}

}  // namespace paramixer
