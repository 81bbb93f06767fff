#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/explain/factor_product.hpp"
#include "core/explain/link_source.hpp"

namespace paramixer::test {

/// Links of one protocol, boundary and length with random weights, folded or one row per position.
struct ExplainCase {
  std::string name;
  Protocol protocol = Protocol::kChord;
  Boundary boundary = Boundary::kRing;
  std::int64_t factors = 0;
  std::int64_t length = 0;
  std::int64_t valid = 0;
  bool folded = false;
};

/// Both protocols and boundaries, lengths 1, 2, odd and powers of two, with padding and without.
std::vector<ExplainCase> explain_cases();

std::unique_ptr<LinkSource> make_source(const ExplainCase& shape);

/// I + W_m or W_m as a dense matrix, from the weights that the source gives and the definition.
std::vector<double> dense_factor(LinkSource& links, std::int64_t factor, Residual residual);

/// The product of all dense factors, row-major [N, N].
std::vector<double> dense_product(LinkSource& links, Residual residual);

}  // namespace paramixer::test
