#include "app/services/training/recipe_choice.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <memory>

#include "app/services/training/recipe_record.hpp"
#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::TempDir;

/// Two classes of records that single words tell apart: rich in A and T, or in C and G.
TrainingData by_composition(std::uint64_t seed) {
  Random random(seed);
  TrainingData data{.classes = {"at", "cg"}, .records = {}};
  for (std::int32_t r = 0; r < 40; ++r) {
    const std::int32_t label = r % 2;
    std::string bases(120, '\0');
    for (char& base : bases) {
      const bool usual = random.chance(0.8);
      base = (label == 0) == usual ? "AT"[random.below(2)] : "CG"[random.below(2)];
    }
    data.records.push_back({"r" + std::to_string(r), bases, label});
  }
  return data;
}

TrainCandidate candidate(const std::string& name, double learning_rate) {
  TrainCandidate settings{.recipe = name, .model = {}, .training = {}};
  settings.model.tokens = {TokenKind::kKmer, 2, "agctn"};
  settings.model.embedding = 4;
  settings.model.hidden = 4;
  settings.model.factors = 1;
  settings.model.max_length = 256;
  settings.training.learning_rate = learning_rate;
  settings.training.steps = 2000;
  settings.training.batch_size = 8;
  settings.training.min_window = 60;
  settings.training.error_share = 0.0;
  return settings;
}

class RecipeChoiceTest : public testing::Test {
 protected:
  RecipeChoiceTest() {
    run_.train = std::make_shared<const TrainingData>(by_composition(1));
    run_.valid = std::make_shared<const TrainingData>(by_composition(2));
    run_.output = folder_.file("model.safetensors");
  }

  bool folder_is_empty() const { return std::filesystem::is_empty(folder_.file("")); }

  TempDir folder_;
  TrainRequest run_;
};

TEST_F(RecipeChoiceTest, the_candidate_that_learns_wins) {
  std::vector<std::string> lines;
  const RecipeChoice choice = choose_recipe(
      run_, {candidate("still", 1e-9), candidate("learns", 0.02), candidate("idle", 1e-9)},
      {.log = [&](const std::string& line) { lines.push_back(line); }}, {});
  EXPECT_EQ(choice.winner, 1U);
  // Three in the first round, two in the second.
  ASSERT_EQ(choice.trials.size(), 5U);
  EXPECT_EQ(lines.size(), 5U);
  EXPECT_GT(choice.trials[1].score.mean(), 0.9);
  EXPECT_EQ(choice.trials[1].recipe, "learns");
  EXPECT_TRUE(folder_is_empty());
}

TEST_F(RecipeChoiceTest, the_first_of_equals_wins) {
  EXPECT_EQ(choose_recipe(run_, {candidate("a", 0.02), candidate("b", 0.02)}, {}, {}).winner, 0U);
}

TEST_F(RecipeChoiceTest, a_single_candidate_needs_no_trial) {
  const RecipeChoice choice = choose_recipe(run_, {candidate("only", 0.02)}, {}, {});
  EXPECT_EQ(choice.winner, 0U);
  EXPECT_TRUE(choice.trials.empty());
}

TEST_F(RecipeChoiceTest, a_candidate_that_cannot_be_trained_loses) {
  TrainCandidate wrong = candidate("wrong", 0.02);
  wrong.training.crop = CropKind::kNone;
  wrong.training.grow_from = 60;  // All records have 120 bases.
  const RecipeChoice choice = choose_recipe(run_, {wrong, candidate("right", 0.02)}, {}, {});
  EXPECT_EQ(choice.winner, 1U);
  EXPECT_NE(choice.trials[0].failure, "");
}

TEST_F(RecipeChoiceTest, a_stop_request_ends_it_and_leaves_nothing) {
  std::stop_source source;
  source.request_stop();
  try {
    choose_recipe(run_, {candidate("a", 0.02), candidate("b", 0.02)}, {}, source.get_token());
    ADD_FAILURE() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInterrupted);
  }
  EXPECT_TRUE(folder_is_empty());
}

TEST(RecipeRecord, is_read_back_as_it_was_written) {
  const TempDir folder;
  const std::string output = folder.file("m.safetensors");
  save_recipe_record(output, {.winner = "words", .trials = {"one", "two"}});
  const RecipeRecord record = load_recipe_record(output);
  EXPECT_EQ(record.winner, "words");
  EXPECT_EQ(record.trials, (std::vector<std::string>{"one", "two"}));
}

TEST(RecipeRecord, a_missing_or_foreign_file_is_an_error_that_says_what_to_do) {
  const TempDir folder;
  const std::string output = folder.file("m.safetensors");
  EXPECT_NE(message_of([&] { load_recipe_record(output); }).find("without --resume"),
            std::string::npos);
  test::write_file(recipe_record_path_of(output), "something else\n");
  EXPECT_NE(message_of([&] { load_recipe_record(output); }).find("is not the recipe"),
            std::string::npos);
}

}  // namespace
}  // namespace paramixer
