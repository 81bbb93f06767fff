#include "models/file/model_file.hpp"

#include <gtest/gtest.h>
#include <limits>

#include "core/base/error.hpp"
#include "models/file/model_format.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::model_cases;
using test::random_input;
using test::random_model;
using test::small_config;
using test::TempDir;

torch::Tensor logits_of(Paramixer& model) {
  const torch::NoGradGuard no_gradients;
  return model.forward(random_input(model.config(), 2));
}

LoadedModel load(const std::string& path) {
  return load_model(path, std::make_shared<MixEngine>(1), torch::kCPU);
}

ModelCard card_of(const ModelConfig& config) {
  ModelCard card;
  card.config = config;
  card.temperature = 1.25;
  card.trained_length = 5000;
  card.strand = "forward";
  card.provenance = {{"title", "a \"quoted\" title"}, {"seed", "7"}};
  card.metrics = {{"accuracy", 0.1}, {"log_loss", 1e-300}};
  return card;
}

/// A model file in a folder, and what its reader says after a change.
class ModelFile : public testing::Test {
 protected:
  ModelFile() {
    save_model(path_, *random_model(small_config(), 1), card_of(small_config()));
    whole_ = read_safetensors(path_);
  }

  /// The message of both readers, which must agree.
  std::string loading_error() const {
    const std::string message = message_of([&] { load(path_); });
    EXPECT_EQ(message_of([&] { read_model_card(path_); }), message);
    return message;
  }

  std::string error_after(const std::function<void(TensorFile&)>& change) const {
    TensorFile file = whole_;
    change(file);
    write_safetensors(path_, file);
    const std::string message = loading_error();
    EXPECT_HAS(message, path_);
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }

  std::string error_with(const std::string& key, const std::string& text) const {
    return error_after([&](TensorFile& file) { file.metadata[key] = text; });
  }

  TempDir folder_;
  std::string path_ = folder_.file("model.safetensors");
  TensorFile whole_;
};

TEST_F(ModelFile, RoundTripGivesBitEqualLogitsForEveryOption) {
  for (const auto& row : model_cases()) {
    SCOPED_TRACE(row.name);
    const auto model = random_model(row.config, 1);
    save_model(path_, *model, card_of(row.config));
    const LoadedModel loaded = load(path_);
    EXPECT_FALSE(loaded.model->is_training());
    EXPECT_EQ(to_json(loaded.card.config), to_json(row.config));
    EXPECT_TRUE(torch::equal(logits_of(*loaded.model), logits_of(*model)));
  }
}

TEST_F(ModelFile, RoundTripKeepsTheCard) {
  const ModelCard card = read_model_card(path_);
  const ModelCard expected = card_of(small_config());
  EXPECT_EQ(card.format_version, kModelFormatVersion);
  EXPECT_EQ(card.temperature, expected.temperature);
  EXPECT_EQ(card.trained_length, expected.trained_length);
  EXPECT_EQ(card.strand, expected.strand);
  EXPECT_EQ(card.provenance, expected.provenance);
  EXPECT_EQ(card.metrics, expected.metrics);
  std::int64_t parameters = 0;
  for (const auto& [name, tensor] : whole_.tensors) parameters += tensor.elements();
  EXPECT_EQ(card.parameters, parameters);
}

TEST_F(ModelFile, EqualModelsGiveEqualFiles) {
  const std::string other = folder_.file("other.safetensors");
  save_model(other, *random_model(small_config(), 1), card_of(small_config()));
  EXPECT_EQ(test::read_file(other), test::read_file(path_));
}

TEST_F(ModelFile, ProvenanceInAnotherEncodingDoesNotLoseTheModel) {
  ModelCard card = card_of(small_config());
  card.provenance["command"] = "paramixer train --sequences caf\xe9.fa";
  save_model(path_, *random_model(small_config(), 1), card);
  EXPECT_HAS(read_model_card(path_).provenance.at("command"), "paramixer train --sequences caf");
}

TEST_F(ModelFile, AFileThatIsNotThereIsNamed) {
  path_ = folder_.file("absent.safetensors");
  EXPECT_HAS(loading_error(), path_);
}

TEST_F(ModelFile, EveryTruncationIsAnErrorThatNamesTheFile) {
  const std::string bytes = test::read_file(path_);
  for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 101) {
    test::write_file(path_, bytes.substr(0, size));
    EXPECT_HAS(loading_error(), path_) << size;
  }
  test::write_file(path_, bytes.substr(0, bytes.size() - 1));
  EXPECT_HAS(loading_error(), path_);
}

TEST_F(ModelFile, DamagedHeaderBytesNeverCrash) {
  const std::string bytes = test::read_file(path_);
  const std::size_t header = bytes.find("final.weight") + 100;
  for (std::size_t i = 0; i < header; i += 3) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x15);
    test::write_file(path_, damaged);
    const std::string message = loading_error();  // A changed title is not an error.
    if (message != "no error") {
      EXPECT_HAS(message, path_) << i;
    }
  }
}

TEST_F(ModelFile, MissingWeightsAreNamed) {
  EXPECT_HAS(error_after([](TensorFile& f) { f.tensors.erase("attention.0.fs.1.network.2.bias"); }),
             "the weight 'attention.0.fs.1.network.2.bias' is missing");
}

