#include "core/explain/link_source.hpp"

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"

namespace paramixer {

FactorWeights LinkSource::whole_factor(std::int64_t factor, std::vector<float>& scratch) {
  scratch.resize(static_cast<std::size_t>(shape_.length * links()));
  read(factor, 0, shape_.length, scratch.data());
  return {scratch.data(), nullptr};
}

FoldedLinks::FoldedLinks(LinkShape shape, std::shared_ptr<const LinkTables> tables,
                         std::vector<std::int32_t> tokens)
    : LinkSource(std::move(shape)), tables_(std::move(tables)), tokens_(std::move(tokens)) {
  if (std::ssize(tokens_) != this->shape().length) {
    throw Error("links of " + std::to_string(this->shape().length) +
                " positions need a token for " + "each; there are " +
                std::to_string(tokens_.size()));
  }
  for (const std::int32_t token : tokens_) {
    if (token < 0 || token >= tables_->vocabulary) {
      throw Error("token " + std::to_string(token) + " is not in a vocabulary of " +
                  std::to_string(tables_->vocabulary));
    }
  }
}

void FoldedLinks::read(std::int64_t factor, std::int64_t begin, std::int64_t end, float* out) {
  const float* table = tables_->weights[static_cast<std::size_t>(factor)].data();
  for (std::int64_t i = begin; i < end; ++i, out += links()) {
    std::copy_n(table + tokens_[static_cast<std::size_t>(i)] * links(), links(), out);
  }
}

FactorWeights FoldedLinks::whole_factor(std::int64_t factor, std::vector<float>&) {
  return {tables_->weights[static_cast<std::size_t>(factor)].data(), tokens_.data()};
}

}  // namespace paramixer
