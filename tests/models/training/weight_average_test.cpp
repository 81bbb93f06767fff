#include "models/training/weight_average.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::random_model;
using test::small_config;

torch::Tensor head_of(Paramixer& model) {
  return model.named_parameters()["final.weight"].detach().clone();
}

void set_head(Paramixer& model, double value) {
  const torch::NoGradGuard no_gradients;
  model.named_parameters()["final.weight"].fill_(value);
}

TEST(WeightAverage, follows_the_weights_with_a_decay_that_grows_to_its_limit) {
  const auto model = random_model(small_config(), 1);
  set_head(*model, 0.0);
  WeightAverage average(*model, 0.5);
  set_head(*model, 1.0);
  average.update(0);  // Decay 1/10.
  {
    const WeightAverage::InUse in_use(average);
    EXPECT_NEAR(head_of(*model).mean().item<double>(), 0.9, 1e-6);
  }
  average.update(1000);  // Decay 1/2.
  const WeightAverage::InUse in_use(average);
  EXPECT_NEAR(head_of(*model).mean().item<double>(), 0.95, 1e-6);
}

TEST(WeightAverage, gives_the_weights_back_after_use) {
  const auto model = random_model(small_config(), 1);
  WeightAverage average(*model, 0.9);
  set_head(*model, 3.0);
  const torch::Tensor before = head_of(*model);
  {
    const WeightAverage::InUse in_use(average);
    EXPECT_FALSE(torch::equal(head_of(*model), before));
  }
  EXPECT_TRUE(torch::equal(head_of(*model), before));
}

TEST(WeightAverage, without_a_decay_the_weights_themselves_are_used) {
  const auto model = random_model(small_config(), 1);
  WeightAverage average(*model, 0.0);
  set_head(*model, 3.0);
  average.update(0);
  const WeightAverage::InUse in_use(average);
  EXPECT_EQ(head_of(*model).mean().item<double>(), 3.0);
  EXPECT_TRUE(average.stored().empty());
}

TEST(WeightAverage, stored_averages_that_do_not_fit_are_errors) {
  const auto model = random_model(small_config(), 1);
  WeightAverage average(*model, 0.9);
  auto stored = average.stored();
  stored.erase("final.weight");
  EXPECT_THROW(average.restore(stored), Error);
}

}  // namespace
}  // namespace paramixer
