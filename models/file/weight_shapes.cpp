#include "models/file/weight_shapes.hpp"

namespace paramixer {
namespace {

void add_linear(WeightShapes& shapes, const std::string& name, std::int64_t inputs,
                std::int64_t outputs) {
  shapes[name + ".weight"] = {outputs, inputs};
  shapes[name + ".bias"] = {outputs};
}

void add_mlp(WeightShapes& shapes, const std::string& name, const ModelConfig& config,
             std::int64_t outputs) {
  add_linear(shapes, name + ".network.0", config.embedding, config.hidden);
  add_linear(shapes, name + ".network.2", config.hidden, outputs);
}

void add_norm(WeightShapes& shapes, const std::string& name, const ModelConfig& config) {
  shapes[name + ".weight"] = {config.embedding};
  shapes[name + ".bias"] = {config.embedding};
}

}  // namespace

WeightShapes weight_shapes(const ModelConfig& config) {
  WeightShapes shapes;
  const LinkPattern pattern = config.link_pattern();
  if (config.input == InputKind::kReal) {
    add_linear(shapes, "init_linear", config.input_channels, config.embedding);
  } else {
    shapes["embedding.weight"] = {config.vocabulary, config.embedding};
  }
  if (config.position == PositionKind::kLearned) {
    shapes["apc_embedding.weight"] = {config.max_length, config.embedding};
  }
  for (std::int64_t b = 0; b < config.blocks; ++b) {
    const std::string block = "attention." + std::to_string(b);
    if (config.values_from == ValuesFrom::kNetwork) {
      add_mlp(shapes, block + ".g", config, config.embedding);
    }
    for (std::int64_t m = 0; m < pattern.factors(); ++m) {
      add_mlp(shapes, block + ".fs." + std::to_string(m), config, pattern.links());
    }
    if (config.norm == NormKind::kPre) add_norm(shapes, block + ".norm", config);
  }
  if (config.norm == NormKind::kPre) add_norm(shapes, "norm", config);
  if (config.pooling == Pooling::kAttention) add_linear(shapes, "pooling", config.embedding, 1);
  const std::int64_t features =
      config.pooling == Pooling::kFlatten ? config.max_length * config.embedding : config.embedding;
  add_linear(shapes, "final", features, config.outputs());
  return shapes;
}

WeightShapes unused_published_shapes(const ModelConfig& config) {
  WeightShapes shapes;
  if (config.position == PositionKind::kNone) {
    shapes["apc_embedding.weight"] = {config.max_length, config.embedding};
  }
  if (config.input == InputKind::kReal && config.vocabulary > 0) {
    shapes["embedding.weight"] = {config.vocabulary, config.embedding};
  }
  return shapes;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

}  // namespace paramixer
