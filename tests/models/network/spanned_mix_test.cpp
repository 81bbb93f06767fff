#include "models/network/spanned_mix.hpp"

#include <gtest/gtest.h>

#include <c10/core/CPUAllocator.h>

#include "core/base/error.hpp"
#include "models/network/fused_mix_function.hpp"
#include "models/network/mix_function.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kPositions = 600;
constexpr std::int64_t kChannels = 16;
constexpr std::int64_t kInputs = 6;
constexpr std::int64_t kHidden = 11;
constexpr std::int64_t kTableRows = 7;

/// How much of torch's CPU memory is in use, and how much there has been at most.
class CountingAllocator final : public c10::Allocator {
 public:
  CountingAllocator() : own_(c10::GetCPUAllocator()) { c10::SetCPUAllocator(this, 1); }
  ~CountingAllocator() override { c10::SetCPUAllocator(own_, 1); }

  c10::DataPtr allocate(std::size_t bytes) override {
    auto* const block = new Block{own_->allocate(bytes), bytes};
    live_ += static_cast<std::int64_t>(bytes);
    peak_ = std::max(peak_, live_);
    return {block->memory.get(), block, &release, c10::Device(c10::DeviceType::CPU)};
  }
  void copy_data(void* target, const void* source, std::size_t count) const override {
    default_copy_data(target, source, count);
  }

  static std::int64_t live() { return live_; }
  static std::int64_t peak() { return peak_; }
  static void restart_peak() { peak_ = live_; }

 private:
  struct Block {
    c10::DataPtr memory;
    std::size_t bytes;
  };
  static void release(void* context) {
    auto* const block = static_cast<Block*>(context);
    live_ -= static_cast<std::int64_t>(block->bytes);
    delete block;
  }

  static inline std::int64_t live_ = 0;
  static inline std::int64_t peak_ = 0;
  c10::Allocator* own_;
};

enum class Links { kFolded, kDense, kComputed };

/// One mixing operation and the leaves whose gradients it gives. Sequences of 1, 2, 97 and 500
/// positions.
struct Operation {
  Operation(Links kind, Protocol protocol, std::int64_t factors, int threads)
      : plan(c10::make_intrusive<MixPlan>(std::make_shared<MixEngine>(threads),
                                          LinkPattern(protocol, factors), Boundary::kRing,
                                          std::vector<std::int64_t>{0, 1, 3, 100, kPositions})),
        fused(std::make_shared<FusedMixEngine>(plan->engine->pool())) {
    torch::manual_seed(1);
    leaves.push_back(torch::randn({kPositions, kChannels}));
    const std::int64_t links = plan->pattern.links();
    if (kind == Links::kFolded) rows = torch::randint(kTableRows, {kPositions}, torch::kInt32);
    if (kind == Links::kComputed) leaves.push_back(torch::randn({kPositions, kInputs}));
    for (std::int64_t m = 0; m < factors; ++m) {
      if (kind == Links::kComputed) {
        networks.push_back({0.4 * torch::randn({kHidden, kInputs}), torch::randn({kHidden}),
                            0.1 * torch::randn({links, kHidden}), 0.2 * torch::randn({links})});
        for (const auto& weight : {networks.back().first, networks.back().first_bias,
                                   networks.back().second, networks.back().second_bias}) {
          leaves.push_back(weight);
        }
      } else {
        const std::int64_t count = kind == Links::kFolded ? kTableRows : kPositions;
        tables.push_back(0.2 * torch::randn({count, links}));
        leaves.push_back(tables.back());
      }
    }
    for (torch::Tensor& leaf : leaves) leaf.set_requires_grad(true);
  }

  torch::Tensor output(Recompute recompute) const {
    plan->recompute = recompute;
    return networks.empty() ? mix(plan, leaves[0], tables, rows)
                            : mix_fused(plan, fused, leaves[0], leaves[1], networks);
  }

  std::vector<torch::Tensor> gradients(Recompute recompute) const {
    const torch::Tensor result = output(recompute);
    return torch::autograd::grad({(result * result).sum()}, leaves);
  }

  c10::intrusive_ptr<MixPlan> plan;
  std::shared_ptr<FusedMixEngine> fused;
  torch::Tensor rows;
  std::vector<torch::Tensor> tables;
  std::vector<LinkMlpTensors> networks;
  std::vector<torch::Tensor> leaves;
};

