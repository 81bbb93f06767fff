#include "app/services/records/input_records.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <utility>

#include "app/services/records/mate_numbers.hpp"
#include "core/base/error.hpp"
#include "io/files/input_file.hpp"

namespace paramixer {
namespace {

bool is_alignment(SequenceFormat format) {
  return format == SequenceFormat::kSam || format == SequenceFormat::kBam ||
         format == SequenceFormat::kCram;
}

std::string text_of(const Region& region) {
  if (region.begin == 1 && region.end == 0) return region.name;
  std::string text = region.name + ":" + std::to_string(region.begin);
  if (region.end != 0) text += "-" + std::to_string(region.end);
  return text;
}

/// Sizes in bytes; empty when a path is not a regular file.
std::vector<double> sizes_of(const std::vector<std::string>& paths) {
  std::vector<double> sizes;
  for (const std::string& path : paths) {
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown)) return {};
    sizes.push_back(static_cast<double>(std::filesystem::file_size(path, unknown)));
  }
  return sizes;
}

void check_options(const InputOptions& options) {
  if (options.paths.empty()) throw usage_error("no input file given; '-' reads from stdin");
  const Shard& shard = options.shard;
  if (shard.count < 1 || shard.index < 1 || shard.index > shard.count) {
    throw usage_error("shard " + std::to_string(shard.index) + "/" + std::to_string(shard.count) +
                      " does not exist; expected i/n with 1 <= i <= n");
  }
}

}  // namespace

InputRecords::InputRecords(InputOptions options) : options_(std::move(options)) {
  check_options(options_);
  for (const std::string& path : options_.paths) {
    display_names_.push_back(display_name_of(path));
  }
  reader_ = std::make_unique<SequenceReader>(open(options_.paths.front()));
  header_ = reader_->header();
  sizes_ = sizes_of(options_.paths);
  for (std::size_t i = 1; i < options_.paths.size(); ++i) {
    // A pipe can be opened only once; its errors appear when its turn comes.
    const std::string& path = options_.paths[i];
    std::error_code unknown;
    if (path != "-" && !std::filesystem::is_fifo(path, unknown)) open(path);
  }
}

InputRecords::~InputRecords() = default;

SequenceReader InputRecords::open(const std::string& path) const {
  return SequenceReader(
      path, {.threads = 1, .reference = options_.reference, .duplicates = options_.duplicates});
}

const std::string& InputRecords::display_name(std::size_t input_number) const {
  return display_names_.at(input_number);
}

std::optional<double> InputRecords::share_read() const {
  if (options_.region) return std::nullopt;
  if (options_.paths.size() == 1) return reader_->share_read();
  if (sizes_.empty()) return std::nullopt;
  const auto current = sizes_.begin() + static_cast<std::ptrdiff_t>(input_);
  const double before = std::accumulate(sizes_.begin(), current, 0.0);
  const double all = std::accumulate(current, sizes_.end(), before);
  return (before + reader_->share_read().value_or(0.0) * *current) / all;
}

void InputRecords::for_each(const std::function<void(InputRecord)>& visit) {
  const Visit visit_record = [&](SequenceRecord record) { take(std::move(record), visit); };
  read_input(visit_record);
  while (input_ + 1 < options_.paths.size()) {
    *reader_ = open(options_.paths[++input_]);
    read_input(visit_record);
  }
}

bool InputRecords::is_in_shard(bool is_answered) {
  if (is_answered) return options_.shard.holds(answered_++);
  return options_.shard.holds(std::max<std::int64_t>(answered_ - 1, 0));
}

void InputRecords::take(SequenceRecord record, const std::function<void(InputRecord)>& visit) {
  const bool is_answered =
      record.primary || (options_.alignments == Alignments::kAll && !record.sequence.empty());
  if (!is_in_shard(is_answered)) return;
  if (!is_answered) {
    ++notes_.further_alignments;
    if (options_.unanswered == UnansweredAlignments::kLeaveOut) return;
  }
  notes_.add(record);
  record.input_number = input_;
  if (options_.mates == MateSuffixes::kNone) record.mate = 0;
  if (!record.damage.empty() && options_.damaged == DamagedRecords::kStop) {
    throw Error({.file = display_name(input_), .record = record.id()}, record.damage);
  }
  const bool is_cut = reader_->format() == SequenceFormat::kFasta;
  visit({.record = std::move(record),
         .cut = is_cut ? options_.region : std::nullopt,
         .is_answered = is_answered});
}

void InputRecords::read_input(const Visit& visit) {
  if (options_.region) return read_region(options_.paths[input_], visit);
  if (reader_->format() == SequenceFormat::kFastq) return read_fastq(visit);
  SequenceRecord record;
  while (reader_->next(record)) visit(std::move(record));
}

void InputRecords::read_fastq(const Visit& visit) {
  MateNumbers mates(visit);
  SequenceRecord record;
  const auto next = [&] {
    try {
      return reader_->next(record);
    } catch (...) {
      mates.finish();
      throw;
    }
  };
  while (next()) mates.add(std::move(record));
  mates.finish();
}

void InputRecords::read_region(const std::string& path, const Visit& visit) const {
  const SequenceFormat format = reader_->format();
  if (path != "-" && is_alignment(format) && format != SequenceFormat::kSam) {
    for_each_alignment_in_region(path, *options_.region, options_.reference, visit);
    return;
  }
  if (path == "-" || format != SequenceFormat::kFasta) {
    throw usage_error(reader_->display_name() +
                      ": a region needs an indexed FASTA, BAM or CRAM file; this is " +
                      name_of(format) + (path == "-" ? " from a pipe" : ""));
  }
  SequenceRecord record;
  record.name = text_of(*options_.region);
  record.sequence = fetch_fasta_region(path, *options_.region);
  if (record.sequence.find_first_of("-.*") != std::string::npos) {
    throw Error({.file = path, .record = record.name},
                "the region holds gaps ('-', '.' or '*'), so its positions are not those of the "
                "sequence; remove the gaps from the file first");
  }
  visit(std::move(record));
}

}  // namespace paramixer
