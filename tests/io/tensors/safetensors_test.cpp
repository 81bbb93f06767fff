#include "io/tensors/safetensors.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::read_file;
using test::TempDir;
using test::write_file;

TensorFile example() {
  TensorFile file;
  file.metadata = {{"format", "1"}, {"note", "tab\there, \xC3\xA9"}};
  const std::vector<float> values{1.0F, -2.5F, 3.0F, 0.0F, 5.0F, 6.0F};
  file.tensors["b.weight"] = store_f32({2, 3}, values);
  file.tensors["a.scalar"] = store_f32({}, std::vector<float>{7.0F});
  file.tensors["c.empty"] = store_f32({0, 4}, {});
  file.tensors["a.bytes"] = {DType::kU8, {3}, {std::byte{1}, std::byte{2}, std::byte{3}}};
  file.tensors["z.counts"] = {DType::kI64, {1}, std::vector<std::byte>(8)};
  return file;
}

/// Bytes of a file with this header text and this many data bytes.
std::string raw_file(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data_bytes, '\1');
}

std::string error_for(const std::string& bytes) {
  const TempDir dir;
  const std::string path = dir.file("m.safetensors");
  write_file(path, bytes);
  const std::string message = message_of([&] { read_safetensors(path); });
  EXPECT_EQ(message.find('\n'), std::string::npos);
  return message;
}

TEST(Safetensors, ReturnsWhatWasWritten) {
  const TempDir dir;
  const std::string path = dir.file("m.safetensors");
  write_safetensors(path, example());
  const TensorFile file = read_safetensors(path);
  EXPECT_EQ(file.metadata, example().metadata);
  ASSERT_EQ(file.tensors.size(), 5U);
  for (const auto& [name, tensor] : example().tensors) {
    const StoredTensor& stored = file.tensors.at(name);
    EXPECT_EQ(stored.dtype, tensor.dtype) << name;
    EXPECT_EQ(stored.shape, tensor.shape) << name;
    EXPECT_EQ(stored.bytes, tensor.bytes) << name;
  }
}

TEST(Safetensors, EqualContentsGiveEqualFilesWithAlignedData) {
  const TempDir dir;
  write_safetensors(dir.file("a"), example());
  write_safetensors(dir.file("b"), example());
  const std::string bytes = read_file(dir.file("a"));
  EXPECT_EQ(bytes, read_file(dir.file("b")));
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  EXPECT_EQ((8 + header) % 64, 0U);
}

TEST(Safetensors, AFileWithoutTensorsIsValid) {
  const TempDir dir;
  write_safetensors(dir.file("empty"), {});
  const TensorFile file = read_safetensors(dir.file("empty"));
  EXPECT_TRUE(file.tensors.empty());
  EXPECT_TRUE(file.metadata.empty());
}

TEST(Safetensors, MissingFileFolderAndShortFileAreErrors) {
  const TempDir dir;
  EXPECT_HAS(message_of([&] { read_safetensors(dir.file("absent")); }),
             "absent: cannot open: No such file or directory");
  EXPECT_HAS(message_of([&] { read_safetensors(dir.file("")); }), "is not a regular file");
  EXPECT_HAS(error_for(""), "too short");
  EXPECT_HAS(error_for("1234567"), "too short");
}

TEST(Safetensors, HeaderLengthIsCheckedAgainstTheFile) {
  EXPECT_HAS(error_for(std::string(8, '\xFF')),
             "its header should have 18446744073709551615 bytes");
  EXPECT_HAS(error_for(std::string("\x0A\0\0\0\0\0\0\0{}", 10)), "cut off");
}

TEST(Safetensors, HeaderMustBeAJsonObject) {
  EXPECT_HAS(error_for(raw_file("", 0)), "not valid JSON");
  EXPECT_HAS(error_for(raw_file("{\"a\":", 0)), "not valid JSON");
  EXPECT_HAS(error_for(raw_file("[]", 0)), "not a JSON object");
  EXPECT_HAS(error_for(raw_file(std::string(100000, '['), 0)), "nested too deeply");
  EXPECT_HAS(error_for(raw_file("{\"\xFF\":1}", 0)), "not valid JSON");
}

