#include "app/services/bench/bench_classify.hpp"

#include <utility>

#include "app/services/classify/classify.hpp"
#include "core/base/random.hpp"
#include "io/files/gzip_file.hpp"

namespace paramixer {
namespace {

/// About 8 million bases, in whole batches.
constexpr std::int64_t kBases = std::int64_t{8} << 20;

void write_random_dna(const std::string& path, std::int64_t records, std::int64_t length) {
  Random random(1);
  GzipFile file(path);
  std::string bases(static_cast<std::size_t>(length), 'N');
  for (std::int64_t r = 0; r < records; ++r) {
    for (char& base : bases) base = "ACGT"[random.next() >> 62];
    file.write(">record_" + std::to_string(r + 1) + "\n" + bases + "\n");
  }
  file.commit();
}

}  // namespace

ClassifyBench::ClassifyBench(const ModelBench& bench, std::string device)
    : device_(std::move(device)),
      batch_(bench.work().batch),
      records_(kBases / bench.work().length / batch_ * batch_),
      folder_(make_temporary_folder()) {
  bench.save(folder_->file("model.safetensors"));
  write_random_dna(folder_->file("records.fa.gz"), records_, bench.work().length);
}

void ClassifyBench::classify(std::stop_token stop) const {
  ClassifyOptions options{.model = folder_->file("model.safetensors"),
                          .input = {.paths = {folder_->file("records.fa.gz")}},
                          .predictor = {.device = device_, .batch_size = batch_},
                          .output = folder_->file("classes.tsv")};
  paramixer::classify(options, {}, std::move(stop));
}

}  // namespace paramixer
