#pragma once

#include "app/services/explain/explain_cost.hpp"
#include "models/bench/model_bench.hpp"

namespace paramixer {

/// What explaining costs for the model of a benchmark, on one record as long as its sequences. The
/// model goes through a file in a folder of its own, removed at the end.
ExplainCost bench_explain_cost(const ModelBench& bench, int repeats);

}  // namespace paramixer
