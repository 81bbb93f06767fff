// The logits of a sequence depend on that sequence alone, bit for bit: not on what else is in the
// batch, where the sequence stands in it, and how many threads compute.

#include <gtest/gtest.h>

#include "models/network/device.hpp"
#include "models/network/paramixer.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::model_cases;
using test::ModelCase;
using test::random_input;
using test::random_model;
using test::with_weights_of;

constexpr std::int64_t kLongest = 192;
constexpr std::int64_t kOwn = 131;  ///< Positions of the sequence that is watched.

/// The cases at a size where loops have tails, sums have parts and threads have work.
std::vector<ModelCase> wide_cases() {
  std::vector<ModelCase> cases = model_cases();
  for (ModelCase& row : cases) {
    row.config.embedding = 21;
    row.config.hidden = 17;
    row.config.max_length = kLongest;
    row.config = validated(row.config);
  }
  return cases;
}

enum class Links { kTables, kComputed, kTablesAndBfloat16 };

std::shared_ptr<Paramixer> model_on(const Paramixer& model, Links links, int threads) {
  set_compute_threads(threads);
  auto copy = with_weights_of(model, model.config(), threads);
  if (links == Links::kTablesAndBfloat16) copy->set_storage(ValueStorage::kBfloat16);
  if (links != Links::kComputed) copy->freeze();
  return copy;
}

/// Where the watched sequence stands among others of these lengths.
struct Company {
  std::string name;
  std::vector<std::int64_t> lengths;
  std::size_t place = 0;
};

std::vector<Company> companies(const ModelConfig& config) {
  std::vector<Company> all;
  for (const std::size_t size : {1, 3, 7, 64}) {
    for (const std::size_t place : {std::size_t{0}, size / 2, size - 1}) {
      Company mixed{"mixed " + std::to_string(size) + " at " + std::to_string(place), {}, place};
      Company equal{"equal " + std::to_string(size) + " at " + std::to_string(place), {}, place};
      for (std::size_t b = 0; b < size; ++b) {
        mixed.lengths.push_back(1 + static_cast<std::int64_t>(b * 53) % kLongest);
        equal.lengths.push_back(kOwn);
      }
      all.push_back(mixed);
      if (size > 3) all.push_back(equal);
    }
  }
  if (config.length == LengthKind::kActual) all.push_back({"long neighbour", {9000, 1, 1}, 1});
  for (Company& own : all) own.lengths[own.place] = kOwn;
  return all;
}

/// `own` in the place of a sequence of the same length.
ModelInput put(const ModelInput& own, ModelInput input, std::size_t place) {
  const std::int64_t start = input.starts[place];
  const std::int64_t length = own.starts.back();
  if (own.tokens_t.defined()) input.tokens_t.narrow(0, start, length).copy_(own.tokens_t);
  if (own.real_tc.defined()) input.real_tc.narrow(0, start, length).copy_(own.real_tc);
  return input;
}

void expect_same_logits(const ModelConfig& config, Links links) {
  const auto model = random_model(config, 1);
  const torch::NoGradGuard no_gradients;
  const ModelInput own = random_input(config, {kOwn}, 2);
  const torch::Tensor expected = model_on(*model, links, 1)->forward(own)[0];
  for (const int threads : {1, 2, 3}) {
    const auto copy = model_on(*model, links, threads);
    for (const Company& company : companies(config)) {
      const ModelInput input = put(own, random_input(config, company.lengths, 3), company.place);
      const torch::Tensor logits = copy->forward(input);
      EXPECT_TRUE(torch::equal(logits[static_cast<std::int64_t>(company.place)], expected))
          << company.name << ", " << threads << " threads";
    }
  }
  set_compute_threads(1);
}

class SameLogits : public testing::TestWithParam<ModelCase> {};

TEST_P(SameLogits, WithLinksFromTables) { expect_same_logits(GetParam().config, Links::kTables); }

TEST_P(SameLogits, WithLinksComputedWhereTheyAreUsed) {
  expect_same_logits(GetParam().config, Links::kComputed);
}

TEST_P(SameLogits, WithValuesStoredAsBfloat16) {
  if (GetParam().config.position != PositionKind::kNone) GTEST_SKIP() << "float32 only";
  expect_same_logits(GetParam().config, Links::kTablesAndBfloat16);
}

INSTANTIATE_TEST_SUITE_P(Models, SameLogits, testing::ValuesIn(wide_cases()),
                         [](const auto& own) { return own.param.name; });

TEST(SameLogitsOfLargeTables, OfSequencesThatShareTheirRows) {
  ModelConfig config = test::small_config();
  config.tokens = {TokenKind::kKmer, 8, "agctn"};
  config.vocabulary = 0;
  config.embedding = 21;
  config.max_length = kLongest;
  expect_same_logits(validated(config), Links::kTables);
}

}  // namespace
}  // namespace paramixer
