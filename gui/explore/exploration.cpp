#include "gui/explore/exploration.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "core/explain/record_view.hpp"
#include "core/sequence/tokenizer.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kSmall = 4096;  ///< Bytes booked for an answer of a few numbers.

std::vector<Window> windows_of(std::int64_t length, std::int64_t window) {
  std::vector<Window> windows;
  for (const RecordView& view :
       record_views(length, std::max<std::int64_t>(window, 1), ViewStrands::kForward)) {
    windows.push_back(view.window);
  }
  // A record without bases also has one, so that every position lies in a window.
  if (windows.empty()) windows.push_back({0, length});
  return windows;
}

std::int64_t links_bytes(const std::vector<Link>& links) {
  return kSmall + std::ssize(links) * static_cast<std::int64_t>(sizeof(Link));
}

std::int64_t spread_bytes(const SpreadAnswer& spread) {
  std::int64_t bytes = kSmall;
  for (const ValueTrack& step : spread.steps) bytes += step.bytes();
  return bytes;
}

float largest_elsewhere(const std::vector<float>& values, std::int64_t start) {
  float largest = 0.0F;
  for (std::int64_t i = 0; i < std::ssize(values); ++i) {
    const float size = std::abs(values[static_cast<std::size_t>(i)]);
    if (i != start && size > largest) largest = size;  // Not true for NaN.
  }
  return largest > 0.0F ? largest : 1.0F;
}

std::int64_t pyramid_bytes_of(const FactorPyramid& pyramids) {
  std::int64_t summaries = 0;
  for (const Pyramid& pyramid : pyramids) {
    for (std::int64_t l = 0; l < pyramid.levels(); ++l) summaries += std::ssize(pyramid.level(l));
  }
  return summaries * static_cast<std::int64_t>(sizeof(Summary));
}

std::int64_t table_bytes(const LinkTables& tables) {
  std::int64_t bytes = kSmall;
  for (const auto& factor : tables.weights) bytes += 4 * std::ssize(factor);
  return bytes;
}

std::int64_t matrix_bytes(const ReceptiveMatrix& matrix) {
  return kSmall + 4 * std::ssize(matrix.means);
}

}  // namespace

/// The record on the link worker's thread, opened on first use.
class Exploration::Links {
 public:
  Links(std::shared_ptr<LazyExplainer> explainer, std::string bases, ExploreChoices choices)
      : explainer_(std::move(explainer)), bases_(std::move(bases)), choices_(choices) {}

  RecordExplorer& record() {
    if (record_ == nullptr) {
      record_ = std::make_unique<RecordExplorer>(explainer_->get(), bases_, choices_);
    }
    return *record_;
  }
  std::shared_ptr<LazyExplainer> explainer() const { return explainer_; }

 private:
  std::shared_ptr<LazyExplainer> explainer_;
  std::string bases_;
  ExploreChoices choices_;
  std::unique_ptr<RecordExplorer> record_;
};

Exploration::Exploration(ExploredInput input, Workers workers, QObject* parent)
    : QObject(parent),
      input_(std::move(input)),
      workers_(std::move(workers)),
      pattern_(input_.card.config.link_pattern()),
      span_(Tokenizer(input_.card.config.tokens).span()),
      windows_(windows_of(length(), input_.window)),
      links_(std::make_shared<Links>(workers_.link_explainer, bases(), input_.choices)),
      tiles_(workers_.budget, workers_.links,
             {[this] { emit arrived(); }, [](const LinkTile& tile) { return tile.bytes(); }}),
      pyramids_(workers_.budget, workers_.links, {[this] { emit arrived(); }, pyramid_bytes_of}),
      largest_(workers_.budget, workers_.links,
               {[this] { emit arrived(); }, [](const float&) { return kSmall; }}),
      strongest_(workers_.budget, workers_.links, {[this] { emit arrived(); }, links_bytes}),
      fan_outs_(workers_.budget, workers_.links, {[this] { emit arrived(); }, links_bytes}),
      receptive_(workers_.budget, workers_.links,
                 {[this] { emit arrived(); },
                  [](const ReceptiveAnswer& answer) { return answer.track.bytes(); }}),
      matrices_(workers_.budget, workers_.links, {[this] { emit arrived(); }, matrix_bytes}),
      spreads_(workers_.budget, workers_.links, {[this] { emit arrived(); }, spread_bytes}),
      tables_(workers_.budget, workers_.links, {[this] { emit arrived(); }, table_bytes}),
      logits_(workers_.budget, workers_.answers,
              {[this] { emit arrived(); }, [](const RecordLogits&) { return kSmall; }}),
      attributions_(workers_.budget, workers_.answers,
                    {[this] { emit arrived(); },
                     [](const AttributionAnswer& answer) { return answer.track.bytes(); }}) {}

