#pragma once

#include <QCoreApplication>
#include <QString>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "core/base/error.hpp"
#include "gui/explore/answer_cache.hpp"
#include "gui/explore/task_queue.hpp"

namespace paramixer {

/// Answers of one kind, computed on a TaskQueue on demand and kept under a memory budget. UI thread
/// only.
template <class Key, class Value>
class Answers {
 public:
  struct Hooks {
    std::function<void()>
        arrived;  ///< Called on the UI thread when an answer or a problem has arrived.
    std::function<std::int64_t(const Value&)> bytes;
  };
  /// On the queue's thread; may throw Error.
  using Compute = std::function<Value(const std::stop_token&)>;

  Answers(MemoryBudget& budget, TaskQueue& queue, Hooks hooks)
      : cache_(budget), queue_(queue), hooks_(std::move(hooks)) {}

  /// The answer, or null: it is being computed, or problem() says why there is none, or everything
  /// was stopped.
  std::shared_ptr<const Value> get(const Key& key, Urgency urgency, const Compute& compute) {
    auto value = cache_.find(key);
    if (value != nullptr || stopped_ || pending_.contains(key) || problems_.contains(key) ||
        crowded_out_.contains(key)) {
      return value;
    }
    if (answered_.contains(key)) {
      // Recomputing it would evict the answer that evicted it, and so on forever.
      crowded_out_.insert(key);
      return nullptr;
    }
    pending_.insert(key);
    post(key, urgency, compute);
    return nullptr;
  }

  /// The answer if present; starts no computation.
  std::shared_ptr<const Value> peek(const Key& key) { return cache_.find(key); }
  /// Why there is no answer; empty if there is one or it is being computed.
  QString problem(const Key& key) const {
    if (crowded_out_.contains(key)) {
      return QCoreApplication::translate("Answers",
                                         "The view needs more memory than allowed; zoom in, or "
                                         "start the program with a larger --memory.");
    }
    const auto found = problems_.find(key);
    return found == problems_.end() ? QString() : found->second;
  }
  bool is_waiting() const noexcept { return !pending_.empty(); }

  /// Drops unanswered questions, after TaskQueue::cancel(), and computes nothing until resume(),
  /// which is called when the view changes. Late answers are kept.
  void stop() {
    pending_.clear();
    stopped_ = true;
  }
  void resume() noexcept {
    stopped_ = false;
    answered_.clear();
    crowded_out_.clear();
  }

 private:
  struct Outcome {
    std::shared_ptr<const Value> value{};
    QString problem{};
    bool was_stopped = false;
  };

  static Outcome outcome_of(const Compute& compute, const std::stop_token& stop) {
    try {
      if (stop.stop_requested()) return {.was_stopped = true};
      return {.value = std::make_shared<const Value>(compute(stop))};
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kInterrupted) return {.was_stopped = true};
      return {.problem = QString::fromUtf8(error.what())};
    } catch (const std::bad_alloc&) {
      return {.problem = QCoreApplication::translate("Answers", "out of memory; zoom in")};
    } catch (const std::exception& error) {
      return {.problem = QString::fromUtf8(error.what())};
    }
  }

  void post(const Key& key, Urgency urgency, const Compute& compute) {
    queue_.post(urgency,
                [this, key, compute, alive = std::weak_ptr(alive_)](const std::stop_token& stop) {
                  if (alive.expired()) return;  // Nobody asks any more.
                  Outcome outcome = outcome_of(compute, stop);
                  // The application object outlives every queue; whether this still lives is asked
                  // there.
                  QMetaObject::invokeMethod(
                      QCoreApplication::instance(),
                      [this, key, alive, outcome = std::move(outcome)] {
                        if (!alive.expired()) take(key, outcome);
                      },
                      Qt::QueuedConnection);
                });
  }

  void take(const Key& key, const Outcome& outcome) {
    pending_.erase(key);
    if (outcome.value != nullptr) {
      answered_.insert(key);
      cache_.insert(key, outcome.value, hooks_.bytes(*outcome.value));
    } else if (!outcome.was_stopped) {
      problems_[key] = outcome.problem;
    }
    hooks_.arrived();
  }

  AnswerCache<Key, Value> cache_;
  TaskQueue& queue_;
  Hooks hooks_;
  std::set<Key> pending_;
  bool stopped_ = false;
  std::set<Key> answered_;     ///< Since resume().
  std::set<Key> crowded_out_;  ///< Number of these evicted for lack of memory and requested again.
  std::map<Key, QString> problems_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace paramixer
