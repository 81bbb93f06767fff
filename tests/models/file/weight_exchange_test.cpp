#include "models/file/weight_exchange.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "models/file/model_file.hpp"
#include "models/file/published_settings.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::random_input;
using test::random_model;
using test::TempDir;

ModelConfig genome_config() {
  ModelConfig config = published_genome_config(16, {"a", "b", "c"});
  config.embedding = 4;
  config.hidden = 6;
  return validated(config);
}

ModelConfig real_config() {
  ModelConfig config;
  config.input = InputKind::kReal;
  config.input_channels = 2;
  config.task = TaskKind::kRegress;
  config.embedding = config.hidden = 5;
  config.max_length = 20;
  config.factors = 4;  // Rounded down, as in the published synthetic tasks.
  config.length = LengthKind::kFixed;
  config.pooling = Pooling::kCls;
  config.norm = NormKind::kNone;
  return validated(config);
}

void save(const std::string& path, const ModelConfig& config) {
  ModelCard card;
  card.config = config;
  save_model(path, *random_model(config, 1), card);
}

torch::Tensor logits_of(const std::string& path) {
  const auto loaded = load_model(path, std::make_shared<MixEngine>(1), torch::kCPU);
  const torch::NoGradGuard no_gradients;
  return loaded.model->forward(random_input(loaded.card.config, 2));
}

class WeightExchange : public testing::Test {
 protected:
  /// Message of an import of the exported genome model after a change.
  std::string import_error(const std::function<void(TensorFile&, ImportOptions&)>& change) {
    save(model_, genome_config());
    export_weights(model_, exported_);
    TensorFile file = read_safetensors(exported_);
    ImportOptions options;
    options.weights = exported_;
    options.output = imported_;
    change(file, options);
    write_safetensors(exported_, file);
    return message_of([&] { import_weights(options); });
  }

  std::string setting_error(const std::string& from, const std::string& to) {
    return import_error([&](TensorFile& file, ImportOptions&) {
      std::string& settings = file.metadata["config"];
      ASSERT_NE(settings.find(from), std::string::npos) << settings;
      settings.replace(settings.find(from), from.size(), to);
    });
  }

  void import(const std::string& weights) {
    ImportOptions options;
    options.weights = weights;
    options.output = imported_;
    import_weights(options);
  }

  TempDir folder_;
  std::string model_ = folder_.file("model.safetensors");
  std::string exported_ = folder_.file("exported.safetensors");
  std::string imported_ = folder_.file("imported.safetensors");
};

TEST_F(WeightExchange, AnExportedModelComesBackTheSame) {
  ModelConfig two_blocks = genome_config();
  two_blocks.blocks = 2;
  two_blocks.protocol = Protocol::kDilated;
  two_blocks.pooling = Pooling::kCls;
  ModelConfig no_position = genome_config();
  no_position.position = PositionKind::kNone;
  ModelConfig tokens = no_position;
  tokens.input = InputKind::kTokens;
  tokens.vocabulary = 9;
  for (const auto& config : {genome_config(), two_blocks, no_position, tokens, real_config()}) {
    SCOPED_TRACE(to_json(config));
    save(model_, config);
    export_weights(model_, exported_);
    import(exported_);
    EXPECT_TRUE(torch::equal(logits_of(imported_), logits_of(model_)));
    const TensorFile before = read_safetensors(model_);
    const TensorFile after = read_safetensors(imported_);
    ASSERT_EQ(after.tensors.size(), before.tensors.size());
    for (const auto& [name, tensor] : before.tensors) {
      EXPECT_EQ(after.tensors.at(name).bytes, tensor.bytes) << name;
    }
  }
}

TEST_F(WeightExchange, PublishedReferenceWeightsBecomeAModelFile) {
  import(PARAMIXER_TEST_DATA "/reference/chord_apc.safetensors");
  const ModelCard card = read_model_card(imported_);
  EXPECT_EQ(card.strand, "forward");
  EXPECT_EQ(card.trained_length, card.config.max_length);
  EXPECT_EQ(card.config.classes.front(), "class_0");
  EXPECT_EQ(card.provenance.at("source"), "chord_apc.safetensors");
}

TEST_F(WeightExchange, ExportWritesATableThePublishedCodeExpects) {
  ModelConfig config = genome_config();
  config.position = PositionKind::kNone;
  save(model_, config);
  export_weights(model_, exported_);
  const StoredTensor table = read_safetensors(exported_).tensors.at("apc_embedding.weight");
  EXPECT_EQ(table.shape, (std::vector<std::int64_t>{16, 4}));
  EXPECT_EQ(restore_tensor(table).abs().max().item<float>(), 0.0F);
}

