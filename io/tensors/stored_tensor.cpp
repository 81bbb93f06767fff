#include "io/tensors/stored_tensor.hpp"

#include <array>
#include <cstddef>
#include <string>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

struct DTypeRow {
  DType type;
  const char* name;
  std::int64_t size;
};

constexpr std::array<DTypeRow, 10> kTypes{{{DType::kF32, "F32", 4},
                                           {DType::kF64, "F64", 8},
                                           {DType::kF16, "F16", 2},
                                           {DType::kBF16, "BF16", 2},
                                           {DType::kI64, "I64", 8},
                                           {DType::kI32, "I32", 4},
                                           {DType::kI16, "I16", 2},
                                           {DType::kI8, "I8", 1},
                                           {DType::kU8, "U8", 1},
                                           {DType::kBool, "BOOL", 1}}};

const DTypeRow& row_of(DType type) {
  for (const DTypeRow& row : kTypes) {
    if (row.type == type) return row;
  }
  throw Error("a tensor has an unknown type");
}

}  // namespace

const char* name_of(DType type) { return row_of(type).name; }

std::int64_t size_of(DType type) { return row_of(type).size; }

std::optional<DType> dtype_from(std::string_view name) {
  for (const DTypeRow& row : kTypes) {
    if (row.name == name) return row.type;
  }
  return std::nullopt;
}

std::optional<std::int64_t> byte_count(DType type, const std::vector<std::int64_t>& shape) {
  std::int64_t bytes = size_of(type);
  for (const std::int64_t length : shape) {
    if (length < 0 || __builtin_mul_overflow(bytes, length, &bytes)) return std::nullopt;
  }
  return bytes;
}

std::int64_t StoredTensor::elements() const {
  const std::optional<std::int64_t> total = byte_count(dtype, shape);
  if (!total) throw Error("a tensor's shape has a negative length or is too large");
  return *total / size_of(dtype);
}

StoredTensor store_f32(std::vector<std::int64_t> shape, std::span<const float> values) {
  StoredTensor tensor{DType::kF32, std::move(shape), {}};
  if (tensor.elements() != static_cast<std::int64_t>(values.size())) {
    throw Error("a tensor's shape asks for " + std::to_string(tensor.elements()) + " values, but " +
                std::to_string(values.size()) + " were given");
  }
  const std::span<const std::byte> source = std::as_bytes(values);
  tensor.bytes.assign(source.begin(), source.end());
  return tensor;
}

}  // namespace paramixer
