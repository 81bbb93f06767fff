#pragma once

#include <memory>
#include <vector>

#include <torch/torch.h>

#include "models/network/link_mlp_function.hpp"

namespace paramixer {

/// Whether any of these needs a backward pass.
inline bool needs_gradients(at::ArrayRef<torch::Tensor> tensors) {
  if (!torch::GradMode::is_enabled()) return false;
  for (const torch::Tensor& tensor : tensors) {
    if (tensor.requires_grad()) return true;
  }
  return false;
}

/// Keeps an engine alive between the forward and the backward pass.
template <typename Engine>
struct EngineHolder : torch::CustomClassHolder {
  explicit EngineHolder(std::shared_ptr<Engine> shared_engine) : engine(std::move(shared_engine)) {}
  std::shared_ptr<Engine> engine;
};

template <typename Engine>
c10::IValue hold_engine(const std::shared_ptr<Engine>& engine) {
  return c10::IValue::make_capsule(c10::make_intrusive<EngineHolder<Engine>>(engine));
}

template <typename Engine>
Engine& held_engine(const c10::IValue& holder) {
  return *static_cast<const EngineHolder<Engine>&>(*holder.toCapsule()).engine;
}

/// Networks as autograd sees them: kTensorsPerNetwork tensors of each, one network after the other.
constexpr std::size_t kTensorsPerNetwork = 4;

inline void append_flat(const std::vector<LinkMlpTensors>& networks,
                        std::vector<torch::Tensor>& tensors) {
  for (const LinkMlpTensors& network : networks) {
    tensors.insert(tensors.end(),
                   {network.first, network.first_bias, network.second, network.second_bias});
  }
}

/// The kernels' view of contiguous float32 tensors in that order.
inline std::vector<LinkMlpWeights<float>> weight_pointers(at::ArrayRef<torch::Tensor> tensors) {
  std::vector<LinkMlpWeights<float>> pointers;
  for (std::size_t i = 0; i < tensors.size(); i += kTensorsPerNetwork) {
    pointers.push_back({tensors[i].const_data_ptr<float>(), tensors[i + 1].const_data_ptr<float>(),
                        tensors[i + 2].const_data_ptr<float>(),
                        tensors[i + 3].const_data_ptr<float>()});
  }
  return pointers;
}

/// The same for tensors that receive gradients.
inline std::vector<LinkMlpGradients<float>> gradient_pointers(at::ArrayRef<torch::Tensor> tensors) {
  std::vector<LinkMlpGradients<float>> pointers;
  for (std::size_t i = 0; i < tensors.size(); i += kTensorsPerNetwork) {
    pointers.push_back(
        {tensors[i].mutable_data_ptr<float>(), tensors[i + 1].mutable_data_ptr<float>(),
         tensors[i + 2].mutable_data_ptr<float>(), tensors[i + 3].mutable_data_ptr<float>()});
  }
  return pointers;
}

}  // namespace paramixer
