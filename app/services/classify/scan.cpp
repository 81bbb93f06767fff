#include "app/services/classify/scan.hpp"

#include <algorithm>

#include "app/services/base/stopwatch.hpp"
#include "app/services/classify/scan_writer.hpp"
#include "core/base/error.hpp"
#include "core/explain/window_calls.hpp"
#include "core/sequence/evidence.hpp"
#include "core/sequence/invalid_base.hpp"
#include "io/files/output_name.hpp"
#include "io/sequence/name_set.hpp"
#include "io/tracks/bigwig.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kWindowsAtOnce = 256;

/// Whether the format shows probabilities rather than calls.
bool is_track(ScanFormat format) {
  return format == ScanFormat::kBedgraph || format == ScanFormat::kBigwig;
}

/// Checks that are possible before a model is loaded.
void check_options(const ScanOptions& options) {
  if (options.step < 0 || options.window < 0) {
    throw usage_error("window and step must be 0 or more bases");
  }
  if (!(options.min_confidence >= 0.0 && options.min_confidence <= 1.0)) {
    throw usage_error("the confidence must be a probability from 0 to 1");
  }
  const bool track = is_track(options.format);
  if (!track && !options.class_name.empty()) {
    throw usage_error(std::string("the format ") + name_of(options.format) +
                      " shows the calls of all classes; a --class is for bedgraph and bigwig");
  }
  if (track && options.min_confidence > 0.0) {
    throw usage_error(std::string("the format ") + name_of(options.format) +
                      " shows probabilities; --min-confidence is for the calls of bed and tsv");
  }
  if (options.format == ScanFormat::kBigwig) check_bigwig_output(options.output);
}

/// Windows of one record through the model.
class Scanner {
 public:
  explicit Scanner(const ScanOptions& options)
      : predictor_(options.model, predictor_options(options)),
        step_(options.step),
        max_unknown_(options.predictor.max_unknown) {
    if (step_ == 0) step_ = std::max<std::int64_t>(1, predictor_.window() / 2);
    cover_with_windows(0, predictor_.window(), step_);  // Refuses steps that leave gaps.
  }

  const std::vector<std::string>& classes() const { return predictor_.card().config.classes; }

  /// `progress` hears of the bases that are done.
  ScannedRecord scan(const InputRecord& input, const std::function<void(std::int64_t)>& progress) {
    const std::string& bases = input.record.sequence;
    ScannedRecord scanned{
        .sequence = input.cut ? input.cut->name : input.record.id(),
        .windows = cover_with_windows(std::ssize(bases), predictor_.window(), step_)};
    scanned.rejected = input.record.damage;
    if (scanned.rejected.empty()) {
      scanned.rejected = scanned.windows.empty() ? "no bases" : describe_invalid_base(bases);
    }
    if (!scanned.rejected.empty()) return scanned;
    for (std::size_t first = 0; first < scanned.windows.size(); first += kWindowsAtOnce) {
      progress(scanned.windows[first].start);
      std::vector<std::string> pieces;
      const std::size_t last = std::min(first + kWindowsAtOnce, scanned.windows.size());
      for (std::size_t w = first; w < last; ++w) {
        pieces.push_back(bases.substr(static_cast<std::size_t>(scanned.windows[w].start),
                                      static_cast<std::size_t>(scanned.windows[w].length)));
      }
      for (const Prediction& prediction : predictor_.predict(pieces)) {
        if (prediction.status == RecordStatus::kRejected) scanned.rejected = prediction.reason;
        append(prediction, scanned);
      }
    }
    scanned.gaps = unknown_runs(bases, longest_bridge());
    if (input.cut) {
      for (Window& window : scanned.windows) window.start += input.cut->begin - 1;
      for (Window& gap : scanned.gaps) gap.start += input.cut->begin - 1;
    }
    return scanned;
  }

 private:
  static PredictorOptions predictor_options(const ScanOptions& options) {
    PredictorOptions predictor = options.predictor;
    predictor.window = options.window;
    predictor.min_confidence = 0.0;
    if (is_track(options.format)) predictor.max_novelty = 1.0;
    return predictor;
  }

  /// Largest number of unknown bases in a window with evidence.
  std::int64_t longest_bridge() const {
    return static_cast<std::int64_t>(max_unknown_ * static_cast<double>(predictor_.window()));
  }

  void append(const Prediction& prediction, ScannedRecord& scanned) const {
    std::vector<float>& rows = scanned.probabilities;
    if (prediction.status == RecordStatus::kOk && prediction.unclassified) {
      rows.insert(rows.end(), classes().size(), kNoAnswer);
    } else if (prediction.status == RecordStatus::kNoEvidence) {
      rows.insert(rows.end(), classes().size(), kNoAnswer);
      ++scanned.no_evidence;
    } else {
      rows.insert(rows.end(), prediction.probabilities.begin(), prediction.probabilities.end());
    }
  }

  Predictor predictor_;
  std::int64_t step_;
  double max_unknown_;
};

/// Finds repeated names, which a tabix index cannot hold.
class IndexedNames {
 public:
  explicit IndexedNames(const ScanOptions& options)
      : is_indexed_(
            is_compressed_name(options.output) &&
            (options.format == ScanFormat::kBed || options.format == ScanFormat::kBedgraph)) {}

  void add(const std::string& name, const std::string& file) {
    if (!is_indexed_ || names_.insert(name)) return;
    throw Error({.file = file, .record = name},
                "the name appears twice, but the tabix index of the output needs different names; "
                "choose an output without .gz");
  }

 private:
  bool is_indexed_;
  NameSet names_;
};

}  // namespace

ScanSummary scan(const ScanOptions& options, const ServiceCallbacks& callbacks,
                 std::stop_token stop) {
  const Stopwatch watch;
  check_options(options);
  InputRecords source(options.input);
  Scanner scanner(options);
  const auto writer = make_scan_writer(options, scanner.classes());
  IndexedNames names(options);
  ScanSummary summary;
  source.for_each([&](const InputRecord& input) {
    const auto report = [&](std::int64_t bases) {
      if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
      if (!callbacks.progress) return;
      callbacks.progress(
          {.phase = "scan", .done = summary.records, .bases = summary.bases + bases});
    };
    const ScannedRecord scanned = scanner.scan(input, report);
    if (scanned.rejected.empty()) {
      names.add(scanned.sequence, source.display_name(input.record.input_number));
      summary.windows += std::ssize(scanned.windows);
      summary.no_evidence += scanned.no_evidence;
      writer->write(scanned);
    } else {
      ++summary.rejected;
      if (callbacks.rejected) {
        callbacks.rejected(
            {source.display_name(input.record.input_number), input.record.id(), scanned.rejected});
      }
    }
    ++summary.records;
    summary.bases += std::ssize(input.record.sequence);
    report(0);
  });
  writer->commit();
  log_notes(source.notes(), callbacks);
  summary.notes = source.notes();
  summary.seconds = watch.seconds();
  return summary;
}

}  // namespace paramixer
