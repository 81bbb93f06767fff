#include "app/services/records/labelled_records.hpp"

#include <array>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/error.hpp"
#include "core/sequence/invalid_base.hpp"
#include "io/files/excerpt.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kNamesShown = 5;

std::string gigabytes(std::int64_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g GB", static_cast<double>(bytes) * 1e-9);
  return text.data();
}

/// Why nothing can be learned from the bases; empty for sound ones.
std::string why_unusable(std::string_view bases, std::int64_t least_bases) {
  const std::int64_t length = std::ssize(bases);
  if (length == 0) return "no bases";
  if (length < least_bases) {
    return "too short: " + std::to_string(length) + " bases, the model needs " +
           std::to_string(least_bases);
  }
  return describe_invalid_base(bases);
}

/// Collects records and the names that have no label.
class Collector {
 public:
  Collector(const LabelledRecordOptions& options, const LabelSource& labels,
            const ServiceCallbacks& callbacks)
      : options_(options), labels_(labels), callbacks_(callbacks) {}

  void add(SequenceRecord record, const std::string& file) {
    ++seen_;
    // A damaged record may have lost its name; the label table then cannot know it.
    if (!record.damage.empty()) return reject(record, file, record.damage);
    const std::optional<Label> label = labels_.label_of(record);
    if (!label) {
      ++unlabelled_;
      if (first_unlabelled_.size() < kNamesShown) first_unlabelled_.push_back(record.id());
      return;
    }
    const std::string problem = why_unusable(record.sequence, options_.least_bases);
    if (!problem.empty()) return reject(record, file, problem);
    bytes_ += static_cast<std::int64_t>(record.sequence.size());
    if (bytes_ > options_.max_bytes) {
      throw Error({.file = file, .record = record.name},
                  "the training sequences exceed the memory limit of " +
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
    const std::string text = std::to_string(unlabelled_) + " of " + std::to_string(seen_) +
                             " records have no class in " + labels_.place() + ": " +
                             listed(first_unlabelled_) +
                             (unlabelled_ > std::ssize(first_unlabelled_) ? ", ..." : "");
    if (options_.unlabelled == UnlabelledRecords::kError) {
      throw Error(text + "; " + labels_.remedy() + ", or leave them out with --unlabelled skip");
    }
    if (callbacks_.log) callbacks_.log(text + "; left out");
    return std::move(records_);
  }

 private:
  void reject(const SequenceRecord& record, const std::string& file,
              const std::string& reason) const {
    if (callbacks_.rejected) callbacks_.rejected({file, record.id(), reason});
  }

  const LabelledRecordOptions& options_;
  const LabelSource& labels_;
  const ServiceCallbacks& callbacks_;
  std::vector<LabelledRecord> records_;
  std::vector<std::string> first_unlabelled_;
  std::int64_t unlabelled_ = 0;
  std::int64_t seen_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace

std::vector<LabelledRecord> read_labelled_records(const LabelledRecordOptions& options,
                                                  const LabelSource& labels,
                                                  const ServiceCallbacks& callbacks,
                                                  std::stop_token stop) {
  InputRecords source(
      {.paths = options.sequences, .reference = options.reference, .damaged = options.damaged});
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
