#pragma once

#include <QObject>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "app/services/explore/record_catalog.hpp"
#include "gui/explore/exploration.hpp"

namespace paramixer {

struct OpenDataOptions {
  std::int64_t memory_bytes = 512LL << 20;  ///< For answers: tiles, pyramids, tracks.
  std::int64_t most_records = 1'000'000;    ///< Limit of one catalog.
};

/// The open model and sequence files. Loads, classifies and reads records in workers, and reports
/// by signals. UI thread only.
class OpenData : public QObject {
  Q_OBJECT

 public:
  explicit OpenData(OpenDataOptions options = {}, QObject* parent = nullptr);
  ~OpenData() override;

  /// Loads a model, closing the previous one, and classifies the inputs again.
  void open_model(const QString& path);
  /// Reads and classifies sequence files. `reference` is a FASTA for CRAM.
  void open_inputs(const QStringList& paths, const QString& reference = {});
  /// Stops reading and classifying; existing records stay.
  void cancel();

  const QString& model_path() const noexcept { return model_path_; }
  const QStringList& input_paths() const noexcept { return input_paths_; }
  const QString& reference() const noexcept { return reference_; }
  /// Null before a model is loaded.
  const ModelCard* card() const noexcept { return card_ ? &*card_ : nullptr; }
  const std::vector<CatalogEntry>& entries() const noexcept { return entries_; }
  bool is_cataloguing() const noexcept { return cataloguing_; }
  /// Whether a model is being loaded.
  bool is_loading() const noexcept { return loading_; }

  /// Reads a record of the catalog; record_opened() or failed() follows. A later call replaces an
  /// earlier one that has not been answered.
  void open_record(std::size_t entry, const ExploreChoices& choices = {});
  /// Drops the record being read.
  void cancel_reading();
  /// The same for the record to compare with; other_opened() follows.
  void open_other(std::size_t entry, const ExploreChoices& choices = {});
  /// Opens a record already in memory. Requires a model.
  std::unique_ptr<Exploration> explore(SequenceRecord record, const QString& file,
                                       const ExploreChoices& choices);

 signals:
  void model_opened();
  /// Entries from `first` on are new.
  void records_added(std::size_t first);
  void records_cleared();
  /// Reading has ended; `note` is usually empty.
  void records_complete(const QString& note);
  void record_opened(std::size_t entry, std::shared_ptr<std::unique_ptr<Exploration>> record);
  void other_opened(std::size_t entry, std::shared_ptr<std::unique_ptr<Exploration>> record);
  /// One sentence: what went wrong and what to do.
  void failed(const QString& message);
  void progressed(const QString& what, qint64 done, qint64 total);

 private:
  struct OpenModel;
  enum class Purpose { kRecord, kOther };

  void stop_work();
  void forget_unloaded_model();
  void start_catalog();
  void read_record(std::size_t entry, const ExploreChoices& choices, Purpose purpose);
  InputOptions input_options() const;
  /// Runs `work` on a queue; what it returns is called on the UI thread, unless `generation` is
  /// over by then. Errors become failed().
  using Then = std::function<void()>;
  void run(TaskQueue& queue, std::function<Then(const std::stop_token&)> work);
  void on_ui(std::uint64_t generation, Then then);

  OpenDataOptions options_;
  MemoryBudget budget_;
  QString model_path_;
  QStringList input_paths_;
  QString reference_;
  std::optional<ModelCard> card_;
  std::int64_t window_ = 0;
  std::vector<CatalogEntry> entries_;
  bool cataloguing_ = false;
  bool loading_ = false;
  std::uint64_t generation_ =
      0;  ///< Generation of model and inputs: answers of an earlier one are dropped.
  std::uint64_t reading_ = 0;  ///< The last open_record().
  std::shared_ptr<LazyExplainer> link_explainer_;
  std::shared_ptr<LazyExplainer> answer_explainer_;
  TaskQueue links_;
  TaskQueue answers_;
  TaskQueue catalog_;
  TaskQueue files_;
};

}  // namespace paramixer