TEST(SpannedMix, SpansHoldTheSquareRootOfAllFactors) {
  const auto spans = [](std::int64_t factors) {
    return SpannedMix(Recompute::kFactors, factors).spans();
  };
  EXPECT_EQ(spans(0), (std::vector<FactorSpan>{{0, 0}}));
  EXPECT_EQ(spans(1), (std::vector<FactorSpan>{{0, 1}}));
  EXPECT_EQ(spans(2), (std::vector<FactorSpan>{{0, 2}}));
  EXPECT_EQ(spans(3), (std::vector<FactorSpan>{{0, 2}, {2, 1}}));
  EXPECT_EQ(spans(12), (std::vector<FactorSpan>{{0, 4}, {4, 4}, {8, 4}}));
  EXPECT_EQ(spans(14), (std::vector<FactorSpan>{{0, 4}, {4, 4}, {8, 4}, {12, 2}}));
  EXPECT_EQ(SpannedMix(Recompute::kNone, 14).spans(), (std::vector<FactorSpan>{{0, 14}}));
}

TEST(SpannedMix, RecomputingNeverTakesMoreArrays) {
  for (std::int64_t factors = 0; factors <= 30; ++factors) {
    const auto all = SpannedMix(Recompute::kNone, factors).arrays();
    const auto some = SpannedMix(Recompute::kFactors, factors).arrays();
    EXPECT_EQ(all.kept, std::max<std::int64_t>(factors - 1, 0));
    EXPECT_EQ(all.recomputed, 0);
    EXPECT_LE(some.kept + some.recomputed, all.kept) << factors;
  }
  EXPECT_EQ(SpannedMix(Recompute::kFactors, 14).arrays().kept, 3);
  EXPECT_EQ(SpannedMix(Recompute::kFactors, 14).arrays().recomputed, 3);
}

TEST(SpannedMix, GradientsAreTheSameBitForBit) {
  for (const Links kind : {Links::kFolded, Links::kDense, Links::kComputed}) {
    for (const Protocol protocol : {Protocol::kChord, Protocol::kDilated}) {
      for (const std::int64_t factors : {1, 2, 3, 5, 9}) {
        for (const int threads : {1, 3}) {
          SCOPED_TRACE(std::string(name_of(protocol)) + ", links " +
                       std::to_string(static_cast<int>(kind)) + ", factors " +
                       std::to_string(factors) + ", threads " + std::to_string(threads));
          const Operation operation(kind, protocol, factors, threads);
          EXPECT_TRUE(torch::equal(operation.output(Recompute::kFactors),
                                   operation.output(Recompute::kNone)));
          const auto expected = operation.gradients(Recompute::kNone);
          const auto actual = operation.gradients(Recompute::kFactors);
          for (std::size_t i = 0; i < expected.size(); ++i) {
            EXPECT_TRUE(torch::equal(actual[i], expected[i])) << "leaf " << i;
          }
        }
      }
    }
  }
}

TEST(SpannedMix, MemoryFollowsTheFormula) {
  const CountingAllocator allocator;
  const auto array = std::int64_t{sizeof(float)} * kPositions * kChannels;
  for (const Links kind : {Links::kFolded, Links::kComputed}) {
    for (const std::int64_t factors : {1, 2, 5, 12}) {
      const Operation operation(kind, Protocol::kDilated, factors, 2);
      std::int64_t peak_of_none = 0;
      for (const Recompute recompute : {Recompute::kNone, Recompute::kFactors}) {
        const SpannedMix::Arrays arrays = SpannedMix(recompute, factors).arrays();
        const std::int64_t before = CountingAllocator::live();
        const torch::Tensor output = operation.output(recompute);
        EXPECT_EQ(CountingAllocator::live() - before, (arrays.kept + 1) * array);
        CountingAllocator::restart_peak();
        torch::autograd::grad({output}, operation.leaves, {torch::ones_like(output)});
        const std::int64_t peak = CountingAllocator::peak() - before;
        // Beside the values there are the gradients of what goes in and comes out, and those
        // between two spans.
        if (recompute == Recompute::kNone) {
          peak_of_none = peak;
        } else {
          const SpannedMix::Arrays all = SpannedMix(Recompute::kNone, factors).arrays();
          const std::int64_t between = arrays.recomputed > 0 ? 1 : 0;
          EXPECT_EQ(peak_of_none - peak,
                    (all.kept - arrays.kept - arrays.recomputed - between) * array);
        }
      }
    }
  }
}

TEST(Recompute, NamesRoundTripAndUnknownOnesAreUsageErrors) {
  for (const Recompute value : {Recompute::kNone, Recompute::kFactors}) {
    EXPECT_EQ(value_named<Recompute>(name_of(value)), value);
  }
  EXPECT_HAS(test::message_of([] { value_named<Recompute>("all"); }), "unknown recompute 'all'");
}

}  // namespace
}  // namespace paramixer