Exploration::~Exploration() = default;

char Exploration::base_at(std::int64_t base) const {
  if (base < 0 || base >= length()) return ' ';
  const auto letter = static_cast<unsigned char>(bases()[static_cast<std::size_t>(base)]);
  return static_cast<char>(std::toupper(letter));
}

bool Exploration::folds() const {
  const ModelConfig& config = card().config;
  const bool from_hidden = choices().block > 0 && config.links_from == LinksFrom::kHidden;
  return config.position == PositionKind::kNone && !from_hidden;
}

const Window& Exploration::window_at(std::int64_t base) const {
  const auto after = std::upper_bound(
      windows_.begin(), windows_.end(), base,
      [](std::int64_t place, const Window& own) { return place < own.start + own.length; });
  return after == windows_.end() ? windows_.back() : *after;
}

std::int64_t Exploration::target(std::int64_t base, std::int64_t factor, std::int64_t link) const {
  const Window& window = window_at(base);
  const std::int64_t last = window.start + window.length - span_;
  const std::int64_t tokens = window.length - span_ + 1;
  const ModelConfig& config = card().config;
  const std::int64_t ring = config.length == LengthKind::kFixed ? config.max_length : tokens;
  const std::int64_t token = choices().reversed ? last - base : base - window.start;
  const std::int64_t target =
      link_target(token, pattern_.offset(factor, link), ring, config.boundary);
  if (target < 0 || target >= tokens) return -1;
  return choices().reversed ? last - target : window.start + target;
}

template <class Value>
std::function<Value(const std::stop_token&)> Exploration::with_links(
    Computing<Value> compute) const {
  return [links = links_, compute = std::move(compute)](const std::stop_token& stop) {
    RecordExplorer& record = links->record();
    record.stop_with(stop);
    return compute(record, stop);
  };
}

Exploration::ProgressIn Exploration::progress_in(const QString& what) {
  return [this, what, alive = std::weak_ptr(alive_)](const std::stop_token& stop) {
    return [this, what, stop, alive](std::int64_t done, std::int64_t total) {
      if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
      // The worker may outlive this; only the UI thread can tell.
      QMetaObject::invokeMethod(
          QCoreApplication::instance(),
          [this, what, alive, done, total] {
            if (!alive.expired()) emit progressed(what, done, total);
          },
          Qt::QueuedConnection);
    };
  };
}

std::shared_ptr<const FactorPyramid> Exploration::pyramid(std::int64_t factor, Urgency urgency) {
  return pyramids_.get(factor, urgency,
                       with_links<FactorPyramid>([factor](RecordExplorer& record, const auto&) {
                         return make_factor_pyramid(record, factor);
                       }));
}

std::shared_ptr<const LinkTile> Exploration::tile(const LinkTileKey& key) {
  if (key.level < kPyramidLevel) {
    return tiles_.get(key, Urgency::kVisible,
                      with_links<LinkTile>([key](RecordExplorer& record, const auto&) {
                        return make_fine_tile(record, key);
                      }));
  }
  if (auto tile = tiles_.peek(key)) return tile;
  const auto pyramids = pyramid(key.factor, Urgency::kVisible);
  if (pyramids == nullptr) return nullptr;
  return std::make_shared<const LinkTile>(make_coarse_tile(*pyramids, key));
}

std::shared_ptr<const float> Exploration::largest_weight() {
  return largest_.get(0, Urgency::kSoon, with_links<float>([](RecordExplorer& record, const auto&) {
                        float largest = 0.0F;
                        for (std::int64_t m = 0; m < record.pattern().factors(); ++m) {
                          largest = std::max(largest, paramixer::largest_weight(record, m));
                        }
                        return largest;
                      }));
}

std::shared_ptr<const std::vector<Link>> Exploration::strongest_links(const StrongestKey& key) {
  return strongest_.get(
      key, Urgency::kSoon,
      with_links<std::vector<Link>>([key](RecordExplorer& record, const auto&) {
        LinkQuery query{
            .begin = key.begin, .end = key.end, .choice = LinkChoice::kTopOverall, .top = key.top};
        if (key.factor >= 0) query.first_factor = query.last_factor = key.factor;
        return record.links(query);
      }));
}

std::shared_ptr<const std::vector<Link>> Exploration::links_from(std::int64_t base) {
  return fan_outs_.get(base, Urgency::kVisible,
                       with_links<std::vector<Link>>([base](RecordExplorer& record, const auto&) {
                         return record.links({.begin = base, .end = base + 1});
                       }));
}

