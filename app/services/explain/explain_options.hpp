#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/services/records/input_records.hpp"
#include "app/services/records/named_record.hpp"
#include "core/base/enum_names.hpp"
#include "core/explain/factor_product.hpp"
#include "core/explain/link_list.hpp"
#include "core/explain/motif_summary.hpp"
#include "core/explain/perturbation.hpp"
#include "models/explain/explainer.hpp"

namespace paramixer {

enum class ExplainQuestion {
  kLinks,           ///< Which positions mix with which, in each factor.
  kAttribution,     ///< What every base contributes to a class.
  kReceptiveField,  ///< What one position takes from, or gives to, all others over all factors.
  kTable,           ///< The links of every token of a folded model's block.
  kMotifs,          ///< K-mers and pairs of k-mers that contribute most over all records.
  kMutagenesis,     ///< What every change of a base does to a class.
  kPerturbation,    ///< Whether the answer falls when the top-attributed bases are disturbed.
};

template <>
struct EnumNames<ExplainQuestion> {
  static constexpr const char* kWhat = "question";
  static constexpr EnumName<ExplainQuestion> kTable[] = {
      {ExplainQuestion::kLinks, "links"},
      {ExplainQuestion::kAttribution, "attribution"},
      {ExplainQuestion::kReceptiveField, "receptive-field"},
      {ExplainQuestion::kTable, "table"},
      {ExplainQuestion::kMotifs, "motifs"},
      {ExplainQuestion::kMutagenesis, "mutagenesis"},
      {ExplainQuestion::kPerturbation, "perturbation"}};
};

enum class ExplanationFormat { kTsv, kJsonl, kBedgraph, kBigwig, kBedpe };

template <>
struct EnumNames<ExplanationFormat> {
  static constexpr const char* kWhat = "format";
  static constexpr EnumName<ExplanationFormat> kTable[] = {
      {ExplanationFormat::kTsv, "tsv"},
      {ExplanationFormat::kJsonl, "jsonl"},
      {ExplanationFormat::kBedgraph, "bedgraph"},
      {ExplanationFormat::kBigwig, "bigwig"},
      {ExplanationFormat::kBedpe, "bedpe"}};
};

enum class ReceptiveFieldSide {
  kRow,     ///< What a position takes from the inputs.
  kColumn,  ///< What a position's input gives to the outputs.
};

template <>
struct EnumNames<ReceptiveFieldSide> {
  static constexpr const char* kWhat = "value of --side";
  static constexpr EnumName<ReceptiveFieldSide> kTable[] = {
      {ReceptiveFieldSide::kRow, "row"}, {ReceptiveFieldSide::kColumn, "column"}};
};

struct LinkChoices {
  std::int64_t block = 1;   ///< Blocks and factors count from 1.
  std::int64_t factor = 0;  ///< 0: all.
  LinkChoice choice = LinkChoice::kAll;
  std::int64_t top = 0;
};

struct ReceptiveFieldChoices {
  std::int64_t position = 0;  ///< 1-based base of the record; 0: the binned matrix.
  ReceptiveFieldSide side = ReceptiveFieldSide::kRow;
  Residual residual = Residual::kKeep;
  std::int64_t bins = 256;
};

struct PerturbationChoices {
  Perturbation kind = Perturbation::kShuffle;
  std::int64_t repeats =
      10;  ///< Number of random choices to compare the top-attributed bases with.
  std::uint64_t seed = 1;
};

struct ExplainOptions {
  std::string model{};
  InputOptions input{};
  ExplainerOptions explainer{};
  ExplainQuestion question = ExplainQuestion::kAttribution;
  std::string record{};  ///< Empty: the only one; for motifs all.
  std::optional<BaseRange> region{};
  std::string class_name{};  ///< Empty: the most probable class.
  std::string against{};     ///< Empty: the logit itself, not a difference.
  AttributionMethod method = AttributionMethod::kAuto;
  LinkChoices links{};
  ReceptiveFieldChoices receptive_field{};
  MotifSettings motifs{};
  PerturbationChoices perturbation{};
  ExplanationFormat format = ExplanationFormat::kTsv;
  std::string output{"-"};
};

struct ExplainSummary {
  std::int64_t records = 0;
  std::int64_t rejected = 0;
  std::int64_t rows = 0;
  double seconds = 0.0;
};

}  // namespace paramixer
