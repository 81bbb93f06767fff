#include "models/explain/explainer.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/error.hpp"
#include "core/explain/record_view.hpp"
#include "core/explain/token_shares.hpp"
#include "core/metrics/softmax.hpp"
#include "core/sequence/evidence.hpp"
#include "core/sequence/strand.hpp"
#include "models/explain/exact_attribution.hpp"
#include "models/explain/integrated_gradients.hpp"
#include "models/explain/model_links.hpp"
#include "models/network/device.hpp"
#include "models/predict/dna_classifier.hpp"
#include "models/predict/logit_batch.hpp"
#include "models/predict/record_encoder.hpp"

namespace paramixer {
namespace {

constexpr std::ptrdiff_t kViewsKept = 2;  // Both strands of one window.

}  // namespace

std::int64_t RecordLogits::most_probable() const {
  return std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
}

class Explainer::Impl {
 public:
  Impl(const std::string& path, ExplainerOptions options)
      : options_(options),
        engine_(std::make_shared<MixEngine>(compute_threads())),
        loaded_(load_dna_classifier(path, engine_, torch::kCPU)),
        encoder_(loaded_.card.config) {
    if (options_.batch_size < 1) throw usage_error("the batch size must be 1 or more");
    check_max_unknown(options_.max_unknown);
    if (options_.steps < 1) throw usage_error("the number of steps must be 1 or more");
    window_ = window_length(loaded_.card, options_.window, path);
    for (auto& parameter : loaded_.model->parameters()) parameter.set_requires_grad(false);
    loaded_.model->freeze();
  }

  const ModelCard& card() const { return loaded_.card; }
  const ModelConfig& config() const { return loaded_.card.config; }
  const Tokenizer& tokenizer() const { return encoder_.tokenizer(); }
  std::int64_t window() const { return window_; }
  ThreadPool& pool() { return *engine_->pool(); }

  std::vector<ExplainedStrand> strands() const {
    if (options_.strand != ExplainedStrand::kModel) return {options_.strand};
    if (card().strand == "both") return {ExplainedStrand::kForward, ExplainedStrand::kReverse};
    return {ExplainedStrand::kForward};
  }

  void check(std::string_view bases) const {
    encoder_.check(bases);
    const auto seen = all_views(bases);
    const auto has = [&](const RecordView& view) { return has_evidence(view, bases); };
    if (std::any_of(seen.begin(), seen.end(), has)) return;
    throw Error(describe_no_evidence(evidence_in(bases, tokenizer().span()), tokenizer().span()));
  }

  std::vector<RecordLogits> logits(std::span<const std::string> records) {
    std::vector<RecordLogits> answers(records.size());
    LogitBatch batch(
        *loaded_.model, options_.batch_size,
        [&](std::size_t r, double weight, const double* row) { add(answers[r], weight, row); });
    for (std::size_t r = 0; r < records.size(); ++r) {
      encoder_.check(records[r]);
      for (const RecordView& view : views(records[r])) {
        batch.append(encoder_.encode(bases_of(view, records[r])), r, view.weight);
      }
    }
    batch.flush();
    return answers;
  }

  Attribution attribute(std::string_view bases, Contrast contrast, AttributionMethod method,
                        const ExplainProgress& progress) {
    encoder_.check(bases);
    method = resolved(method);
    const auto all = views(bases);
    // One window is kept until the most probable class is known; more would fill the memory.
    const bool keeps = contrast.target < 0 && std::ssize(all) <= kViewsKept;
    if (contrast.target < 0 && !keeps) {
      contrast.target = logits(std::vector{std::string(bases)}).front().most_probable();
    }
    Attribution own;
    own.method = method == AttributionMethod::kExact ? exact_method_name(config())
                                                     : path_method_name(options_.steps);
    std::vector<double> sums(bases.size(), 0.0);
    std::vector<std::unique_ptr<SequenceAttribution>> kept;
    for (const RecordView& view : all) {
      if (progress) progress(&view - all.data(), std::ssize(all));
      auto explained = attribution_of(input_of(encoder_.encode(bases_of(view, bases))), method);
      add(own.answer, view.weight, explained->logits().const_data_ptr<double>());
      if (keeps) {
        kept.push_back(std::move(explained));
      } else {
        add_parts(view, explained->parts(weights_of(contrast)), own, sums);
      }
    }
    if (keeps) contrast.target = own.answer.most_probable();
    for (std::size_t v = 0; v < kept.size(); ++v) {
      add_parts(all[v], kept[v]->parts(weights_of(contrast)), own, sums);
    }
    own.gap = own.logit - own.bias - std::accumulate(sums.begin(), sums.end(), 0.0);
    own.values.assign(sums.begin(), sums.end());
    return own;
  }