TEST(Safetensors, DescriptionsAreChecked) {
  const auto with = [](const std::string& fields, std::size_t bytes) {
    return error_for(raw_file("{\"w\":" + fields + "}", bytes));
  };
  EXPECT_HAS(with("3", 0), "tensor 'w': its description is not a JSON object");
  EXPECT_HAS(with(R"({"shape":[1],"data_offsets":[0,4]})", 4), "has no dtype");
  EXPECT_HAS(with(R"({"dtype":"Q4","shape":[1],"data_offsets":[0,4]})", 4), "dtype 'Q4'");
  EXPECT_HAS(with(R"({"dtype":"F32","data_offsets":[0,4]})", 4), "has no list shape");
  EXPECT_HAS(with(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})", 4), "whole numbers");
  EXPECT_HAS(with(R"({"dtype":"F32","shape":[1.0],"data_offsets":[0,4]})", 4), "whole numbers");
  EXPECT_HAS(with(R"({"dtype":"F32","shape":[1],"data_offsets":[0]})", 4), "two numbers");
  EXPECT_HAS(with(R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})", 4), "lie outside");
  EXPECT_HAS(with(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})", 4), "lie outside");
  EXPECT_HAS(with(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})", 4), "needs 8 bytes");
  EXPECT_HAS(with(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]})", 4),
             "shape is too large");
  EXPECT_HAS(with(R"({"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]})", 4),
             "whole numbers");
}

TEST(Safetensors, OverlapsGapsAndLeftoverBytesAreErrors) {
  const std::string first = R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]})";
  EXPECT_HAS(error_for(raw_file(
                 "{" + first + R"(,"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})", 6)),
             "tensor 'b': its bytes overlap");
  EXPECT_HAS(error_for(raw_file(
                 "{" + first + R"(,"b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}})", 9)),
             "tensor 'b': there is a gap");
  EXPECT_HAS(error_for(raw_file("{" + first + "}", 5)), "1 bytes that belong to no tensor");
  EXPECT_HAS(error_for(raw_file("{" + first + "," + first + "}", 4)), "names 'a' twice");
}

TEST(Safetensors, MetadataMustBeStrings) {
  EXPECT_HAS(error_for(raw_file(R"({"__metadata__":[]})", 0)), "not an object of strings");
  EXPECT_HAS(error_for(raw_file(R"({"__metadata__":{"k":1}})", 0)), "metadata 'k' is not a string");
}

TEST(Safetensors, WriterRefusesTensorsThatContradictThemselves) {
  const TempDir dir;
  const auto error_of = [&](const std::string& name, const StoredTensor& tensor) {
    TensorFile file;
    file.tensors[name] = tensor;
    return message_of([&] { write_safetensors(dir.file("m"), file); });
  };
  EXPECT_HAS(error_of("w", {DType::kF32, {2}, std::vector<std::byte>(4)}), "tensor 'w'");
  EXPECT_HAS(error_of("w", {DType::kF32, {-1}, {}}), "tensor 'w'");
  EXPECT_HAS(error_of("__metadata__", store_f32({0}, {})), "cannot be stored");
  EXPECT_HAS(error_of("\xFF", store_f32({0}, {})), "UTF-8");
  EXPECT_HAS(message_of([] { store_f32({2}, std::vector<float>{1.0F}); }), "asks for 2 values");
}

TEST(Safetensors, FullDiskIsAnError) {
  EXPECT_HAS(message_of([] { write_safetensors("/dev/full", example()); }),
             "No space left on device");
}

TEST(Safetensors, EveryTruncationIsAnError) {
  const TempDir dir;
  write_safetensors(dir.file("m"), example());
  const std::string whole = read_file(dir.file("m"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(error_for(whole.substr(0, length)), "no error") << length;
  }
  EXPECT_HAS(error_for(whole + "x"), "belong to no tensor");
}

TEST(Safetensors, DamagedBytesLoadOrThrowErrorButNeverCrash) {
  const TempDir dir;
  const std::string path = dir.file("m");
  write_safetensors(path, example());
  const std::string whole = read_file(path);
  std::mt19937_64 random(1);
  int rejected = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string damaged = whole;
    const int flips = 1 + static_cast<int>(random() % 4);
    for (int flip = 0; flip < flips; ++flip) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    write_file(path, damaged);
    try {
      const TensorFile file = read_safetensors(path);
      for (const auto& [name, tensor] : file.tensors) {
        ASSERT_EQ(tensor.elements() * size_of(tensor.dtype),
                  static_cast<std::int64_t>(tensor.bytes.size()));
      }
    } catch (const Error&) {
      ++rejected;
    }
  }
  EXPECT_GT(rejected, 1000);
}

}  // namespace
}  // namespace paramixer
