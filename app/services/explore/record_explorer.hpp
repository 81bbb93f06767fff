#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/explain/link_list.hpp"
#include "core/explain/link_pyramid.hpp"
#include "core/explain/receptive_field.hpp"
#include "core/sequence/window.hpp"
#include "models/explain/explainer.hpp"

namespace paramixer {

/// Selects the links of a record.
struct ExploreChoices {
  bool reversed = false;   ///< Those on the reverse complement, in the record's coordinates.
  std::int64_t block = 0;  ///< Counts from 0.
};

/// What a position takes from, or gives to, the bases of its window.
struct ReceptiveVector {
  Window window{};              ///< 0-based bases of the record.
  std::vector<float> values{};  ///< One a base of the window; NaN where no token begins.
};

/// The product of the factors of one window, in bins of bases.
struct ReceptiveMatrix {
  Window window{};
  std::vector<std::int64_t> bounds{};  ///< [bins + 1], bases of the record, ascending.
  std::vector<float> means{};          ///< Row-major [bins, bins]: row = output, column = input.

  std::int64_t bins() const noexcept { return static_cast<std::int64_t>(bounds.size()) - 1; }
};

/// The value of one channel that starts as 1 at a base, before the first factor and after each.
struct Spread {
  Window window{};
  std::vector<std::vector<float>> values{};  ///< [M + 1], each one per base; NaN without a token.
};

/// A record of any length with the links that a model computes for it: in the windows in which the
/// model classifies it, and in the record's own coordinates, 0-based bases. A link never leaves its
/// window. Not thread-safe; uses the explainer.
class RecordExplorer {
 public:
  /// Throws Error (without a place) for a record or block the explainer rejects. The explainer must
  /// outlive this.
  RecordExplorer(Explainer& explainer, std::string bases, ExploreChoices choices);
  ~RecordExplorer();

  const std::string& bases() const noexcept { return bases_; }
  std::int64_t length() const noexcept { return std::ssize(bases_); }
  const LinkPattern& pattern() const noexcept { return pattern_; }
  const ExploreChoices& choices() const noexcept { return choices_; }
  std::span<const Window> windows() const noexcept { return windows_; }
  /// The window in which a base's links are computed: the first one that holds it.
  const Window& window_at(std::int64_t base) const;

  /// From now on, long computations throw an Error of kind kInterrupted after a stop request.
  void stop_with(std::stop_token stop) noexcept { stop_ = std::move(stop); }

  /// Writes W_m of bases [begin, end), row-major [end - begin, L]: the token that begins at the
  /// base (ends at it on the reverse strand). NaN where there is none.
  void read(std::int64_t factor, std::int64_t begin, std::int64_t end, float* out);
  /// A factor's links over bases [begin, end), for link_pyramids().
  LinkStretch stretch(std::int64_t factor, std::int64_t begin, std::int64_t end);

  /// The links that start in the query's bases, as for_each_link has them, window by window: the
  /// top of a choice is chosen over all of them.
  std::vector<Link> links(const LinkQuery& query);

  /// Throw Error for a base at which no token begins.
  ReceptiveVector receptive_field(std::int64_t base, ProductSide side, Residual residual);
  Spread spread(std::int64_t base, Residual residual);
  /// The whole product of the factors of window_at(base).
  ReceptiveMatrix receptive_matrix(std::int64_t base, std::int64_t bins, Residual residual,
                                   const std::function<void(std::int64_t)>& progress = {});

 private:
  struct OpenWindow {
    std::size_t number = 0;
    std::unique_ptr<LinkSource> links;
  };

  void check_stop() const;
  std::size_t number_at(std::int64_t base) const;
  /// The base from which on a window is the first one that holds it.
  std::int64_t own_begin(std::size_t number) const;
  LinkSource& source(std::size_t number);
  /// The window's token at a base, or the base at which a token begins: its own reverse.
  std::int64_t token_at(std::size_t number, std::int64_t base) const;
  std::int64_t base_of(std::size_t number, std::int64_t token) const;
  std::int64_t required_token(std::size_t number, std::int64_t base) const;
  std::vector<float> by_base(std::size_t number, std::span<const float> by_token) const;

  Explainer& explainer_;
  std::string bases_;
  ExploreChoices choices_;
  LinkPattern pattern_;
  std::int64_t span_;
  std::vector<Window> windows_;
  std::vector<OpenWindow> open_;  ///< The last ones used, latest last.
  std::vector<float> row_;
  std::stop_token stop_;
};

}  // namespace paramixer
