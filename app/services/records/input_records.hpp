#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/services/records/input_notes.hpp"
#include "core/base/enum_names.hpp"
#include "io/sequence/indexed_reader.hpp"
#include "io/sequence/sequence_reader.hpp"

namespace paramixer {

/// Every `count`-th record, starting with record number `index` (1-based). An alignment that gets
/// no answer does not count and belongs to the shard of the record before it.
struct Shard {
  std::int64_t index = 1;
  std::int64_t count = 1;

  /// Whether record number `record` (0-based, over all inputs) belongs to this shard.
  bool holds(std::int64_t record) const noexcept { return record % count == index - 1; }
};

/// Which alignments of a read get an answer.
enum class Alignments {
  kPrimary,  ///< One answer per read; none for secondary and supplementary alignments.
  kAll,      ///< Every alignment that has bases.
};

template <>
struct EnumNames<Alignments> {
  static constexpr const char* kWhat = "value of --alignments";
  static constexpr EnumName<Alignments> kTable[] = {{Alignments::kPrimary, "primary"},
                                                    {Alignments::kAll, "all"}};
};

/// How alignments without an answer are handled.
enum class UnansweredAlignments {
  kLeaveOut,
  kHandOn,  ///< Visited with InputRecord::is_answered = false.
};

/// Whether the records of a pair are distinguished by `/1` and `/2`, see SequenceRecord::id().
enum class MateSuffixes {
  kAdd,  ///< Alignments by their flags; FASTQ where two neighbours have one name.
  kNone,
};

template <>
struct EnumNames<MateSuffixes> {
  static constexpr const char* kWhat = "value of --mates";
  static constexpr EnumName<MateSuffixes> kTable[] = {{MateSuffixes::kAdd, "suffix"},
                                                      {MateSuffixes::kNone, "keep"}};
};

/// What to do with a damaged record (SequenceRecord::damage).
enum class DamagedRecords {
  kHandOn,  ///< It is to be rejected.
  kStop,    ///< An Error.
};

/// What to read.
struct InputOptions {
  std::vector<std::string> paths{};  ///< Read one after the other; "-" is stdin.
  std::string reference{};           ///< FASTA for CRAM.
  std::optional<Region> region{};    ///< Only this region of indexed FASTA, BAM or CRAM files.
  Shard shard{};
  DuplicateNames duplicates = DuplicateNames::kWarn;  ///< Checked within each input.
  Alignments alignments = Alignments::kPrimary;
  UnansweredAlignments unanswered = UnansweredAlignments::kLeaveOut;
  MateSuffixes mates = MateSuffixes::kAdd;
  DamagedRecords damaged = DamagedRecords::kHandOn;
};

/// A record, with `record.input_number` as an index into InputOptions::paths.
struct InputRecord {
  SequenceRecord record;
  /// The region of a FASTA sequence that the record was cut out of.
  std::optional<Region> cut{};
  bool is_answered = true;  ///< False: only kept in its place, see UnansweredAlignments.
};

/// Several inputs as one stream of records.
class InputRecords {
 public:
  /// Opens every regular file once, so that a missing or broken file is found before hours are
  /// spent on the others. Throws Error, of kind kUsage when options and formats do not fit.
  explicit InputRecords(InputOptions options);
  ~InputRecords();

  /// Header of the first input; null when it is FASTA or FASTQ.
  const std::shared_ptr<const sam_hdr_t>& header() const noexcept { return header_; }
  /// Name of an input for messages: its path, or "stdin".
  const std::string& display_name(std::size_t input_number) const;
  const std::vector<std::string>& display_names() const noexcept { return display_names_; }

  /// Share of the bytes of all inputs that has been read, 0 to 1; empty when one is a pipe or only
  /// a region is read. Must not be called while another thread is in for_each.
  std::optional<double> share_read() const;

  /// Calls `visit` for every record of the shard, in order. Can be called once. Exceptions of
  /// readers and `visit` propagate; all records before a reader's error are visited.
  void for_each(const std::function<void(InputRecord)>& visit);

  /// Observations so far, in this shard. Must not be called while another thread is in for_each.
  const InputNotes& notes() const noexcept { return notes_; }

 private:
  using Visit = std::function<void(SequenceRecord)>;
  /// Whether the shard holds the record; counts it.
  bool is_in_shard(bool is_answered);
  void take(SequenceRecord record, const std::function<void(InputRecord)>& visit);
  void read_input(const Visit& visit);
  void read_fastq(const Visit& visit);
  void read_region(const std::string& path, const Visit& visit) const;
  SequenceReader open(const std::string& path) const;

  InputOptions options_;
  std::vector<std::string> display_names_;
  std::shared_ptr<const sam_hdr_t> header_;
  std::vector<double> sizes_;  ///< Bytes of each input; empty when one has no size.
  std::size_t input_ = 0;      ///< The input that `reader_` reads.
  std::int64_t answered_ = 0;  ///< Records with an answer so far, of all shards.
  InputNotes notes_;
  std::unique_ptr<SequenceReader> reader_;
};

}  // namespace paramixer
