#pragma once

#include <memory>
#include <string>
#include <utility>

#include "models/explain/explainer.hpp"

namespace paramixer {

/// A model loaded on first use, on the using thread. Not thread-safe: it belongs to one TaskQueue.
class LazyExplainer {
 public:
  LazyExplainer(std::string model, ExplainerOptions options)
      : model_(std::move(model)), options_(options) {}

  /// Throws Error when the model cannot be loaded.
  Explainer& get() {
    if (explainer_ == nullptr) explainer_ = std::make_unique<Explainer>(model_, options_);
    return *explainer_;
  }

 private:
  std::string model_;
  ExplainerOptions options_;
  std::unique_ptr<Explainer> explainer_;
};

}  // namespace paramixer
