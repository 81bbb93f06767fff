#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "io/files/scratch_folder.hpp"
#include "models/bench/model_bench.hpp"

namespace paramixer {

/// A model file and a gzip FASTA of random DNA in a separate folder, removed at the end: the input
/// for timing `classify`.
class ClassifyBench {
 public:
  /// Records as long as the sequences of `bench`, whose model is used.
  ClassifyBench(const ModelBench& bench, std::string device);

  std::int64_t records() const noexcept { return records_; }
  /// Reads, classifies and writes all records, loading of the model included.
  void classify(std::stop_token stop) const;

 private:
  std::string device_;
  std::int64_t batch_;
  std::int64_t records_;
  std::unique_ptr<ScratchFolder> folder_;
};

}  // namespace paramixer
