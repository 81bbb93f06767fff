#include <algorithm>

#include "app/cli/command.hpp"
#include "app/cli/input_totals.hpp"
#include "app/cli/quantities.hpp"
#include "app/cli/shared_options.hpp"
#include "app/services/explain/explain.hpp"
#include "core/base/error.hpp"
#include "core/explain/receptive_field.hpp"
#include "models/config/setting_ranges.hpp"
#include "models/network/device.hpp"

namespace paramixer {
namespace {

constexpr NumberRange kRepeats{1.0, 1e6};
constexpr NumberRange kMotifLengths{2.0, 64.0};
constexpr NumberRange kTops{0.0, 1e9};
constexpr NumberRange kFactorCounts{0.0, 60.0};
constexpr NumberRange kPositions{0.0, 1e15};
constexpr NumberRange kBins{1.0, static_cast<double>(kMostReceptiveFieldBins)};

constexpr const char* kAbout =
    R"(Shows why a record gets its class. Questions for --what:
  links            which positions mix with which, in each factor
  attribution      the contribution of every base; exact for models with one block
  receptive-field  what one position takes from all others through all factors (--position), or
                   the whole product of the factors in bins
  table            the links of every token (for models whose links depend on the token alone)
  motifs           the k-mers and pairs of k-mers that contribute most, over all records
  mutagenesis      the effect of every base change in --region; each of the three changes per base
                   costs a forward pass of its window, on both strands if the model uses both
  perturbation     whether the probability falls when the top-attributed bases are disturbed
The weight of a link is not its importance.
Positions, factors and blocks count from 1; BED-like intervals are 0-based and half-open. Gaps
('-' and '.') and a final '*' are removed from FASTA sequences; positions are those of the sequence
without them. For aligned reads, the primary alignment is explained. An output name ending in .gz
or .bgz gives BGZF, with a tabix index for bedgraph and bedpe; bigwig needs a build with libBigWig.)";

constexpr const char* kExample =
    R"(  paramixer explain --model motif.safetensors --what attribution --record motif_000000 motif.fa
  paramixer explain --model motif.safetensors --what links --record motif_000000 --top 100 \
      --format bedpe --output links.bedpe.gz motif.fa)";

void add_record_options(CommandOptions& options, const ExplainOptions& defaults) {
  OptionGroup& record =
      options.group("Record (FASTA, FASTQ, SAM, BAM or CRAM, plain or gz; '-' is stdin)");
  record
      .text("record", "NAME",
            "record to explain; required if there are several; NAME/1 and NAME/2 are the reads of "
            "a pair")
      .text("region", "A-B", "only this part of the record, both ends included; or NAME:A-B")
      .input_file("reference", "FASTA", "reference sequences, for CRAM that needs them")
      .choice("strand", defaults.explainer.strand, "strand to explain; links: forward by default")
      .integer("window", 0, kLengthRange, "bases the model sees at once; 0: as in training");
  add_max_unknown_option(record);
}

void add_class_options(CommandOptions& options, const ExplainOptions& defaults) {
  options.group("Attribution, mutagenesis, motifs, perturbation")
      .text("class", "NAME", "class to explain; default: the most probable")
      .text("against", "NAME", "explain the difference from this class")
      .choice("method", defaults.method, "how contributions are computed")
      .integer("steps", defaults.explainer.steps, kRepeats, "of integrated gradients")
      .integer("batch-size", defaults.explainer.batch_size, kBatchRange,
               "sequences computed at once")
      .integer("motif-length", defaults.motifs.length, kMotifLengths, "bases of a k-mer")
      .choice("perturb", defaults.perturbation.kind, "how to disturb bases")
      .integer("repeats", defaults.perturbation.repeats, kRepeats,
               "number of random choices to compare with")
      .integer("seed", 1, kSeedRange, "seed of the random choices");
}

void add_link_options(CommandOptions& options, const ExplainOptions& defaults) {
  options.group("Links, receptive field, table")
      .integer("top", 0, kTops,
               "links: only the N strongest; motifs: number of results; 0: all links, 50 motifs")
      .choice("per", LinkChoice::kTopOverall,
              "apply --top to all links, per factor, or per position")
      .integer("factor", 0, kFactorCounts, "only this factor; 0: all")
      .integer("block", 1, model_setting_range("blocks"), "block of the model")
      .integer("position", 0, kPositions, "receptive field of this position; 0: the binned matrix")
      .choice("side", defaults.receptive_field.side,
              "what the position takes (row) or gives (column)")
      .integer("bins", defaults.receptive_field.bins, kBins,
               "number of rows and columns of the matrix")
      .flag("no-residual", "multiply the W_m without the residual");
}

CommandOptions explain_options() {
  const ExplainOptions defaults;
  CommandOptions options({.usage = "explain --model M --what QUESTION [options] INPUT...",
                          .about = kAbout,
                          .example = kExample});
  options.group("Question and output")
      .input_file("model", "FILE", "model file (required)")
      .text("what", "QUESTION", "what to explain", name_of(defaults.question))
      .output_file("output",
                   {.default_text = "-",
                    .formats = all_names<ExplanationFormat>(),
                    .format_option = "format"},
                   "'-' is stdout; a file appears only when complete")
      .text("format", joined_names(all_names<ExplanationFormat>()),
            "default: from the ending of the output's name, otherwise tsv");
  options.take_words(1 << 20);
  add_record_options(options, defaults);
  add_class_options(options, defaults);
  add_link_options(options, defaults);
  add_cpu_options(options);
  return options;
}