  std::vector<BaseChange> mutate(std::string_view bases, Window region, Contrast contrast,
                                 const ExplainProgress& progress) {
    encoder_.check(bases);
    std::vector<BaseChange> changes = base_changes(bases, region);
    auto seeing = views(bases);
    std::erase_if(seeing, [&](const RecordView& view) {
      return view.window.start + view.window.length <= region.start ||
             view.window.start >= region.start + region.length;
    });
    const std::int64_t total = std::ssize(changes) * std::ssize(seeing);
    std::int64_t done = 0;
    for (const RecordView& view : seeing) {
      add_effects(view, bases, contrast, changes, [&] {
        if (progress) progress(++done, total);
      });
    }
    return changes;
  }

  bool folds(std::int64_t block) const { return has_link_tables(config(), block); }

  std::shared_ptr<const LinkTables> tables(std::int64_t block) {
    check_block(block);
    if (!folds(block)) {
      throw Error("the links of this model depend on more than the token (" +
                  std::string(config().position == PositionKind::kLearned ? "its position"
                                                                          : "the block's input") +
                  "), so there is no table of them; use --what links for a record instead");
    }
    tables_.resize(static_cast<std::size_t>(config().blocks));
    auto& own = tables_[static_cast<std::size_t>(block)];
    if (own == nullptr) own = link_tables(*loaded_.model, block);
    return own;
  }

  std::unique_ptr<LinkSource> links(std::string_view bases, ExplainedStrand strand,
                                    std::int64_t block) {
    encoder_.check(bases);
    check_block(block);
    if (static_cast<std::int64_t>(bases.size()) > window_) {
      throw Error("the model sees " + std::to_string(window_) + " bases at a time, not " +
                  std::to_string(bases.size()));
    }
    const bool reversed = strand == ExplainedStrand::kReverse;
    return source_of(
        input_of(encoder_.encode(reversed ? reverse_complement(bases) : std::string(bases))),
        block);
  }

 private:
  void check_block(std::int64_t block) const {
    if (block < 0 || block >= config().blocks) {
      throw usage_error("block " + std::to_string(block + 1) + " does not exist; the model has " +
                        std::to_string(config().blocks));
    }
  }

  std::vector<RecordView> all_views(std::string_view bases) const {
    const std::vector<ExplainedStrand> seen = strands();
    const ViewStrands strands = seen.size() == 2                            ? ViewStrands::kBoth
                                : seen.front() == ExplainedStrand::kReverse ? ViewStrands::kReverse
                                                                            : ViewStrands::kForward;
    return record_views(static_cast<std::int64_t>(bases.size()), window_, strands);
  }

  bool has_evidence(const RecordView& view, std::string_view bases) const {
    const auto seen = bases.substr(static_cast<std::size_t>(view.window.start),
                                   static_cast<std::size_t>(view.window.length));
    return evidence_in(seen, tokenizer().span()).suffices(options_.max_unknown);
  }

  /// The views with evidence; all views if a disturbed record has lost it.
  std::vector<RecordView> views(std::string_view bases) const {
    std::vector<RecordView> seen = all_views(bases);
    std::vector<RecordView> known;
    double total = 0.0;
    for (const RecordView& view : seen) {
      if (!has_evidence(view, bases)) continue;
      known.push_back(view);
      total += view.weight;
    }
    if (known.empty() || known.size() == seen.size()) return seen;
    for (RecordView& view : known) view.weight /= total;
    return known;
  }

  static ModelInput input_of(const TokenBatch& batch) { return to_model_input(batch, torch::kCPU); }

  /// Adds the effects of the changes on the contrast in one view of the record.
  void add_effects(const RecordView& view, std::string_view bases, Contrast contrast,
                   std::vector<BaseChange>& changes, const std::function<void()>& changed) {
    const torch::Tensor weights_c = weights_of(contrast);
    const auto value_of = [&](const double* row) {
      return std::inner_product(row, row + weights_c.size(0), weights_c.const_data_ptr<double>(),
                                0.0);
    };
    const std::string seen = bases_of(view, bases);
    const TokenBatch unchanged = encoder_.encode(seen);
    double before = 0.0;
    LogitBatch reference(*loaded_.model, 1,
                         [&](std::size_t, double, const double* row) { before = value_of(row); });
    reference.append(unchanged, 0, 1.0);
    LogitBatch batch(*loaded_.model, options_.batch_size,
                     [&](std::size_t c, double weight, const double* row) {
                       changes[c].effect += weight * (value_of(row) - before);
                       changed();
                     });
    for (std::size_t c = 0; c < changes.size(); ++c) {
      const std::int64_t place = view.view_position(changes[c].position);
      if (place < 0 || place >= view.window.length) continue;
      const char base = base_on_strand(changes[c].to, view);
      batch.append(encoder_.with_base(unchanged, seen, place, base), c, view.weight);
    }
    batch.flush();
  }

  static char base_on_strand(char base, const RecordView& view) {
    return view.reversed ? reverse_complement(std::string(1, base)).front() : base;
  }

  void add(RecordLogits& answer, double weight, const double* row) const {
    const std::size_t classes = config().classes.size();
    answer.logits.resize(classes);
    answer.probabilities.resize(classes);
    const std::vector<double> probabilities = softmax({row, classes}, card().temperature);
    for (std::size_t c = 0; c < classes; ++c) {
      answer.logits[c] += weight * row[c];
      answer.probabilities[c] += weight * probabilities[c];
    }
  }

