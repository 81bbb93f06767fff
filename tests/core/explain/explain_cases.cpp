#include "tests/core/explain/explain_cases.hpp"

#include "core/base/random.hpp"

namespace paramixer::test {
namespace {

/// One row of random weights a position.
class DenseLinks final : public LinkSource {
 public:
  explicit DenseLinks(LinkShape shape) : LinkSource(std::move(shape)) {
    Random random(7);
    weights_.resize(static_cast<std::size_t>(factors() * this->shape().length * links()));
    for (float& weight : weights_) weight = static_cast<float>(0.3 * random.normal());
  }

  void read(std::int64_t factor, std::int64_t begin, std::int64_t end, float* out) override {
    const float* rows = weights_.data() + factor * shape().length * links();
    std::copy(rows + begin * links(), rows + end * links(), out);
  }

 private:
  std::vector<float> weights_;
};

constexpr std::int64_t kVocabulary = 5;

std::shared_ptr<const LinkTables> random_tables(const LinkPattern& pattern) {
  Random random(5);
  auto tables = std::make_shared<LinkTables>();
  tables->vocabulary = kVocabulary;
  tables->links = pattern.links();
  for (std::int64_t m = 0; m < pattern.factors(); ++m) {
    auto& weights = tables->weights.emplace_back();
    for (std::int64_t i = 0; i < kVocabulary * pattern.links(); ++i) {
      weights.push_back(static_cast<float>(0.3 * random.normal()));
    }
  }
  return tables;
}

}  // namespace

std::vector<ExplainCase> explain_cases() {
  std::vector<ExplainCase> cases;
  for (const Protocol protocol : {Protocol::kChord, Protocol::kDilated}) {
    for (const Boundary boundary : {Boundary::kRing, Boundary::kLinear}) {
      for (const std::int64_t length : {1, 2, 7, 16, 33}) {
        const bool folded = length % 2 == 1;
        cases.push_back({std::string(name_of(protocol)) + "_" + name_of(boundary) + "_" +
                             std::to_string(length) + (folded ? "_folded" : ""),
                         protocol, boundary, std::max<std::int64_t>(ceil_log2(length), 1), length,
                         length == 16 ? 11 : length, folded});
      }
    }
  }
  cases.push_back({"no_factors", Protocol::kChord, Boundary::kRing, 0, 6, 6, false});
  return cases;
}

std::unique_ptr<LinkSource> make_source(const ExplainCase& own) {
  LinkShape shape{LinkPattern(own.protocol, own.factors), own.boundary, own.length, own.valid};
  if (!own.folded) return std::make_unique<DenseLinks>(std::move(shape));
  Random random(3);
  std::vector<std::int32_t> tokens;
  for (std::int64_t i = 0; i < own.length; ++i) {
    tokens.push_back(static_cast<std::int32_t>(random.below(kVocabulary)));
  }
  auto tables = random_tables(shape.pattern);
  return std::make_unique<FoldedLinks>(std::move(shape), std::move(tables), std::move(tokens));
}

std::vector<double> dense_factor(LinkSource& links, std::int64_t factor, Residual residual) {
  const LinkShape& shape = links.shape();
  const std::int64_t n = shape.length;
  std::vector<double> matrix(static_cast<std::size_t>(n * n), 0.0);
  std::vector<float> row(static_cast<std::size_t>(links.links()));
  for (std::int64_t i = 0; i < n; ++i) {
    links.read(factor, i, i + 1, row.data());
    if (residual == Residual::kKeep) matrix[static_cast<std::size_t>(i * n + i)] += 1.0;
    for (std::int64_t k = 0; k < links.links(); ++k) {
      const std::int64_t j = link_target(i, shape.pattern.offset(factor, k), n, shape.boundary);
      if (j >= 0) matrix[static_cast<std::size_t>(i * n + j)] += row[static_cast<std::size_t>(k)];
    }
  }
  return matrix;
}

std::vector<double> dense_product(LinkSource& links, Residual residual) {
  const std::int64_t n = links.shape().length;
  const auto at = [n](std::int64_t i, std::int64_t j) {
    return static_cast<std::size_t>(i * n + j);
  };
  std::vector<double> product(static_cast<std::size_t>(n * n), 0.0);
  for (std::int64_t i = 0; i < n; ++i) product[at(i, i)] = 1.0;
  for (std::int64_t m = 0; m < links.factors(); ++m) {
    const auto factor = dense_factor(links, m, residual);
    std::vector<double> next(product.size(), 0.0);
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t k = 0; k < n; ++k) {
        for (std::int64_t j = 0; j < n; ++j) next[at(i, j)] += factor[at(i, k)] * product[at(k, j)];
      }
    }
    product.swap(next);
  }
  return product;
}

}  // namespace paramixer::test
