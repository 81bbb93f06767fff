#include "app/services/bench/bench_explain.hpp"

#include <string>

#include "io/files/scratch_folder.hpp"

namespace paramixer {

ExplainCost bench_explain_cost(const ModelBench& bench, int repeats) {
  const auto folder = make_temporary_folder();
  const std::string model = folder->file("model.safetensors");
  bench.save(model);
  return measure_explain_cost(model, bench.work().length, repeats);
}

}  // namespace paramixer
