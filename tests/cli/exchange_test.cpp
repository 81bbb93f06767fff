#include <nlohmann/json.hpp>

#include "io/tensors/safetensors.hpp"
#include "tests/cli/program_test.hpp"

namespace paramixer::test {
namespace {

class Exchange : public ProgramTest {};

TEST_F(Exchange, import_and_export_give_the_published_weights_back) {
  make_model("m.safetensors");
  run_well("paramixer export --model m.safetensors --output w.safetensors");
  const TensorFile published =
      read_safetensors(PARAMIXER_TEST_DATA "/reference/chord_no_position.safetensors");
  const TensorFile exported = read_safetensors(file("w.safetensors"));
  int compared = 0;
  for (const auto& [name, tensor] : exported.tensors) {
    const auto original = published.tensors.find("param." + name);
    ASSERT_NE(original, published.tensors.end()) << name;
    EXPECT_EQ(tensor.shape, original->second.shape) << name;
    if (name == "apc_embedding.weight") continue;  // Unused by this model, written as zeros.
    EXPECT_TRUE(tensor.bytes == original->second.bytes) << name;
    ++compared;
  }
  EXPECT_GT(compared, 5);

  run_well("paramixer import --weights w.safetensors --output again.safetensors");
  const TensorFile first = read_safetensors(file("m.safetensors"));
  const TensorFile again = read_safetensors(file("again.safetensors"));
  EXPECT_EQ(again.metadata.at("config"), first.metadata.at("config"));
  ASSERT_EQ(again.tensors.size(), first.tensors.size());
  for (const auto& [name, tensor] : first.tensors) {
    EXPECT_TRUE(again.tensors.at(name).bytes == tensor.bytes) << name;
  }
}

TEST_F(Exchange, class_names_are_kept) {
  run_well("paramixer import --weights '" PARAMIXER_TEST_DATA
           "/reference/chord_no_position.safetensors' --output m.safetensors");
  const auto card = nlohmann::json::parse(run_well("paramixer info --model m.safetensors --json"));
  const std::size_t classes = card.at("config").at("classes").size();
  std::string names = "first";
  for (std::size_t i = 1; i < classes; ++i) names += ",c" + std::to_string(i);
  run_well("paramixer import --weights '" PARAMIXER_TEST_DATA
           "/reference/chord_no_position.safetensors' --output n.safetensors --class-names " +
           names);
  EXPECT_HAS(run_well("paramixer info --model n.safetensors"), "first, c1");
}

TEST_F(Exchange, the_file_may_be_given_without_an_option) {
  const std::string published = PARAMIXER_TEST_DATA "/reference/chord_no_position.safetensors";
  run_well("paramixer import '" + published + "' --output m.safetensors");
  run_well("paramixer export m.safetensors --output w.safetensors");
  EXPECT_HAS(run_well("paramixer info m.safetensors"), "class_0");
  const CommandResult twice =
      run("paramixer import a.safetensors --weights b.safetensors --output m.safetensors");
  EXPECT_EQ(twice.exit_code, 2);
  const CommandResult none = run("paramixer export --output w.safetensors");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_HAS(none.err, "no model file given");
}

TEST_F(Exchange, import_of_something_else_fails) {
  write("w.safetensors", "no weights");
  const CommandResult result =
      run("paramixer import --weights w.safetensors --output m.safetensors");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "paramixer: error: w.safetensors: ");
  EXPECT_FALSE(exists(file("m.safetensors")));
}

TEST_F(Exchange, info_describes_the_build) {
  EXPECT_HAS(run_well("paramixer info"), "LibTorch");
  const auto facts = nlohmann::json::parse(run_well("paramixer info --json"));
  EXPECT_TRUE(facts.contains("htslib"));
}

TEST_F(Exchange, a_full_disk_under_stdout_is_an_error) {
  EXPECT_EQ(run("paramixer info > /dev/full").exit_code, 1);
}

}  // namespace
}  // namespace paramixer::test
