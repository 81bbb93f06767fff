#include "app/services/scan.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "app/services/stopwatch.hpp"
#include "core/base/error.hpp"
#include "core/base/named_values.hpp"
#include "core/explain/window_calls.hpp"
#include "core/sequence/invalid_base.hpp"
#include "io/prediction_fields.hpp"
#include "io/track_file.hpp"
#include "io/track_lines.hpp"

namespace paramixer {
namespace {

constexpr NamedValues<ScanFormat, 3> kFormats{
    "format",
    {{{ScanFormat::kBed, "bed"}, {ScanFormat::kBedgraph, "bedgraph"}, {ScanFormat::kTsv, "tsv"}}}};
constexpr std::size_t kWindowsAtOnce = 256;

/// What the windows of a record say.
struct ScannedRecord {
  const SequenceRecord& record;
  std::vector<Window> windows{};
  std::vector<float> probabilities{};  ///< One row a window.
  std::string rejected{};              ///< Why there are none.
};

/// An output of one format.
class ScanWriter {
 public:
  virtual ~ScanWriter() = default;
  virtual void write(const ScannedRecord& scanned) = 0;
  virtual void commit() = 0;
};

std::string class_text(const std::vector<std::string>& classes, std::int32_t number) {
  return number < 0 ? "unclassified" : classes[static_cast<std::size_t>(number)];
}

constexpr const char* kNote =
    "# positions of alignments on the reverse strand are those of the original read\n";

class BedWriter final : public ScanWriter {
 public:
  BedWriter(const ScanOptions& options, const std::vector<std::string>& classes)
      : min_confidence_(options.min_confidence),
        classes_(classes),
        file_(options.output, TrackIndex::kBed) {
    file_.write(kNote);
    // A browser takes the colours of the features only when the track says so; tabix knows no
    // track lines.
    if (!is_compressed_name(options.output)) file_.write("track name=paramixer itemRgb=On\n");
  }

  void write(const ScannedRecord& scanned) override {
    const auto segments =
        scan_segments(scanned.windows, scanned.probabilities, std::ssize(classes_));
    std::string text;
    for (const ScanCall& call : merged_calls(segments, min_confidence_)) {
      append_bed9(text, {{scanned.record.name, call.begin, call.end},
                         class_text(classes_, call.best),
                         call.probability,
                         class_color(call.best)});
    }
    file_.write(text);
  }

  void commit() override { file_.commit(); }

 private:
  double min_confidence_;
  const std::vector<std::string>& classes_;
  TrackFile file_;
};

/// "out.bedgraph.gz" and a class give "out.CLASS.bedgraph.gz".
std::string path_of_class(const std::string& path, std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char letter) { return letter == '/' || letter == ' '; }, '_');
  const std::filesystem::path whole(path);
  std::string file = whole.filename().string();
  const std::size_t dot = std::min(file.find('.', 1), file.size());
  return (whole.parent_path() / (file.substr(0, dot) + "." + name + file.substr(dot))).string();
}

class BedgraphWriter final : public ScanWriter {
 public:
  BedgraphWriter(const ScanOptions& options, const std::vector<std::string>& classes)
      : classes_(std::ssize(classes)) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      if (!options.class_name.empty() && classes[c] != options.class_name) continue;
      const bool all = options.class_name.empty();
      tracks_.push_back(
          {c, TrackFile(all ? path_of_class(options.output, classes[c]) : options.output,
                        TrackIndex::kBed)});
      tracks_.back().file.write(kNote + ("# probability of class " + classes[c]) + "\n");
    }
    if (tracks_.empty()) {
      throw usage_error("the model has no class '" + options.class_name + "'; see: paramixer info");
    }
    if (tracks_.size() > 1 && options.output == "-") {
      throw usage_error(
          "one bedgraph a class cannot go to stdout; choose a --class or an --output");
    }
  }

  void write(const ScannedRecord& scanned) override {
    const auto segments = scan_segments(scanned.windows, scanned.probabilities, classes_);
    for (Track& track : tracks_) {
      std::string text;
      for (const ScanSegment& segment : segments) {
        append_bedgraph(text, {scanned.record.name, segment.begin, segment.end},
                        segment.probabilities[track.number]);
      }
      track.file.write(text);
    }
  }

  void commit() override {
    for (Track& track : tracks_) track.file.commit();
  }

 private:
  struct Track {
    std::size_t number;
    TrackFile file;
  };

  std::int64_t classes_;
  std::vector<Track> tracks_;
};

class TableWriter final : public ScanWriter {
 public:
  TableWriter(const ScanOptions& options, const std::vector<std::string>& classes)
      : min_confidence_(options.min_confidence),
        classes_(classes),
        file_(options.output, TrackIndex::kNone) {
    file_.write("id\tbegin\tend\tclass\tprobability\n");
  }

