#include "models/file/model_file.hpp"

#include <cstring>

#include "core/base/error.hpp"
#include "models/file/model_format.hpp"

namespace paramixer {

StoredTensor store_tensor(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.detach().to(torch::kCPU).contiguous();
  StoredTensor stored;
  stored.dtype = plain.scalar_type() == torch::kLong ? DType::kI64 : DType::kF32;
  stored.shape = plain.sizes().vec();
  stored.bytes.resize(plain.nbytes());
  std::memcpy(stored.bytes.data(), plain.const_data_ptr(), plain.nbytes());
  return stored;
}

torch::Tensor restore_tensor(const StoredTensor& stored) {
  if (stored.dtype != DType::kF32 && stored.dtype != DType::kI64) {
    throw Error(std::string("a tensor of type ") + name_of(stored.dtype) + "; expected F32 or I64");
  }
  torch::Tensor tensor =
      torch::empty(stored.shape, stored.dtype == DType::kI64 ? torch::kLong : torch::kFloat);
  std::memcpy(tensor.mutable_data_ptr(), stored.bytes.data(), stored.bytes.size());
  return tensor;
}

void assign_weights(Paramixer& model, const std::map<std::string, StoredTensor>& weights) {
  torch::NoGradGuard no_grad;
  for (auto& parameter : model.named_parameters()) {
    const auto found = weights.find(parameter.key());
    if (found == weights.end()) throw Error("the weight '" + parameter.key() + "' is missing");
    const torch::Tensor value = restore_tensor(found->second);
    if (value.sizes() != parameter.value().sizes()) {
      throw Error("the weight '" + parameter.key() + "' has another shape");
    }
    parameter.value().copy_(value);
  }
}

LoadedModel load_model(const std::string& path, std::shared_ptr<MixEngine> engine,
                       const torch::Device& device) {
  const TensorFile file = read_safetensors(path);
  LoadedModel loaded;
  loaded.card = parse_model_card(file, path);
  loaded.model = std::make_shared<Paramixer>(loaded.card.config, std::move(engine));
  assign_weights(*loaded.model, file.tensors);
  loaded.model->to(device);
  loaded.model->eval();
  return loaded;
}

void save_model(const std::string& path, const Paramixer& model, const ModelCard& card) {
  TensorFile file;
  file.metadata = model_metadata(card);
  for (const auto& parameter : model.named_parameters()) {
    file.tensors[parameter.key()] = store_tensor(parameter.value());
  }
  write_safetensors(path, file);
}

}  // namespace paramixer
