#pragma once

#include <string>
#include <vector>

namespace paramixer {

struct ImportOptions {
  std::string weights;  ///< safetensors with the published parameter names.
  std::string output;   ///< Model file to write.
  std::string config;   ///< JSON file with the published settings; empty: the weights' metadata key
                        ///< `config`.
  std::string
      alphabet;  ///< Token order for DNA models; empty means the published one ("agctn" or "agct").
  std::vector<std::string> classes;  ///< Names in output order; empty means class_0, class_1, ...
};

/// Turns published weights into a model file. Names may carry the prefix `param.` (the reference
/// files do; their other tensors are left out). The shape of the model comes from the published
/// settings: family (genome, lra, synthetic), task, input, input_channels, vocab_size,
/// embedding_size, hidden_size, max_seq_len, n_layers, n_class, protocol, position_embedding,
/// pooling, padding_index. Throws Error for missing settings and for missing, unknown or wrongly
/// shaped tensors.
void import_weights(const ImportOptions& options);

/// Writes a model file's weights with the published names (no prefix) and the published settings as
/// metadata. Tables that the published code always creates but the model does not use are written
/// as zeros. Throws Error for a model with parts the published code does not have, naming them.
void export_weights(const std::string& model_path, const std::string& output);

}  // namespace paramixer
