#pragma once

#include <QObject>
#include <QString>
#include <compare>
#include <memory>
#include <string>
#include <vector>

#include "app/services/explore/link_tiles.hpp"
#include "app/services/explore/record_explorer.hpp"
#include "app/services/explore/value_track.hpp"
#include "gui/explore/answers.hpp"
#include "gui/explore/lazy_explainer.hpp"
#include "io/sequence/sequence_record.hpp"
#include "models/file/model_card.hpp"

namespace paramixer {

/// The worker threads, each with its own copy of the model, and the memory budget of answers.
struct Workers {
  TaskQueue& links;    ///< Links and products of factors.
  TaskQueue& answers;  ///< Logits and attributions.
  std::shared_ptr<LazyExplainer> link_explainer;
  std::shared_ptr<LazyExplainer> answer_explainer;
  MemoryBudget& budget;
};

/// A record to explore.
struct ExploredInput {
  SequenceRecord record{};
  QString file{};  ///< For people.
  ModelCard card{};
  std::int64_t window = 0;  ///< Bases that the model sees at a time.
  ExploreChoices choices{};
};

/// Attribution of one contrast.
struct AttributionAnswer {
  Attribution facts;  ///< Its values are empty: they are in `track`.
  ValueTrack track;
};

struct ReceptiveAnswer {
  Window window{};
  ValueTrack track;
};

struct SpreadAnswer {
  Window window{};
  std::vector<ValueTrack> steps;  ///< [M + 1]
  /// For each step the largest |value| away from its starting base; 1 if there is none.
  std::vector<float> largest;
};

struct ContrastKey {
  std::int64_t target = 0;
  std::int64_t against = -1;
  auto operator<=>(const ContrastKey&) const = default;
};

struct ReceptiveKey {
  std::int64_t base = 0;
  ProductSide side = ProductSide::kTranspose;
  Residual residual = Residual::kKeep;
  auto operator<=>(const ReceptiveKey&) const = default;
};

struct MatrixKey {
  std::int64_t window_start = 0;
  std::int64_t bins = 256;
  Residual residual = Residual::kKeep;
  auto operator<=>(const MatrixKey&) const = default;
};

struct StrongestKey {
  std::int64_t begin = 0;  ///< Sources in [begin, end).
  std::int64_t end = 0;
  std::int64_t factor = -1;  ///< -1: all.
  std::int64_t top = 100;
  auto operator<=>(const StrongestKey&) const = default;
};

/// Everything that the panels draw of one record. Each question returns the answer if present;
/// otherwise null, and the answer is computed on a worker thread. arrived() signals when to ask
/// again, problem() explains why an answer will not come. A panel asks while painting, draws what
/// is there, and is repainted. UI thread only.
class Exploration : public QObject {
  Q_OBJECT

 public:
  Exploration(ExploredInput input, Workers workers, QObject* parent = nullptr);
  ~Exploration() override;

  const std::string& bases() const noexcept { return input_.record.sequence; }
  std::int64_t length() const noexcept { return std::ssize(input_.record.sequence); }
  const SequenceRecord& record() const noexcept { return input_.record; }
  QString name() const { return QString::fromStdString(input_.record.name); }
  const QString& file() const noexcept { return input_.file; }
  const ModelCard& card() const noexcept { return input_.card; }
  const ExploreChoices& choices() const noexcept { return input_.choices; }
  const std::vector<std::string>& classes() const noexcept { return input_.card.config.classes; }
  const LinkPattern& pattern() const noexcept { return pattern_; }
  std::int64_t factors() const noexcept { return pattern_.factors(); }
  /// Bases of one token: k of a k-mer.
  std::int64_t span() const noexcept { return span_; }
  /// Letter of a base, upper case.
  char base_at(std::int64_t base) const;
  /// Whether links follow from the token alone, so that tables() has an answer.
  bool folds() const;

  /// Windows in which the model sees the record; links never leave theirs.
  const std::vector<Window>& windows() const noexcept { return windows_; }
  const Window& window_at(std::int64_t base) const;

