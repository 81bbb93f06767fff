#include "app/services/records/labelled_records.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "app/services/records/input_records.hpp"
#include "app/services/records/record_label.hpp"
#include "core/base/error.hpp"
#include "core/sequence/tokenizer.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kNamesShown = 5;

std::string gigabytes(std::int64_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g GB", static_cast<double>(bytes) * 1e-9);
  return text.data();
}

void check_bases(const SequenceRecord& record, const std::string& file) {
  if (record.sequence.empty()) {
    throw Error({.file = file, .record = record.name},
                "has no bases; leave it out of the training");
  }
  const std::int64_t invalid = first_invalid_base(record.sequence);
  if (invalid < 0) return;
  throw Error({.file = file, .record = record.name, .position = invalid + 1},
              "'" + std::string(1, record.sequence[static_cast<std::size_t>(invalid)]) +
                  "' is no nucleotide code");
}

/// Collects records and the names that have no label.
class Collector {
 public:
  Collector(const LabelledRecordOptions& options, const LabelTable& labels,
            const ServiceCallbacks& callbacks)
      : options_(options), labels_(labels), callbacks_(callbacks) {}

  void add(SequenceRecord record, const std::string& file) {
    ++seen_;
    const Label* label = label_of(labels_, record);
    if (label == nullptr) {
      ++unlabelled_;
      if (first_unlabelled_.size() < kNamesShown) first_unlabelled_.push_back(record.id());
      return;
    }
    check_bases(record, file);
    bytes_ += static_cast<std::int64_t>(record.sequence.size());
    if (bytes_ > options_.max_bytes) {
      throw Error({.file = file, .record = record.name},
                  "the training sequences pass the memory limit of " +
                      gigabytes(options_.max_bytes) +
                      "; give fewer sequences or raise --max-memory");
    }
    record.sequence.shrink_to_fit();
    records_.push_back({record.id(), std::move(record.sequence), label->class_name, label->group});
    if (callbacks_.progress) {
      callbacks_.progress({.phase = "read", .done = seen_, .bases = bytes_});
    }
  }

  std::vector<LabelledRecord> finish() {
    if (unlabelled_ == 0) return std::move(records_);
    std::string names;
    for (const std::string& name : first_unlabelled_)
      names += (names.empty() ? "'" : ", '") + name + "'";
    const std::string text = std::to_string(unlabelled_) + " of " + std::to_string(seen_) +
                             " records have no label in " + labels_.path() + ": " + names +
                             (unlabelled_ > std::ssize(first_unlabelled_) ? ", ..." : "");
    if (options_.unlabelled == UnlabelledRecords::kError) {
      throw Error(text + "; add them, or leave them out with --unlabelled skip");
    }
    if (callbacks_.log) callbacks_.log(text + "; left out");
    return std::move(records_);
  }

 private:
  const LabelledRecordOptions& options_;
  const LabelTable& labels_;
  const ServiceCallbacks& callbacks_;
  std::vector<LabelledRecord> records_;
  std::vector<std::string> first_unlabelled_;
  std::int64_t unlabelled_ = 0;
  std::int64_t seen_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace

std::vector<LabelledRecord> read_labelled_records(const LabelledRecordOptions& options,
                                                  const LabelTable& labels,
                                                  const ServiceCallbacks& callbacks,
                                                  std::stop_token stop) {
  InputRecords source({.paths = options.sequences,
                       .reference = options.reference,
                       .damaged = DamagedRecords::kStop});
  Collector collector(options, labels, callbacks);
  source.for_each([&](InputRecord input) {
    if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
    const std::string& file = source.display_name(input.record.input_number);
    collector.add(std::move(input.record), file);
  });
  log_notes(source.notes(), callbacks);
  if (const std::int64_t further = source.notes().further_alignments;
      further > 0 && callbacks.log) {
    callbacks.log(std::to_string(further) + " secondary or supplementary alignments were left out");
  }
  return collector.finish();
}

}  // namespace paramixer
