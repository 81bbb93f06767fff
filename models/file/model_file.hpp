#pragma once

#include <map>
#include <memory>
#include <string>

#include <torch/torch.h>

#include "io/tensors/safetensors.hpp"
#include "models/file/model_card.hpp"
#include "models/network/paramixer.hpp"

namespace paramixer {

/// A model with what its file says about it.
struct LoadedModel {
  std::shared_ptr<Paramixer> model;
  ModelCard card{};
};

/// Reads a model file; the model is in evaluation mode on `device`. Throws Error naming the file.
LoadedModel load_model(const std::string& path, std::shared_ptr<MixEngine> engine,
                       const torch::Device& device);

/// Writes a model file through a temporary name.
void save_model(const std::string& path, const Paramixer& model, const ModelCard& card);

/// A torch tensor as bytes of a file; moved to the CPU first. float32 and int64 only.
StoredTensor store_tensor(const torch::Tensor& tensor);
/// The reverse; owns its memory.
torch::Tensor restore_tensor(const StoredTensor& stored);

/// Copies stored weights into a model's parameters by name; shapes must agree.
void assign_weights(Paramixer& model, const std::map<std::string, StoredTensor>& weights);

}  // namespace paramixer
