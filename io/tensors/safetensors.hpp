#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace paramixer {

enum class DType { kF32, kF64, kF16, kBF16, kI64, kI32, kI16, kI8, kU8, kBool };
const char* name_of(DType type);
std::int64_t size_of(DType type);

/// A tensor of a safetensors file. Row-major.
struct StoredTensor {
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;

  /// Product of `shape`; 1 for a scalar. Throws Error for a negative length or an overflow.
  std::int64_t elements() const;
};

/// Contents of a safetensors file: string metadata and named tensors.
struct TensorFile {
  std::map<std::string, std::string> metadata;
  std::map<std::string, StoredTensor> tensors;
};

/// Reads a whole safetensors file. Nothing in it is trusted: header length, JSON, types, shapes
/// (with overflow), offsets, overlaps, gaps and the file's size are checked before a byte is used.
/// Throws Error naming the file and the tensor.
TensorFile read_safetensors(const std::string& path);

/// Writes through a temporary name. The data start at a multiple of 64 bytes; tensors are sorted by
/// element size (widest first) and name, so equal contents give equal files and every tensor is
/// aligned to its element. Throws Error for a tensor whose bytes do not fit its shape.
void write_safetensors(const std::string& path, const TensorFile& file);

/// A float32 tensor from values. Throws Error when the shape does not fit the values.
StoredTensor store_f32(std::vector<std::int64_t> shape, std::span<const float> values);

}  // namespace paramixer
