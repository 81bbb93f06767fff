#include "gui/explore/open_data.hpp"

#include <QCoreApplication>
#include <QPointer>
#include <algorithm>
#include <utility>

#include "models/predict/predictor.hpp"

namespace paramixer {

OpenData::OpenData(OpenDataOptions options, QObject* parent)
    : QObject(parent), options_(options), budget_(options.memory_bytes) {
  connect(this, &OpenData::failed, this, &OpenData::forget_unloaded_model);
}

OpenData::~OpenData() {
  links_.cancel();
  answers_.cancel();
  catalog_.cancel();
  files_.cancel();
}

void OpenData::on_ui(std::uint64_t generation, Then then) {
  // Only the UI thread can tell whether this still lives; the application object always does.
  QMetaObject::invokeMethod(
      QCoreApplication::instance(),
      [self = QPointer(this), generation, then = std::move(then)] {
        if (self != nullptr && self->generation_ == generation) then();
      },
      Qt::QueuedConnection);
}

void OpenData::run(TaskQueue& queue, std::function<Then(const std::stop_token&)> work) {
  // The destructor waits for the queues, so `this` lives as long as the work does.
  queue.post(Urgency::kVisible, [this, generation = generation_,
                                 work = std::move(work)](const std::stop_token& stop) {
    try {
      if (Then then = work(stop)) on_ui(generation, std::move(then));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kInterrupted) return;
      on_ui(generation, [this, text = QString::fromUtf8(error.what())] { emit failed(text); });
    } catch (const std::exception& error) {
      on_ui(generation, [this, text = QString::fromUtf8(error.what())] { emit failed(text); });
    }
  });
}

void OpenData::open_model(const QString& path) {
  // Not cancel(): whoever waits for the new catalog does not care about the end of the old one.
  stop_work();
  ++generation_;
  model_path_ = path;
  loading_ = true;
  card_.reset();
  entries_.clear();
  emit records_cleared();
  const std::string file = path.toStdString();
  link_explainer_ = std::make_shared<LazyExplainer>(file, ExplainerOptions{});
  answer_explainer_ = std::make_shared<LazyExplainer>(file, ExplainerOptions{});
  run(links_, [this, explainer = link_explainer_](const std::stop_token&) -> Then {
    const ModelCard card = explainer->get().card();
    const std::int64_t window = explainer->get().window();
    return [this, card, window] {
      loading_ = false;
      card_ = card;
      window_ = window;
      emit model_opened();
      start_catalog();
    };
  });
}

void OpenData::open_inputs(const QStringList& paths, const QString& reference) {
  catalog_.cancel();
  files_.cancel();
  cataloguing_ = false;
  if (card_) ++generation_;
  input_paths_ = paths;
  reference_ = reference;
  entries_.clear();
  emit records_cleared();
  start_catalog();
}

void OpenData::stop_work() {
  links_.cancel();
  answers_.cancel();
  catalog_.cancel();
  files_.cancel();
  cataloguing_ = false;
}

void OpenData::forget_unloaded_model() {
  // Whoever opens it again begins anew.
  if (std::exchange(loading_, false)) model_path_.clear();
}

void OpenData::cancel() {
  const bool was_cataloguing = cataloguing_;
  stop_work();
  forget_unloaded_model();
  if (was_cataloguing) emit records_complete(tr("Reading was stopped."));
}

InputOptions OpenData::input_options() const {
  InputOptions options;
  for (const QString& path : input_paths_) options.paths.push_back(path.toStdString());
  options.reference = reference_.toStdString();
  options.duplicates = DuplicateNames::kAllow;
  return options;
}

void OpenData::start_catalog() {
  if (!card_ || input_paths_.isEmpty()) return;
  cataloguing_ = true;
  run(catalog_,
      [this, generation = generation_, model = model_path_.toStdString(),
       options = CatalogOptions{input_options(), options_.most_records}](
          const std::stop_token& stop) -> Then {
        const CatalogCallbacks callbacks{
            .records =
                [this, generation](const std::vector<CatalogEntry>& entries) {
                  on_ui(generation, [this, entries] {
                    const std::size_t first = entries_.size();
                    entries_.insert(entries_.end(), entries.begin(), entries.end());
                    emit records_added(first);
                  });
                },
            .progress =
                [this, generation](const Progress& progress) {
                  on_ui(generation,
                        [this, done = progress.done, total = progress.total.value_or(0)] {
                          emit progressed(tr("Classifying"), done, total);
                        });
                }};
        // However the work ends, the table no longer grows afterwards.
        const auto ended = [this, generation](const QString& note) {
          on_ui(generation, [this, note] {
            cataloguing_ = false;
            emit records_complete(note);
          });
        };
        try {
          Predictor predictor(model, {});
          const CatalogSummary summary = catalog_records(options, predictor, callbacks, stop);
          ended(summary.complete ? QString()
                                 : tr("Only the first %1 records are shown.").arg(summary.records));
        } catch (...) {
          ended(QString());
          throw;
        }
        return {};
      });
}

void OpenData::open_record(std::size_t entry, const ExploreChoices& choices) {
  read_record(entry, choices, Purpose::kRecord);
}

void OpenData::cancel_reading() {
  files_.cancel();
  ++reading_;
}

void OpenData::open_other(std::size_t entry, const ExploreChoices& choices) {
  read_record(entry, choices, Purpose::kOther);
}

void OpenData::read_record(std::size_t entry, const ExploreChoices& choices, Purpose purpose) {
  if (entry >= entries_.size() || !card_) return;
  files_.cancel();
  const std::uint64_t reading = ++reading_;
  run(files_,
      [this, reading, entry, choices, purpose, chosen = entries_[entry],
       input = input_options()](const std::stop_token& stop) -> Then {
        auto found = std::make_shared<InputRecord>(read_catalog_record(input, chosen, stop));
        return [this, reading, entry, choices, purpose, found] {
          if (reading != reading_) return;
          const QString file = input_paths_.at(static_cast<qsizetype>(found->record.input_number));
          auto record = std::make_shared<std::unique_ptr<Exploration>>(
              explore(std::move(found->record), file, choices));
          if (purpose == Purpose::kRecord) {
            emit record_opened(entry, record);
          } else {
            emit other_opened(entry, record);
          }
        };
      });
}

std::unique_ptr<Exploration> OpenData::explore(SequenceRecord record, const QString& file,
                                               const ExploreChoices& choices) {
  ExploredInput input{.record = std::move(record),
                      .file = file,
                      .card = *card_,
                      .window = window_,
                      .choices = choices};
  return std::make_unique<Exploration>(
      std::move(input), Workers{links_, answers_, link_explainer_, answer_explainer_, budget_});
}

}  // namespace paramixer