  /// The base from which link `link` of a factor takes at a base; -1 if that is not a base of the
  /// record: outside a linear sequence, or padding.
  std::int64_t target(std::int64_t base, std::int64_t factor, std::int64_t link) const;

  std::shared_ptr<const LinkTile> tile(const LinkTileKey& key);
  /// Largest |weight| of the record; null until all links have been seen once.
  std::shared_ptr<const float> largest_weight();
  std::shared_ptr<const std::vector<Link>> strongest_links(const StrongestKey& key);
  /// All links that start at a base, by factor.
  std::shared_ptr<const std::vector<Link>> links_from(std::int64_t base);
  std::shared_ptr<const ReceptiveAnswer> receptive_field(const ReceptiveKey& key);
  std::shared_ptr<const ReceptiveMatrix> receptive_matrix(const MatrixKey& key);
  std::shared_ptr<const SpreadAnswer> spread(std::int64_t base, Residual residual);
  std::shared_ptr<const LinkTables> tables();

  std::shared_ptr<const RecordLogits> logits();
  std::shared_ptr<const AttributionAnswer> attribution(const ContrastKey& key);
  /// The contrast of a view's classes, -1 resolved to the most probable class; null before the
  /// logits are there.
  std::unique_ptr<ContrastKey> contrast(std::int64_t target, std::int64_t against);

  /// Why an answer will not arrive; empty otherwise.
  QString problem(const ReceptiveKey& key) const { return receptive_.problem(key); }
  QString problem(const MatrixKey& key) const { return matrices_.problem(key); }
  QString problem(const ContrastKey& key) const { return attributions_.problem(key); }
  QString problem(const StrongestKey& key) const { return strongest_.problem(key); }
  QString spread_problem(std::int64_t base, Residual residual) const {
    return spreads_.problem({.base = base, .side = ProductSide::kProduct, .residual = residual});
  }
  /// Why there are no links at all, and no logits at all; empty otherwise.
  QString links_problem() const;
  QString logits_problem() const { return logits_.problem(0); }

  /// Whether an answer is on its way.
  bool is_waiting() const;
  /// Stops running computations and drops waiting ones. Nothing is computed until resume().
  void stop();
  /// Called when the view changes.
  void resume();
  bool is_stopped() const noexcept { return stopped_; }

 signals:
  /// An answer or a problem has arrived: repaint.
  void arrived();
  /// Progress of a long answer: pieces done, and their total.
  void progressed(const QString& what, qint64 done, qint64 total);

 private:
  class Links;

  template <class Value>
  using Computing = std::function<Value(RecordExplorer&, const std::stop_token&)>;
  /// A computation with the record as the link explainer sees it.
  template <class Value>
  std::function<Value(const std::stop_token&)> with_links(Computing<Value> compute) const;
  /// Created here and used by a worker: reports progress and stops the work.
  using ProgressIn = std::function<ExplainProgress(const std::stop_token&)>;
  ProgressIn progress_in(const QString& what);
  std::shared_ptr<const FactorPyramid> pyramid(std::int64_t factor, Urgency urgency);
  template <class Self, class Do>
  static void for_all_answers(Self& self, Do&& act);

  ExploredInput input_;
  Workers workers_;
  LinkPattern pattern_;
  std::int64_t span_ = 1;
  std::vector<Window> windows_;
  bool stopped_ = false;
  std::shared_ptr<Links> links_;
  Answers<LinkTileKey, LinkTile> tiles_;
  Answers<std::int64_t, FactorPyramid> pyramids_;
  Answers<int, float> largest_;
  Answers<StrongestKey, std::vector<Link>> strongest_;
  Answers<std::int64_t, std::vector<Link>> fan_outs_;
  Answers<ReceptiveKey, ReceptiveAnswer> receptive_;
  Answers<MatrixKey, ReceptiveMatrix> matrices_;
  Answers<ReceptiveKey, SpreadAnswer> spreads_;
  Answers<int, LinkTables> tables_;
  Answers<int, RecordLogits> logits_;
  Answers<ContrastKey, AttributionAnswer> attributions_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace paramixer