/// Throws a usage Error for an option that the question ignores.
void refuse_inapplicable_options(const ParsedOptions& parsed, ExplainQuestion question) {
  using enum ExplainQuestion;
  using Questions = std::vector<ExplainQuestion>;
  const Questions of_records{kLinks,  kAttribution, kReceptiveField,
                             kMotifs, kMutagenesis, kPerturbation};
  const Questions of_classes{kAttribution, kMotifs, kMutagenesis, kPerturbation};
  const Questions of_attributions{kAttribution, kMotifs, kPerturbation};
  const std::vector<std::pair<const char*, Questions>> applies_to{
      {"record", of_records},
      {"region", {kLinks, kAttribution, kReceptiveField, kMutagenesis}},
      {"strand", of_records},
      {"window", of_records},
      {"max-unknown", of_records},
      {"class", of_classes},
      {"against", of_classes},
      {"method", of_attributions},
      {"steps", of_attributions},
      {"batch-size", of_classes},
      {"motif-length", {kMotifs}},
      {"perturb", {kPerturbation}},
      {"repeats", {kPerturbation}},
      {"seed", {kPerturbation}},
      {"top", {kLinks, kMotifs}},
      {"per", {kLinks}},
      {"factor", {kLinks, kTable}},
      {"block", {kLinks, kReceptiveField, kTable}},
      {"position", {kReceptiveField}},
      {"side", {kReceptiveField}},
      {"bins", {kReceptiveField}},
      {"no-residual", {kReceptiveField}}};
  for (const auto& [option, questions] : applies_to) {
    if (!parsed.given(option) || std::ranges::find(questions, question) != questions.end())
      continue;
    std::string list;
    for (const ExplainQuestion own : questions) {
      list += (list.empty() ? "" : ", ") + std::string(name_of(own));
    }
    throw usage_error(std::string("--") + option + " does not fit --what " + name_of(question) +
                      "; it is for " + list);
  }
}

/// The same for options that need or exclude another one.
void refuse_incomplete_options(const ParsedOptions& parsed) {
  if (parsed.given("per") && parsed.integer("top") == 0) {
    throw usage_error("--per needs --top, the number of links to keep");
  }
  if (parsed.given("side") && parsed.integer("position") == 0) {
    throw usage_error("--side needs --position: it selects the row or column of one position");
  }
  if (parsed.given("bins") && parsed.integer("position") > 0) {
    throw usage_error("--bins applies to the whole matrix; leave out --position or --bins");
  }
}

LinkChoices link_choices_from(const ParsedOptions& parsed) {
  LinkChoices links{.block = parsed.integer("block"),
                    .factor = parsed.integer("factor"),
                    .top = parsed.integer("top")};
  const LinkChoice per = parsed.choice<LinkChoice>("per");
  links.choice = links.top == 0 ? LinkChoice::kAll : per;
  return links;
}

ExplainOptions options_from(const ParsedOptions& parsed) {
  ExplainOptions options{
      .model = parsed.required("model"),
      .explainer = {.window = parsed.integer("window"),
                    .strand = parsed.choice<ExplainedStrand>("strand"),
                    .steps = parsed.integer("steps"),
                    .batch_size = parsed.integer("batch-size"),
                    .max_unknown = max_unknown_from(parsed)},
      .question = parsed.choice<ExplainQuestion>("what"),
      .record = parsed.text("record"),
      .class_name = parsed.text("class"),
      .against = parsed.text("against"),
      .method = parsed.choice<AttributionMethod>("method"),
      .links = link_choices_from(parsed),
      .receptive_field = {.position = parsed.integer("position"),
                          .side = parsed.choice<ReceptiveFieldSide>("side"),
                          .residual =
                              parsed.flag("no-residual") ? Residual::kDrop : Residual::kKeep,
                          .bins = parsed.integer("bins")},
      .perturbation = {.kind = parsed.choice<Perturbation>("perturb"),
                       .repeats = parsed.integer("repeats"),
                       .seed = static_cast<std::uint64_t>(parsed.integer("seed"))},
      .format = value_named<ExplanationFormat>(parsed.format("output")),
      .output = parsed.text("output")};
  refuse_inapplicable_options(parsed, options.question);
  refuse_incomplete_options(parsed);
  options.input.paths = parsed.words();
  options.input.reference = parsed.text("reference");
  options.input.duplicates = DuplicateNames::kAllow;
  options.motifs.length = parsed.integer("motif-length");
  if (options.links.top > 0) options.motifs.top = options.links.top;
  if (parsed.given("region")) {
    options.region = parse_base_range(parsed.text("region"), options.record);
  }
  const bool needs_input = options.question != ExplainQuestion::kTable;
  if (needs_input && options.input.paths.empty()) {
    throw usage_error("no input file given; '-' reads from stdin");
  }
  return options;
}

int run_explain(const ParsedOptions& parsed, const CommandContext& context) {
  const ExplainOptions options = options_from(parsed);
  set_compute_threads(static_cast<int>(parsed.integer("threads")));
  TerminalProgress progress(verbosity_from(parsed));
  const ExplainSummary summary = explain(options, progress.callbacks(), context.stop);
  progress.log(grouped_digits(summary.rows) + " rows in " + duration_text(summary.seconds) +
               totals_text(summary.rejected, {}));
  return summary.rejected > 0 ? kExitRejected : kExitDone;
}

}  // namespace

Command explain_command() {
  return {"explain", "show why: attributions, links, receptive fields, motifs", explain_options,
          run_explain};
}

}  // namespace paramixer
