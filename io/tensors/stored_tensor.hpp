#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "io/tensors/safetensors.hpp"

namespace paramixer {

/// A safetensors file starts with the length of its header, in this many bytes.
inline constexpr std::int64_t kHeaderLengthBytes = 8;

/// Type of a name as in the file ("F32"); none for a name this program does not know.
std::optional<DType> dtype_from(std::string_view name);

/// Bytes of a tensor; none when the shape has a negative length or the product overflows.
std::optional<std::int64_t> byte_count(DType type, const std::vector<std::int64_t>& shape);

}  // namespace paramixer
