#include "app/services/bench_explain.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

/// A folder that goes with its content.
class FreshFolder {
 public:
  FreshFolder() : path_((std::filesystem::temp_directory_path() / "paramixer-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) {
      throw Error({.file = path_},
                  "cannot be created; set TMPDIR to a folder that can be written to");
    }
  }
  ~FreshFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  FreshFolder(const FreshFolder&) = delete;
  FreshFolder& operator=(const FreshFolder&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace

ExplainCost bench_explain_cost(const ModelBench& bench, int repeats) {
  const FreshFolder folder;
  const std::string model = folder.file("model.safetensors");
  bench.save(model);
  return measure_explain_cost(model, bench.work().length, repeats);
}

}  // namespace paramixer
