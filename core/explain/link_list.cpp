#include "core/explain/link_list.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kChunk = 512;  // Positions whose weights are in memory together.

using Visit = std::function<void(const Link&)>;

bool is_stronger(const Link& a, const Link& b) {
  const float left = std::abs(a.weight);
  const float right = std::abs(b.weight);
  return left != right
             ? left > right
             : std::tie(a.factor, a.source, a.target) < std::tie(b.factor, b.source, b.target);
}

/// The strongest links seen so far, in bounded memory: a heap whose front is the weakest.
class StrongestLinks {
 public:
  explicit StrongestLinks(std::int64_t count) : count_(static_cast<std::size_t>(count)) {}

  void add(const Link& link) {
    if (heap_.size() == count_) {
      if (count_ == 0 || !is_stronger(link, heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end(), is_stronger);
      heap_.back() = link;
    } else {
      heap_.push_back(link);
    }
    std::push_heap(heap_.begin(), heap_.end(), is_stronger);
  }

  /// Returns the links, strongest first, and clears the list.
  void drain(const Visit& visit) {
    std::sort(heap_.begin(), heap_.end(), is_stronger);
    for (const Link& link : heap_) visit(link);
    heap_.clear();
  }

 private:
  std::size_t count_;
  std::vector<Link> heap_;
};

/// Creates the links of one position and factor from their weights.
class LinkMaker {
 public:
  explicit LinkMaker(const LinkShape& shape) : shape_(shape) {}

  void visit(std::int64_t factor, std::int64_t source, const float* weights, const Visit& visit) {
    found_.clear();
    for (std::int64_t k = 0; k < shape_.pattern.links(); ++k) {
      const std::int64_t offset = shape_.pattern.offset(factor, k);
      const std::int64_t target = link_target(source, offset, shape_.length, shape_.boundary);
      if (target < 0) continue;
      const auto same = std::find_if(found_.begin(), found_.end(),
                                     [&](const Link& link) { return link.target == target; });
      if (same != found_.end()) {
        same->weight += weights[k];
        ++same->merged;
        continue;
      }
      const std::int64_t straight = source + offset;
      found_.push_back({.factor = factor,
                        .source = source,
                        .target = target,
                        .offset = offset,
                        .weight = weights[k],
                        .crosses_seam = straight < 0 || straight >= shape_.length,
                        .touches_padding = source >= shape_.valid || target >= shape_.valid});
    }
    for (const Link& link : found_) visit(link);
  }

 private:
  const LinkShape& shape_;
  std::vector<Link> found_;
};

/// A checked query on a source.
class LinkWalk {
 public:
  LinkWalk(LinkSource& links, const LinkQuery& query)
      : links_(links),
        query_(query),
        maker_(links.shape()),
        last_factor_(std::min(query.last_factor, links.factors() - 1)) {
    const std::int64_t length = links.shape().length;
    if (query.begin < 0 || query.end > length || query.begin > query.end) {
      throw Error("links of positions " + std::to_string(query.begin + 1) + "-" +
                  std::to_string(query.end) + " were requested; the sequence has " +
                  std::to_string(length));
    }
    if (query.first_factor < 0 || query.top < 0) {
      throw usage_error("a factor or a number of links cannot be negative");
    }
  }

  /// By source, then factor.
  void by_source(const Visit& visit, const std::function<void()>& source_done) {
    const std::int64_t factors = last_factor_ - query_.first_factor + 1;
    if (factors <= 0) return;
    std::vector<float> weights(static_cast<std::size_t>(factors * kChunk * links_.links()));
    for (std::int64_t begin = query_.begin; begin < query_.end; begin += kChunk) {
      const std::int64_t end = std::min(begin + kChunk, query_.end);
      for (std::int64_t f = 0; f < factors; ++f) {
        links_.read(query_.first_factor + f, begin, end,
                    weights.data() + f * kChunk * links_.links());
      }
      for (std::int64_t i = begin; i < end; ++i) {
        for (std::int64_t f = 0; f < factors; ++f) {
          maker_.visit(query_.first_factor + f, i,
                       weights.data() + (f * kChunk + i - begin) * links_.links(), visit);
        }
        source_done();
      }
    }
  }

  /// By factor, then source.
  void by_factor(const Visit& visit, const std::function<void()>& factor_done) {
    std::vector<float> weights(static_cast<std::size_t>(kChunk * links_.links()));
    for (std::int64_t m = query_.first_factor; m <= last_factor_; ++m) {
      for (std::int64_t begin = query_.begin; begin < query_.end; begin += kChunk) {
        const std::int64_t end = std::min(begin + kChunk, query_.end);
        links_.read(m, begin, end, weights.data());
        for (std::int64_t i = begin; i < end; ++i) {
          maker_.visit(m, i, weights.data() + (i - begin) * links_.links(), visit);
        }
      }
      factor_done();
    }
  }

 private:
  LinkSource& links_;
  const LinkQuery& query_;
  LinkMaker maker_;
  std::int64_t last_factor_;
};

}  // namespace

void for_each_link(LinkSource& links, const LinkQuery& query, const Visit& visit) {
  LinkWalk walk(links, query);
  StrongestLinks strongest(query.top);
  const Visit add = [&](const Link& link) { strongest.add(link); };
  const auto drain = [&] { strongest.drain(visit); };
  const auto nothing = [] {};
  switch (query.choice) {
    case LinkChoice::kAll:
      walk.by_source(visit, nothing);
      break;
    case LinkChoice::kTopOfSource:
      walk.by_source(add, drain);
      break;
    case LinkChoice::kTopOfFactor:
      walk.by_factor(add, drain);
      break;
    case LinkChoice::kTopOverall:
      walk.by_factor(add, nothing);
      drain();
      break;
  }
}

}  // namespace paramixer
