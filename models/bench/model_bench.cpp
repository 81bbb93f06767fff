#include "models/bench/model_bench.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/base/random.hpp"
#include "models/bench/eager_paramixer.hpp"
#include "models/file/model_file.hpp"
#include "models/network/device.hpp"

namespace paramixer {
namespace {

TokenBatch random_tokens(const BenchWork& work) {
  Random random(1);
  TokenBatch batch;
  for (std::int64_t b = 0; b < work.batch; ++b) {
    for (std::int32_t& token : batch.append(work.length, work.length, 0)) {
      token = static_cast<std::int32_t>(
          random.below(static_cast<std::uint64_t>(work.config.vocabulary - 1)));
    }
  }
  return batch;
}

EagerFormulation formulation_of(BenchSubject subject) {
  if (subject == BenchSubject::kSpmm) return EagerFormulation::kSpmm;
  return subject == BenchSubject::kGather ? EagerFormulation::kGather : EagerFormulation::kRolls;
}

std::shared_ptr<Paramixer> make_model(ModelConfig config, const torch::Device& device) {
  torch::manual_seed(1);
  auto model = std::make_shared<Paramixer>(std::move(config),
                                           std::make_shared<MixEngine>(compute_threads()));
  model->to(device);
  return model;
}

double relative_difference(const torch::Tensor& ours, const torch::Tensor& other) {
  const double scale = std::max(1e-30, ours.abs().max().item<double>());
  const double difference = (ours - other).abs().max().item<double>() / scale;
  return std::isfinite(difference) ? difference : std::numeric_limits<double>::infinity();
}

}  // namespace

class ModelBench::Impl {
 public:
  Impl(BenchWork work, const std::string& device)
      : work_(std::move(work)), device_(device), model_(make_model(work_.config, device_)) {
    const TokenBatch batch = random_tokens(work_);
    input_ = to_model_input(batch, device_);
    tokens_bn_ = input_.tokens_t.to(torch::kInt64).view({work_.batch, work_.length});
    labels_b_ = torch::arange(work_.batch, torch::kInt64).remainder(work_.config.outputs());
    labels_b_ = labels_b_.to(device_);
    prepare(*model_);
    baseline_model_ = model_;
    if (rounds_baselines()) {
      baseline_model_ = make_model(work_.config, device_);
      baseline_model_->to(torch::kBFloat16);
      baseline_model_->train(trains());
    }
  }

  void run(BenchSubject subject) {
    const torch::AutoGradMode gradients(trains());
    const torch::Tensor logits_bc = subject == BenchSubject::kOurs
                                        ? model_->forward(input_)
                                        : eager(subject).forward(tokens_bn_);
    if (trains()) {
      torch::cross_entropy_loss(logits_bc, labels_b_).backward();
      model_->zero_grad();
    }
    if (device_.is_cuda()) torch::cuda::synchronize(device_.index());
  }

  double disagreement(BenchSubject subject) {
    ModelConfig config = work_.config;
    config.embedding_dropout = 0.0;
    config.value_dropout = 0.0;
    const auto plain = make_model(config, device_);
    prepare(*plain);
    const auto ours = results(*plain, BenchSubject::kOurs);
    const auto other = results(*plain, subject);
    double worst = 0.0;
    for (const auto& [name, tensor] : ours) {
      worst = std::max(worst, relative_difference(tensor, other.at(name)));
    }
    return worst;
  }

  void save(const std::string& path) const {
    ModelCard card;
    card.config = work_.config;
    card.trained_length = work_.length;
    card.strand = "forward";
    save_model(path, *model_, card);
  }

  const BenchWork& work() const { return work_; }

 private:
  bool trains() const { return work_.pass == BenchPass::kTraining; }
  /// On the CPU, LibTorch's bfloat16 would be a slower baseline.
  bool rounds_baselines() const {
    return device_.is_cuda() && work_.storage == ValueStorage::kBfloat16;
  }

  void prepare(Paramixer& model) const {
    model.train(trains());
    model.set_storage(work_.storage);
    const torch::NoGradGuard no_gradients;
    if (!trains() && work_.tables == BenchTables::kFrozen) model.freeze();
  }

  /// Made once: like the published code, it computes the targets of all links before it starts.
  EagerParamixer& eager(BenchSubject subject) {
    auto& place = eager_[subject];
    if (!place) {
      place =
          std::make_unique<EagerParamixer>(*baseline_model_, work_.length, formulation_of(subject));
    }
    return *place;
  }

  /// Logits and gradients by name.
  std::map<std::string, torch::Tensor> results(Paramixer& model, BenchSubject subject) {
    const torch::AutoGradMode gradients(trains());
    const torch::Tensor logits_bc =
        subject == BenchSubject::kOurs
            ? model.forward(input_)
            : EagerParamixer(model, work_.length, formulation_of(subject)).forward(tokens_bn_);
    std::map<std::string, torch::Tensor> results{{"logits", logits_bc.detach()}};
    if (trains()) {
      torch::cross_entropy_loss(logits_bc, labels_b_).backward();
      for (const auto& parameter : model.named_parameters()) {
        results.emplace(parameter.key(), parameter.value().grad().clone());
      }
      model.zero_grad();
    }
    return results;
  }

  BenchWork work_;
  torch::Device device_;
  std::shared_ptr<Paramixer> model_;
  std::shared_ptr<Paramixer> baseline_model_;
  std::map<BenchSubject, std::unique_ptr<EagerParamixer>> eager_;
  ModelInput input_;
  torch::Tensor tokens_bn_;
  torch::Tensor labels_b_;
};

ModelBench::ModelBench(BenchWork work, const std::string& device)
    : impl_(std::make_unique<Impl>(std::move(work), device)) {}
ModelBench::~ModelBench() = default;

const BenchWork& ModelBench::work() const noexcept { return impl_->work(); }
void ModelBench::run(BenchSubject subject) { impl_->run(subject); }
double ModelBench::disagreement(BenchSubject subject) { return impl_->disagreement(subject); }
void ModelBench::save(const std::string& path) const { impl_->save(path); }

}  // namespace paramixer