TEST_F(ModelFile, WeightsOfAnotherShapeAreNamedWithBothShapes) {
  const std::string message = error_after([](TensorFile& f) {
    f.tensors["attention.0.g.network.0.weight"] = store_f32({4, 6}, std::vector<float>(24));
  });
  EXPECT_HAS(message, "'attention.0.g.network.0.weight' is F32 [4, 6]");
  EXPECT_HAS(message, "F32 [6, 4]");
}

TEST_F(ModelFile, WeightsOfAnotherTypeAreNamed) {
  const std::string message = error_after([](TensorFile& f) {
    StoredTensor& bias = f.tensors["final.bias"];
    bias.dtype = DType::kF64;
    bias.bytes.resize(24);
  });
  EXPECT_HAS(message, "'final.bias' is F64");
  EXPECT_HAS(error_after([](TensorFile& f) {
               StoredTensor& bias = f.tensors["final.bias"];
               bias.dtype = DType::kF16;
               bias.bytes.resize(6);
             }),
             "'final.bias' is F16");
}

TEST_F(ModelFile, TensorsWithoutAPlaceAreNamed) {
  EXPECT_HAS(error_after([](TensorFile& f) {
               f.tensors["extra"] = store_f32({1}, std::vector<float>{1.0F});
             }),
             "'extra' does not belong");
}

TEST_F(ModelFile, MissingMetadataAreNamed) {
  for (const auto& [key, text] : whole_.metadata) {
    EXPECT_HAS(error_after([&](TensorFile& f) { f.metadata.erase(key); }), "'" + key + "'");
  }
  EXPECT_HAS(error_after([](TensorFile& f) { f.metadata.clear(); }), "not a Paramixer model");
}

TEST_F(ModelFile, OtherFormatsAndVersionsAreNamed) {
  EXPECT_HAS(error_with("format", "pt"), "its format is 'pt'");
  EXPECT_HAS(error_with("format_version", "2"), "format version 2");
  EXPECT_HAS(error_with("format_version", "2"), "newer paramixer");
}

TEST_F(ModelFile, DamagedMetadataAreNamed) {
  EXPECT_HAS(error_with("config", "{"), "model configuration");
  EXPECT_HAS(error_with("config", "{}"), "no classes");
  EXPECT_HAS(error_with("config", R"({"classes": ["a"], "depth": 3})"), "'depth'");
  EXPECT_HAS(error_with("inference", "[]"), "inference settings");
  EXPECT_HAS(error_with("inference", R"({"temperature": "hot"})"), "'temperature'");
  EXPECT_HAS(error_with("inference", R"({"temperature": 0})"), "inference settings");
  EXPECT_HAS(error_with("inference", R"({"temperature": -1})"),
             "inference settings: key 'temperature' has the value -1, expected a number above 0");
  EXPECT_HAS(error_with("inference", R"({"strand": "reverse"})"), "inference settings");
  EXPECT_HAS(error_with("inference", R"({"trained_length": -5})"), "inference settings");
  EXPECT_HAS(error_with("inference", R"({"mood": 1})"), "'mood'");
  EXPECT_HAS(error_with("provenance", "x"), "provenance");
  EXPECT_HAS(error_with("provenance", R"({"seed": 7})"), "unexpected type");
  EXPECT_HAS(error_with("metrics", R"({"accuracy": "good"})"), "unexpected type");
}

TEST_F(ModelFile, AConfigurationThatAsksForHugeWeightsAllocatesNothing) {
  ModelConfig config = small_config();
  config.input = InputKind::kTokens;
  config.vocabulary = 100'000'000;
  config.embedding = 4096;
  config.hidden = 65536;
  config.blocks = 256;
  config.factors = 50;
  EXPECT_HAS(error_with("config", to_json(config)), "its configuration needs F32");
}

TEST_F(ModelFile, WeightsThatAreNotNumbersAreStillAModelFile) {
  TensorFile file = whole_;
  file.tensors["final.bias"] =
      store_f32({3}, std::vector<float>(3, std::numeric_limits<float>::quiet_NaN()));
  write_safetensors(path_, file);
  EXPECT_TRUE(torch::isnan(logits_of(*load(path_).model)).all().item<bool>());
}

TEST_F(ModelFile, APathThatCannotBeWrittenIsNamed) {
  const std::string path = folder_.file("missing/model.safetensors");
  EXPECT_HAS(message_of([&] {
               save_model(path, *random_model(small_config(), 1), card_of(small_config()));
             }),
             path);
}

TEST(StoredTensors, RoundTripKeepsValuesTypeAndShape) {
  for (const torch::Tensor& tensor :
       {torch::randn({2, 3}), torch::randn({3, 2}).t(), torch::tensor({1L << 40}, torch::kLong),
        torch::empty({0, 4})}) {
    const torch::Tensor restored = restore_tensor(store_tensor(tensor));
    EXPECT_EQ(restored.scalar_type(), tensor.scalar_type());
    EXPECT_TRUE(torch::equal(restored, tensor));
  }
}

TEST(StoredTensors, OtherTypesAreRefused) {
  EXPECT_HAS(message_of([] {
               restore_tensor({DType::kF16, {1}, std::vector<std::byte>(2)});
             }),
             "F16");
}

}  // namespace
}  // namespace paramixer
