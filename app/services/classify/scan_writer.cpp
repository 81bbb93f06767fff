#include "app/services/classify/scan_writer.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

#include "core/base/error.hpp"
#include "core/explain/window_calls.hpp"
#include "io/files/output_file.hpp"
#include "io/files/output_name.hpp"
#include "io/files/text_output.hpp"
#include "io/predictions/prediction_fields.hpp"
#include "io/tracks/bigwig.hpp"
#include "io/tracks/track_lines.hpp"

namespace paramixer {
namespace {

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
    // A browser uses the features' colours only if the track line says so; tabix does not support
    // track lines.
    if (!is_compressed_name(options.output)) file_.write("track name=paramixer itemRgb=On\n");
  }

  void write(const ScannedRecord& scanned) override {
    const auto segments =
        scan_segments(scanned.windows, scanned.probabilities, std::ssize(classes_), scanned.gaps);
    std::string text;
    for (const ScanCall& call : merged_calls(segments, min_confidence_)) {
      append_bed9(text, {{scanned.sequence, call.begin, call.end},
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
  TextOutput file_;
};

/// "out.bedgraph.gz" and a class give "out.CLASS.bedgraph.gz". A class name as part of a file name:
/// unusual letters are percent-encoded (%2F for '/'), so that different classes get different
/// files.
std::string file_name_part(const std::string& class_name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string part;
  for (const char letter : class_name) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool usual = byte > 0x7F || std::isalnum(byte) != 0 || letter == '-' || letter == '_' ||
                       letter == '.' || letter == '+';
    if (usual) {
      part += letter;
    } else {
      part += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return part;
}

std::string path_of_class(const std::string& path, const std::string& class_name) {
  const std::string name = file_name_part(class_name);
  const std::filesystem::path whole(path);
  std::string file = whole.filename().string();
  const std::size_t dot = std::min(file.find('.', 1), file.size());
  return (whole.parent_path() / (file.substr(0, dot) + "." + name + file.substr(dot))).string();
}

/// The classes whose probabilities are shown, each in its own file.
struct ClassTrack {
  std::size_t number = 0;
  std::string path;
};

std::vector<ClassTrack> class_tracks(const ScanOptions& options,
                                     const std::vector<std::string>& classes) {
  if (!options.class_name.empty()) {
    const auto found = std::find(classes.begin(), classes.end(), options.class_name);
    if (found != classes.end()) {
      return {{static_cast<std::size_t>(found - classes.begin()), options.output}};
    }
    throw usage_error("the model has no class '" + options.class_name + "'; see: paramixer info");
  }
  if (partial_path_of(options.output) == options.output) {
    throw usage_error(std::string("one ") + name_of(options.format) +
                      " per class cannot go to stdout or a pipe; choose a --class or an --output");
  }
  std::vector<ClassTrack> tracks;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    tracks.push_back({c, path_of_class(options.output, classes[c])});
  }
  return tracks;
}

class BedgraphWriter final : public ScanWriter {
 public:
  BedgraphWriter(const ScanOptions& options, const std::vector<std::string>& classes)
      : classes_(std::ssize(classes)) {
    for (const ClassTrack& track : class_tracks(options, classes)) {
      files_.push_back({track.number, TextOutput(track.path, TrackIndex::kBed)});
      files_.back().file.write(kNote + ("# probability of class " + classes[track.number]) + "\n");
    }
  }

  void write(const ScannedRecord& scanned) override {
    const auto segments =
        scan_segments(scanned.windows, scanned.probabilities, classes_, scanned.gaps);
    for (ClassFile& own : files_) {
      std::string text;
      for (const ScanSegment& segment : segments) {
        if (segment.probabilities.empty()) continue;
        append_bedgraph(text, {scanned.sequence, segment.begin, segment.end},
                        segment.probabilities[own.number]);
      }
      own.file.write(text);
    }
  }

  void commit() override {
    for (ClassFile& own : files_) own.file.commit();
  }

 private:
  struct ClassFile {
    std::size_t number;
    TextOutput file;
  };

  std::int64_t classes_;
  std::vector<ClassFile> files_;
};

/// A bigWig file lists all its sequences first, so everything waits for the commit.
class BigwigWriter final : public ScanWriter {
 public:
  BigwigWriter(const ScanOptions& options, const std::vector<std::string>& classes)
      : classes_(std::ssize(classes)) {
    for (ClassTrack& track : class_tracks(options, classes)) {
      tracks_.push_back({std::move(track), {}});
    }
  }

  void write(const ScannedRecord& scanned) override {
    const auto segments =
        scan_segments(scanned.windows, scanned.probabilities, classes_, scanned.gaps);
    for (auto& [track, sequences] : tracks_) {
      BigwigSequence& sequence = sequences.emplace_back();
      sequence.name = scanned.sequence;
      sequence.length = segments.back().end;
      for (const ScanSegment& segment : segments) {
        if (segment.probabilities.empty()) continue;
        sequence.values.push_back(
            {segment.begin, segment.end, segment.probabilities[track.number]});
      }
    }
  }

  void commit() override {
    for (auto& [track, sequences] : tracks_) write_bigwig(track.path, std::move(sequences));
  }

 private:
  std::int64_t classes_;
  std::vector<std::pair<ClassTrack, std::vector<BigwigSequence>>> tracks_;
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
      append_field(text, scanned.sequence);
      const Window& window = scanned.windows[w];
      text += '\t' + std::to_string(window.start + 1) + '\t' +
              std::to_string(window.start + window.length) + '\t';
      const bool answered = !std::isnan(*top);
      const bool sure = answered && *top >= min_confidence_;
      append_field(text,
                   class_text(classes_, sure ? static_cast<std::int32_t>(top - row.begin()) : -1));
      text += '\t';
      if (answered) {
        append_number(text, *top);
      } else {
        text += '.';
      }
      text += '\n';
    }
    file_.write(text);
  }

  void commit() override { file_.commit(); }

 private:
  double min_confidence_;
  const std::vector<std::string>& classes_;
  TextOutput file_;
};

}  // namespace

std::unique_ptr<ScanWriter> make_scan_writer(const ScanOptions& options,
                                             const std::vector<std::string>& classes) {
  switch (options.format) {
    case ScanFormat::kBed:
      return std::make_unique<BedWriter>(options, classes);
    case ScanFormat::kBedgraph:
      return std::make_unique<BedgraphWriter>(options, classes);
    case ScanFormat::kBigwig:
      return std::make_unique<BigwigWriter>(options, classes);
    case ScanFormat::kTsv:
      break;
  }
  return std::make_unique<TableWriter>(options, classes);
}

}  // namespace paramixer
