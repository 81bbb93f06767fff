#include "models/file/model_card.hpp"

#include "models/file/model_format.hpp"

namespace paramixer {

ModelCard read_model_card(const std::string& path) {
  return parse_model_card(read_safetensors(path), path);
}

}  // namespace paramixer