TEST_F(WeightExchange, ExportNamesWhatThePublishedCodeDoesNotHave) {
  const auto refusal_of = [&](const std::function<void(ModelConfig&)>& change) {
    ModelConfig config = genome_config();
    change(config);
    save(model_, validated(config));
    return message_of([&] { export_weights(model_, exported_); });
  };
  EXPECT_HAS(refusal_of([](ModelConfig& c) { c.norm = NormKind::kPre; }), "norm 'pre'");
  EXPECT_HAS(refusal_of([](ModelConfig& c) { c.norm = NormKind::kPre; }), model_);
  EXPECT_HAS(refusal_of([](ModelConfig& c) { c.boundary = Boundary::kLinear; }), "boundary");
  EXPECT_HAS(refusal_of([](ModelConfig& c) { c.pooling = Pooling::kMax; }), "pooling 'max'");
  EXPECT_HAS(refusal_of([](ModelConfig& c) { c.factors = 2; }), "2 factors");
  EXPECT_HAS(refusal_of([](ModelConfig& c) {
               c.tokens = {TokenKind::kKmer, 2, "agctn"};
               c.padding_index.reset();
             }),
             "tokens 'kmer'");
  const std::string several = refusal_of([](ModelConfig& c) {
    c.position = PositionKind::kNone;
    c.length = LengthKind::kActual;
    c.pooling = Pooling::kMean;
  });
  EXPECT_HAS(several, "length 'actual'");
  EXPECT_HAS(several, "pooling 'mean'");
}

TEST_F(WeightExchange, ImportTakesNamesAndSettingsFromItsOptions) {
  const std::string settings = folder_.file("settings.json");
  EXPECT_EQ(import_error([&](TensorFile& file, ImportOptions& options) {
              test::write_file(settings, file.metadata["config"]);
              file.metadata.clear();
              options.config = settings;
              options.classes = {"x", "y", "z"};
              options.alphabet = "acgtn";
            }),
            "no error");
  const ModelConfig config = read_model_card(imported_).config;
  EXPECT_EQ(config.classes, (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(config.tokens.alphabet, "acgtn");
}

TEST_F(WeightExchange, ImportNamesWhatIsMissing) {
  EXPECT_HAS(import_error([](TensorFile& file, ImportOptions&) { file.metadata.clear(); }),
             "--config");
  EXPECT_HAS(import_error([](TensorFile&, ImportOptions& options) { options.config = "/absent"; }),
             "/absent");
  EXPECT_HAS(
      import_error([](TensorFile& file, ImportOptions&) { file.tensors.erase("final.bias"); }),
      "'final.bias' is missing");
  EXPECT_HAS(setting_error(R"("protocol":"chord",)", ""), "protocol");
  EXPECT_HAS(setting_error(R"("hidden_size":6,)", ""), "hidden");
  EXPECT_HAS(setting_error(R"("embedding_size":4,)", ""), "embedding");
  EXPECT_HAS(setting_error(R"("max_seq_len":16,)", ""), "max_length");
}

TEST_F(WeightExchange, ImportNamesWhatDoesNotFit) {
  EXPECT_HAS(import_error([](TensorFile& file, ImportOptions&) {
               file.tensors["alien"] = store_f32({1}, std::vector<float>{1.0F});
             }),
             "'alien'");
  EXPECT_HAS(setting_error(R"("hidden_size":6)", R"("hidden_size":7)"),
             "attention.0.fs.0.network.0.bias");
  EXPECT_HAS(setting_error(R"("n_class":3)", R"("n_class":4)"), "'final.bias'");
  EXPECT_HAS(setting_error(R"("n_class":3)", R"("n_class":0)"), "n_class");
  EXPECT_HAS(setting_error(R"("protocol":"chord")", R"("protocol":"star")"), "protocol is 'star'");
  EXPECT_HAS(setting_error(R"("vocab_size":6)", R"("vocab_size":7)"), "vocabulary of 5 or 6");
  EXPECT_HAS(setting_error(R"("n_layers":1)", R"("layers":1)"), "'layers'");
  EXPECT_HAS(import_error([](TensorFile&, ImportOptions& options) { options.classes = {"x"}; }),
             "--class-names gives 1");
  EXPECT_HAS(import_error([](TensorFile&, ImportOptions& options) { options.alphabet = "agct"; }),
             "alphabet 'agct'");
  EXPECT_FALSE(test::exists(imported_)) << "a refused import leaves no file";
}

}  // namespace
}  // namespace paramixer