  void write(const ScannedRecord& scanned) override {
    std::string text;
    for (std::size_t w = 0; w < scanned.windows.size(); ++w) {
      const auto row =
          std::span(scanned.probabilities).subspan(w * classes_.size(), classes_.size());
      const auto top = std::max_element(row.begin(), row.end());
      append_field(text, scanned.record.name);
      const Window& window = scanned.windows[w];
      text += '\t' + std::to_string(window.start + 1) + '\t' +
              std::to_string(window.start + window.length) + '\t';
      append_field(text, class_text(classes_, *top < min_confidence_
                                                  ? -1
                                                  : static_cast<std::int32_t>(top - row.begin())));
      text += '\t';
      append_number(text, *top);
      text += '\n';
    }
    file_.write(text);
  }

  void commit() override { file_.commit(); }

 private:
  double min_confidence_;
  const std::vector<std::string>& classes_;
  TrackFile file_;
};

std::unique_ptr<ScanWriter> make_writer(const ScanOptions& options,
                                        const std::vector<std::string>& classes) {
  switch (options.format) {
    case ScanFormat::kBed:
      return std::make_unique<BedWriter>(options, classes);
    case ScanFormat::kBedgraph:
      return std::make_unique<BedgraphWriter>(options, classes);
    case ScanFormat::kTsv:
      break;
  }
  return std::make_unique<TableWriter>(options, classes);
}

/// Windows of one record through the model.
class Scanner {
 public:
  explicit Scanner(const ScanOptions& options)
      : predictor_(options.model, predictor_options(options)), step_(options.step) {
    if (step_ == 0) step_ = std::max<std::int64_t>(1, predictor_.window() / 2);
    cover_with_windows(0, predictor_.window(), step_);  // Refuses steps that leave gaps.
  }

  const std::vector<std::string>& classes() const { return predictor_.card().config.classes; }

  ScannedRecord scan(const SequenceRecord& record, const std::stop_token& stop) {
    ScannedRecord scanned{.record = record};
    const std::string& bases = record.sequence;
    scanned.windows = cover_with_windows(std::ssize(bases), predictor_.window(), step_);
    if (scanned.windows.empty()) scanned.rejected = "no bases";
    const std::string invalid = describe_invalid_base(bases);
    if (!invalid.empty()) {
      scanned.rejected = invalid;
      return scanned;
    }
    for (std::size_t first = 0; first < scanned.windows.size(); first += kWindowsAtOnce) {
      if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
      std::vector<std::string> pieces;
      const std::size_t last = std::min(first + kWindowsAtOnce, scanned.windows.size());
      for (std::size_t w = first; w < last; ++w) {
        pieces.push_back(bases.substr(static_cast<std::size_t>(scanned.windows[w].start),
                                      static_cast<std::size_t>(scanned.windows[w].length)));
      }
      for (const Prediction& prediction : predictor_.predict(pieces)) {
        if (prediction.status == RecordStatus::kRejected) scanned.rejected = prediction.reason;
        scanned.probabilities.insert(scanned.probabilities.end(), prediction.probabilities.begin(),
                                     prediction.probabilities.end());
      }
    }
    return scanned;
  }

 private:
  static PredictorOptions predictor_options(const ScanOptions& options) {
    PredictorOptions predictor = options.predictor;
    predictor.window = options.window;
    predictor.min_confidence = 0.0;
    return predictor;
  }

  Predictor predictor_;
  std::int64_t step_;
};

}  // namespace

ScanFormat scan_format_from(std::string_view name) { return kFormats.value_from(name); }
const char* name_of(ScanFormat format) { return kFormats.name_of(format); }

ScanSummary scan(const ScanOptions& options, const ServiceCallbacks& callbacks,
                 std::stop_token stop) {
  const Stopwatch watch;
  if (options.step < 0 || options.window < 0) {
    throw usage_error("a window and a step have 0 or more bases");
  }
  InputRecords source(options.input);
  Scanner scanner(options);
  const auto writer = make_writer(options, scanner.classes());
  ScanSummary summary;
  source.for_each([&](const InputRecord& input) {
    ++summary.records;
    summary.bases += std::ssize(input.record.sequence);
    const ScannedRecord scanned = scanner.scan(input.record, stop);
    if (scanned.rejected.empty()) {
      summary.windows += std::ssize(scanned.windows);
      writer->write(scanned);
    } else {
      ++summary.rejected;
      if (callbacks.rejected) {
        callbacks.rejected({source.display_name(input.input), input.record.name, scanned.rejected});
      }
    }
    if (callbacks.progress) {
      callbacks.progress({.phase = "scan", .done = summary.records, .bases = summary.bases});
    }
  });
  writer->commit();
  summary.seconds = watch.seconds();
  return summary;
}

}  // namespace paramixer
