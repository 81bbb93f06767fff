#include "app/services/explore/record_catalog.hpp"

#include <optional>
#include <utility>

#include "app/services/classify/prediction_pipeline.hpp"
#include "core/base/error.hpp"

namespace paramixer {
namespace {

/// Ends reading when enough has been read.
struct ReadEnough {};

}  // namespace

CatalogSummary catalog_records(const CatalogOptions& options, Predictor& predictor,
                               const CatalogCallbacks& callbacks, std::stop_token stop) {
  InputRecords source(options.input);
  CatalogSummary summary;
  std::int64_t accepted = 0;
  std::vector<CatalogEntry> entries;
  const PipelineHooks hooks{.accept =
                                [&](const InputRecord&) {
                                  if (accepted++ == options.most_records) throw ReadEnough{};
                                  return true;
                                },
                            .write =
                                [&](const InputRecord& input, const Prediction& prediction) {
                                  ++summary.records;
                                  summary.bases += std::ssize(input.record.sequence);
                                  entries.push_back({.name = input.record.id(),
                                                     .length = std::ssize(input.record.sequence),
                                                     .input_number = input.record.input_number,
                                                     .index = input.record.index,
                                                     .reverse_strand = input.record.reverse_strand,
                                                     .prediction = prediction});
                                },
                            .batch_written =
                                [&](const Progress& progress) {
                                  callbacks.records(std::exchange(entries, {}));
                                  if (callbacks.progress) callbacks.progress(progress);
                                }};
  try {
    run_prediction_pipeline(source, predictor, hooks, stop);
  } catch (const ReadEnough&) {
    summary.complete = false;
  }
  return summary;
}

InputRecord read_catalog_record(const InputOptions& input, const CatalogEntry& entry,
                                std::stop_token stop) {
  const std::string& path = input.paths.at(entry.input_number);
  InputOptions only = input;
  only.paths = {path};
  only.duplicates = DuplicateNames::kAllow;
  InputRecords source(only);
  std::optional<InputRecord> found;
  try {
    source.for_each([&](InputRecord record) {
      if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
      if (record.record.index != entry.index) return;
      found = std::move(record);
      throw ReadEnough{};
    });
  } catch (const ReadEnough&) {
    // The one record is all that was wanted.
  }
  const bool same = found && found->record.id() == entry.name &&
                    std::ssize(found->record.sequence) == entry.length;
  if (!same) {
    throw Error({.file = path, .record = entry.name},
                "no longer exists; the file has changed, so open it again");
  }
  if (!found->record.damage.empty()) {
    throw Error({.file = path, .record = entry.name}, found->record.damage);
  }
  found->record.input_number = entry.input_number;
  return *std::move(found);
}

}  // namespace paramixer
