#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "io/files/output_file.hpp"
#include "io/tensors/safetensors.hpp"
#include "io/tensors/stored_tensor.hpp"

namespace paramixer {
namespace {

using Json = nlohmann::json;
using NamedTensor = std::map<std::string, StoredTensor>::value_type;

constexpr std::size_t kDataAlignment = 64;

/// Widest elements first, then by name: every tensor is aligned to its element (which Python's
/// loader needs) without gaps (which the format forbids).
std::vector<const NamedTensor*> in_file_order(const TensorFile& file) {
  std::vector<const NamedTensor*> order;
  for (const NamedTensor& item : file.tensors) order.push_back(&item);
  std::stable_sort(order.begin(), order.end(), [](const NamedTensor* a, const NamedTensor* b) {
    return size_of(a->second.dtype) > size_of(b->second.dtype);
  });
  return order;
}

void check_tensor(const std::string& path, const NamedTensor& item) {
  const auto& [name, tensor] = item;
  const std::optional<std::int64_t> bytes = byte_count(tensor.dtype, tensor.shape);
  if (name == "__metadata__" || !bytes ||
      *bytes != static_cast<std::int64_t>(tensor.bytes.size())) {
    throw Error({.file = path},
                "tensor '" + name + "' has a name or a shape that cannot be stored");
  }
}

std::string describe(const std::string& path, const TensorFile& file,
                     const std::vector<const NamedTensor*>& order) {
  Json header = Json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::size_t begin = 0;
  for (const NamedTensor* item : order) {
    check_tensor(path, *item);
    const StoredTensor& tensor = item->second;
    const std::size_t end = begin + tensor.bytes.size();
    header[item->first] = {
        {"dtype", name_of(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  try {
    return header.dump();
  } catch (const Json::exception&) {
    throw Error({.file = path}, "a metadata text or a tensor name is not valid UTF-8");
  }
}

}  // namespace

void write_safetensors(const std::string& path, const TensorFile& file) {
  const std::vector<const NamedTensor*> order = in_file_order(file);
  std::string header = describe(path, file, order);
  const std::size_t used = kHeaderLengthBytes + header.size();
  header.append((kDataAlignment - used % kDataAlignment) % kDataAlignment, ' ');

  OutputFile output(path);
  const std::uint64_t length = header.size();
  output.write({reinterpret_cast<const char*>(&length), kHeaderLengthBytes});
  output.write(header);
  for (const NamedTensor* item : order) {
    const std::vector<std::byte>& bytes = item->second.bytes;
    output.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  output.commit();
}

}  // namespace paramixer
