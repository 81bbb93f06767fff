#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/prediction.hpp"
#include "io/files/output_file.hpp"
#include "io/sequence/sequence_record.hpp"

struct sam_hdr_t;

namespace paramixer {

enum class PredictionFormat { kTsv, kJsonl, kBam, kSam };

template <>
struct EnumNames<PredictionFormat> {
  static constexpr const char* kWhat = "format";
  static constexpr EnumName<PredictionFormat> kTable[] = {{PredictionFormat::kTsv, "tsv"},
                                                          {PredictionFormat::kJsonl, "jsonl"},
                                                          {PredictionFormat::kBam, "bam"},
                                                          {PredictionFormat::kSam, "sam"}};
};
/// BAM and SAM: the input's own records, with one header; an interrupted run cannot go on with
/// them.
bool holds_alignments(PredictionFormat format);

enum class ScoreColumns { kNone, kAllClasses };

struct PredictionWriterOptions {
  PredictionFormat format = PredictionFormat::kTsv;
  std::string path = "-";
  std::vector<std::string> classes;
  ScoreColumns scores = ScoreColumns::kNone;
  /// TSV and JSONL: names of the inputs, by SequenceRecord::input, for the column `file`. Empty: no
  /// such column.
  std::vector<std::string> files{};
  OutputStart start = OutputStart::kFresh;  ///< kResume: TSV and JSONL only; no second header.
  int threads = 1;                          ///< Compression threads for BAM.
  /// BAM only. Header of the input; null makes an unaligned BAM header.
  std::shared_ptr<const sam_hdr_t> header;
  std::string program_version;  ///< For @PG.
  std::string command_line;     ///< For @PG.
};

/// Writes predictions in the order they are given.
///
/// TSV: `id length class probability second_class second_probability entropy novelty status`, then
/// `file` where there are several, then with kAllClasses one more column per class. `id` is
/// SequenceRecord::id(). Probabilities have 6 significant digits. A record without an answer has
/// `.` for second class, probabilities, entropy and novelty, and its reason in `status` (otherwise
/// `ok`); its class is `.` if it was rejected and `unclassified` without evidence. `class` is
/// `unclassified` for unclassified records too. Tabs and control characters in names become spaces.
/// JSONL: the same keys, one object a line, null for `.`; `scores` is an object. Both are
/// compressed as BGZF when the name of the output says so. BAM and SAM: the input's records with
/// all flags and tags, plus xc:Z, xp:f, xe:f, xn:f (existing ones are replaced); a record without
/// an answer keeps its bases and gets no xp and xe, and no xc if it was rejected. FASTA and FASTQ
/// become unaligned records (flag 4). A @PG line is chained to the input's last one.
class PredictionWriter {
 public:
  virtual ~PredictionWriter() = default;
  virtual void write(const SequenceRecord& record, const Prediction& prediction) = 0;
  /// Hands finished records to the operating system, so that an interrupted run can go on after
  /// them.
  virtual void flush() = 0;
  /// Completes the file and gives it its final name.
  virtual void commit() = 0;
};

/// Throws Error when the output cannot be opened, and a usage Error for kResume with BAM
/// and SAM.
std::unique_ptr<PredictionWriter> make_prediction_writer(const PredictionWriterOptions& options);

/// The name of a record as recover_partial_predictions() reads it back: control characters are
/// spaces in TSV, and what is not UTF-8 is U+FFFD in JSONL.
std::string written_id(const std::string& name, PredictionFormat format);

/// Reads back the ids of the complete lines of a partial TSV or JSONL and cuts off what follows
/// them, so that the writer can go on. In BGZF whole blocks are kept, up to the last one that ends
/// with a line. An absent file gives an empty list.
std::vector<std::string> recover_partial_predictions(const std::string& partial_path,
                                                     PredictionFormat format);

}  // namespace paramixer
