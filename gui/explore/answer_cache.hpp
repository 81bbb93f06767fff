#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <utility>

namespace paramixer {

/// Byte budget shared by all caches of a program, with least-recently-used order across all of
/// them. UI thread only.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::int64_t bytes) : limit_(bytes) {}

  struct Entry {
    std::int64_t bytes = 0;
    std::function<void()> forget{};
  };
  using Handle = std::list<Entry>::iterator;

  /// Adds an answer to the budget; the least recently used answers are evicted until all fit. The
  /// newest one always stays.
  Handle add(Entry entry) {
    used_ += entry.bytes;
    entries_.push_front(std::move(entry));
    while (used_ > limit_ && entries_.size() > 1) {
      const Entry oldest = std::move(entries_.back());
      entries_.pop_back();
      used_ -= oldest.bytes;
      oldest.forget();
    }
    return entries_.begin();
  }
  void touch(Handle entry) { entries_.splice(entries_.begin(), entries_, entry); }
  void remove(Handle entry) {
    used_ -= entry->bytes;
    entries_.erase(entry);
  }

  std::int64_t used() const noexcept { return used_; }
  std::int64_t limit() const noexcept { return limit_; }

 private:
  std::int64_t limit_;
  std::int64_t used_ = 0;
  std::list<Entry> entries_;  ///< Used last first.
};

/// Answers by key under a shared budget. UI thread only; the values can be read by any thread.
template <class Key, class Value>
class AnswerCache {
 public:
  explicit AnswerCache(MemoryBudget& budget) : budget_(budget) {}
  ~AnswerCache() { clear(); }
  AnswerCache(const AnswerCache&) = delete;
  AnswerCache& operator=(const AnswerCache&) = delete;

  /// Null when it is not there.
  std::shared_ptr<const Value> find(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    budget_.touch(found->second.handle);
    return found->second.value;
  }

  void insert(const Key& key, std::shared_ptr<const Value> value, std::int64_t bytes) {
    erase(key);
    const auto handle = budget_.add({bytes, [this, key] { entries_.erase(key); }});
    entries_.emplace(key, Entry{std::move(value), handle});
  }

  void clear() {
    for (const auto& [key, entry] : entries_) budget_.remove(entry.handle);
    entries_.clear();
  }

 private:
  struct Entry {
    std::shared_ptr<const Value> value;
    MemoryBudget::Handle handle;
  };

  void erase(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    budget_.remove(found->second.handle);
    entries_.erase(found);
  }

  MemoryBudget& budget_;
  std::map<Key, Entry> entries_;
};

}  // namespace paramixer