std::shared_ptr<const ReceptiveAnswer> Exploration::receptive_field(const ReceptiveKey& key) {
  return receptive_.get(
      key, Urgency::kVisible,
      with_links<ReceptiveAnswer>([key](RecordExplorer& record, const auto&) {
        ReceptiveVector field = record.receptive_field(key.base, key.side, key.residual);
        return ReceptiveAnswer{field.window,
                               ValueTrack(field.window.start, std::move(field.values))};
      }));
}

std::shared_ptr<const ReceptiveMatrix> Exploration::receptive_matrix(const MatrixKey& key) {
  return matrices_.get(
      key, Urgency::kSoon,
      with_links<ReceptiveMatrix>([key, progress_of = progress_in(tr("Receptive field"))](
                                      RecordExplorer& record, const auto& stop) {
        const ExplainProgress progress = progress_of(stop);
        return record.receptive_matrix(key.window_start, key.bins, key.residual,
                                       [&](std::int64_t done) { progress(done, key.bins); });
      }));
}

std::shared_ptr<const SpreadAnswer> Exploration::spread(std::int64_t base, Residual residual) {
  const ReceptiveKey key{.base = base, .side = ProductSide::kProduct, .residual = residual};
  return spreads_.get(
      key, Urgency::kVisible, with_links<SpreadAnswer>([key](RecordExplorer& record, const auto&) {
        Spread spread = record.spread(key.base, key.residual);
        SpreadAnswer answer{spread.window, {}, {}};
        for (auto& values : spread.values) {
          answer.largest.push_back(largest_elsewhere(values, key.base - spread.window.start));
          answer.steps.emplace_back(spread.window.start, std::move(values));
        }
        return answer;
      }));
}

std::shared_ptr<const LinkTables> Exploration::tables() {
  const std::int64_t block = choices().block;
  return tables_.get(0, Urgency::kSoon, [links = links_, block](const std::stop_token&) {
    return *links->explainer()->get().tables(block);
  });
}

std::shared_ptr<const RecordLogits> Exploration::logits() {
  return logits_.get(
      0, Urgency::kVisible,
      [explainer = workers_.answer_explainer, bases = bases()](const std::stop_token&) {
        return explainer->get().logits(std::vector{bases}).front();
      });
}

std::shared_ptr<const AttributionAnswer> Exploration::attribution(const ContrastKey& key) {
  return attributions_.get(
      key, Urgency::kSoon,
      [key, explainer = workers_.answer_explainer, bases = bases(),
       progress_of = progress_in(tr("Attribution"))](const std::stop_token& stop) {
        Attribution facts = explainer->get().attribute(bases, Contrast{key.target, key.against},
                                                       AttributionMethod::kAuto, progress_of(stop));
        std::vector<float> values = std::exchange(facts.values, {});
        return AttributionAnswer{std::move(facts), ValueTrack(0, std::move(values))};
      });
}

std::unique_ptr<ContrastKey> Exploration::contrast(std::int64_t target, std::int64_t against) {
  if (target < 0) {
    const auto found = logits();
    if (found == nullptr) return nullptr;
    const auto& probabilities = found->probabilities;
    target = std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
  }
  return std::make_unique<ContrastKey>(ContrastKey{target, against == target ? -1 : against});
}

QString Exploration::links_problem() const {
  for (std::int64_t m = 0; m < factors(); ++m) {
    const QString problem = pyramids_.problem(m);
    if (!problem.isEmpty()) return problem;
  }
  const QString problem = largest_.problem(0);
  return problem.isEmpty() ? tables_.problem(0) : problem;
}

template <class Self, class Do>
void Exploration::for_all_answers(Self& self, Do&& act) {
  act(self.tiles_);
  act(self.pyramids_);
  act(self.largest_);
  act(self.strongest_);
  act(self.fan_outs_);
  act(self.receptive_);
  act(self.matrices_);
  act(self.spreads_);
  act(self.tables_);
  act(self.logits_);
  act(self.attributions_);
}

bool Exploration::is_waiting() const {
  bool waiting = false;
  for_all_answers(*this, [&](const auto& answers) { waiting = waiting || answers.is_waiting(); });
  return waiting;
}

void Exploration::stop() {
  workers_.links.cancel();
  workers_.answers.cancel();
  stopped_ = true;
  for_all_answers(*this, [](auto& answers) { answers.stop(); });
}

void Exploration::resume() {
  stopped_ = false;
  for_all_answers(*this, [](auto& answers) { answers.resume(); });
}

}  // namespace paramixer