  torch::Tensor weights_of(Contrast contrast) const {
    torch::Tensor weights_c = torch::zeros({config().outputs()}, torch::kDouble);
    weights_c[contrast.target] += 1.0;
    if (contrast.against >= 0) weights_c[contrast.against] -= 1.0;
    return weights_c;
  }

  std::unique_ptr<LinkSource> source_of(const ModelInput& input, std::int64_t block) {
    return make_link_source(*loaded_.model, input, block, folds(block) ? tables(block) : nullptr,
                            pool());
  }

  AttributionMethod resolved(AttributionMethod method) const {
    const bool exact = has_exact_attribution(config());
    if (method == AttributionMethod::kExact && !exact) {
      throw usage_error("exact attribution needs a model of one block; this one has " +
                        std::to_string(config().blocks) +
                        ", for which integrated gradients are computed (--method auto)");
    }
    if (method != AttributionMethod::kAuto) return method;
    return exact ? AttributionMethod::kExact : AttributionMethod::kIntegratedGradients;
  }

  std::unique_ptr<SequenceAttribution> attribution_of(const ModelInput& input,
                                                      AttributionMethod method) {
    if (method == AttributionMethod::kIntegratedGradients) {
      return std::make_unique<PathAttribution>(*loaded_.model, input, options_.steps);
    }
    if (!first_table_.defined()) first_table_ = first_value_table(*loaded_.model);
    return std::make_unique<ExactAttribution>(*loaded_.model, input, source_of(input, 0),
                                              first_table_, pool());
  }

  /// Adds the contribution of a view to an attribution and to its `sums`, one per base.
  void add_parts(const RecordView& view, const PositionParts& parts, Attribution& own,
                 std::vector<double>& sums) const {
    own.logit += view.weight * parts.logit;
    own.bias += view.weight * parts.bias;
    own.bias += add_bases(view, parts.parts, sums);
  }

  /// Adds the contributions of a view's tokens to the bases of the record. Returns the contribution
  /// of padding, which has no base.
  double add_bases(const RecordView& view, const std::vector<double>& parts,
                   std::vector<double>& sums) const {
    const auto tokens = static_cast<std::size_t>(tokenizer().token_count(view.window.length));
    std::vector<double> own(static_cast<std::size_t>(view.window.length), 0.0);
    add_token_shares(std::span(parts).first(tokens), tokenizer().span(), own);
    for (std::int64_t i = 0; i < view.window.length; ++i) {
      sums[static_cast<std::size_t>(view.record_position(i))] +=
          view.weight * own[static_cast<std::size_t>(i)];
    }
    return view.weight *
           std::accumulate(parts.begin() + static_cast<std::ptrdiff_t>(tokens), parts.end(), 0.0);
  }

  ExplainerOptions options_;
  std::shared_ptr<MixEngine> engine_;
  LoadedModel loaded_;
  RecordEncoder encoder_;
  std::int64_t window_ = 0;
  std::vector<std::shared_ptr<const LinkTables>> tables_;
  torch::Tensor first_table_;
};

Explainer::Explainer(const std::string& model_path, ExplainerOptions options)
    : impl_(std::make_unique<Impl>(model_path, options)) {}
Explainer::~Explainer() = default;
Explainer::Explainer(Explainer&&) noexcept = default;

const ModelCard& Explainer::card() const noexcept { return impl_->card(); }
const Tokenizer& Explainer::tokenizer() const noexcept { return impl_->tokenizer(); }
std::int64_t Explainer::window() const noexcept { return impl_->window(); }
std::vector<ExplainedStrand> Explainer::strands() const { return impl_->strands(); }
void Explainer::check(std::string_view bases) const { impl_->check(bases); }
ThreadPool& Explainer::pool() noexcept { return impl_->pool(); }
bool Explainer::folds(std::int64_t block) const { return impl_->folds(block); }

std::vector<RecordLogits> Explainer::logits(std::span<const std::string> records) {
  return impl_->logits(records);
}

Attribution Explainer::attribute(std::string_view bases, Contrast contrast,
                                 AttributionMethod method, const ExplainProgress& progress) {
  return impl_->attribute(bases, contrast, method, progress);
}

std::vector<BaseChange> Explainer::mutate(std::string_view bases, Window region, Contrast contrast,
                                          const ExplainProgress& progress) {
  return impl_->mutate(bases, region, contrast, progress);
}

std::shared_ptr<const LinkTables> Explainer::tables(std::int64_t block) {
  return impl_->tables(block);
}

std::unique_ptr<LinkSource> Explainer::links(std::string_view bases, ExplainedStrand strand,
                                             std::int64_t block) {
  return impl_->links(bases, strand, block);
}

std::int64_t Explainer::class_number(const std::string& name) const {
  const auto& classes = card().config.classes;
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found != classes.end()) return found - classes.begin();
  std::string list;
  for (const std::string& own : classes) list += (list.empty() ? "" : ", ") + own;
  throw usage_error("the model has no class '" + name + "'; its classes are " + list);
}

}  // namespace paramixer
