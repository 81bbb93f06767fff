#pragma once

#include <QImage>
#include <QSize>
#include <memory>
#include <string>

#include "gui/explore/exploration.hpp"
#include "gui/explore/view_state.hpp"
#include "gui/panel/panel.hpp"

namespace paramixer::test {

/// A record with everything that an exploration of it needs.
class ExploredSample {
 public:
  /// `model` is a name below share/models; `bases` becomes a record "sample".
  ExploredSample(const std::string& model, std::string bases, ExploreChoices choices = {});
  ~ExploredSample();

  Exploration& exploration() { return *exploration_; }
  /// All of the record, light theme.
  ViewState& view() { return view_; }
  const Theme& theme() const { return theme_; }
  Scene scene() { return {*exploration_, nullptr, view_, theme_}; }

  /// Paints until no answer is on its way any more.
  QImage picture(Panel& panel, QSize size);

 private:
  MemoryBudget budget_{256 << 20};
  TaskQueue links_;
  TaskQueue answers_;
  std::unique_ptr<Exploration> exploration_;
  ViewState view_;
  Theme theme_;
};

/// Path of a file below share/.
std::string shared_file(const std::string& name);
/// A shipped model, or the model of 6-mers with 12 mixed factors that only tests use (virus_6mers).
std::string model_file(const std::string& name);

/// Bases of a record of share/samples/motif.fa; `number` counts from 0.
std::string sample_bases(std::size_t number);

/// Random bases from a seed.
std::string random_bases(std::int64_t length, std::uint64_t seed);

}  // namespace paramixer::test
