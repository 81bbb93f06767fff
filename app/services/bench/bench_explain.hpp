#pragma once

#include "app/services/explain/explain_cost.hpp"
#include "models/bench/model_bench.hpp"

namespace paramixer {

/// Measures the cost of explanations for a benchmark's model, on one record as long as its
/// sequences. The model goes through a file in a separate folder, removed at the end.
ExplainCost bench_explain_cost(const ModelBench& bench, int repeats);

}  // namespace paramixer
