#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/indexed_reader.hpp"
#include "io/sequence_reader.hpp"

namespace paramixer {

/// Every `count`-th record, starting with record number `index` (1-based).
struct Shard {
  std::int64_t index = 1;
  std::int64_t count = 1;

  /// Whether record number `record` (0-based, over all inputs) belongs to this shard.
  bool holds(std::int64_t record) const noexcept { return record % count == index - 1; }
};

/// What to read.
struct InputOptions {
  std::vector<std::string> paths{};  ///< Read one after the other; "-" is stdin.
  std::string reference{};           ///< FASTA for CRAM.
  std::optional<Region> region{};    ///< Only this region of indexed FASTA, BAM or CRAM files.
  Shard shard{};
  DuplicateNames duplicates = DuplicateNames::kReject;  ///< Checked within each input.
};

/// A record and where it came from.
struct InputRecord {
  SequenceRecord record;
  std::size_t input = 0;  ///< Index into InputOptions::paths.
  /// The region of a FASTA sequence that the record was cut out of.
  std::optional<Region> cut{};
};

/// Several inputs as one stream of records.
class InputRecords {
 public:
  /// Opens every regular file once, so that a missing or broken fifth file is found before hours
  /// are spent on the first four. Throws Error, of kind kUsage when options and formats do not fit.
  explicit InputRecords(InputOptions options);
  ~InputRecords();

  /// Header of the first input; null when it is FASTA or FASTQ.
  const std::shared_ptr<const sam_hdr_t>& header() const noexcept { return header_; }
  /// Name of an input for messages: its path, or "stdin".
  const std::string& display_name(std::size_t input) const;

  /// Share of the bytes of all inputs that has been read, 0 to 1; empty when one is a pipe or only
  /// a region is read. Not to be asked while another thread is in for_each.
  std::optional<double> share_read() const;

  /// Calls `visit` for every record of the shard, in order. Can be called once. Passes on what the
  /// readers and `visit` throw.
  void for_each(const std::function<void(InputRecord)>& visit);

 private:
  using Visit = std::function<void(SequenceRecord)>;
  void read_input(const Visit& visit);
  void read_region(const std::string& path, const Visit& visit) const;
  SequenceReader open(const std::string& path) const;

  InputOptions options_;
  std::vector<std::string> display_names_;
  std::shared_ptr<const sam_hdr_t> header_;
  std::vector<double> sizes_;  ///< Bytes of each input; empty when one has no size.
  std::size_t input_ = 0;      ///< The input that `reader_` reads.
  std::unique_ptr<SequenceReader> reader_;
};

}  // namespace paramixer
