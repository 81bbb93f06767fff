#include "gui/panel/panel_factory.hpp"

#include <functional>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "gui/panel/arcs_panel.hpp"
#include "gui/panel/attribution_panel.hpp"
#include "gui/panel/compare_panel.hpp"
#include "gui/panel/heatmap_panel.hpp"
#include "gui/panel/probabilities_panel.hpp"
#include "gui/panel/receptive_panel.hpp"
#include "gui/panel/ring_panel.hpp"
#include "gui/panel/spread_panel.hpp"

namespace paramixer {
namespace {

using Maker = std::function<std::unique_ptr<Panel>()>;

template <class Kind>
Maker maker() {
  return [] { return std::make_unique<Kind>(); };
}

const std::vector<Maker>& makers() {
  static const std::vector<Maker> all{maker<HeatmapPanel>(),     maker<ArcsPanel>(),
                                      maker<RingPanel>(),        maker<SpreadPanel>(),
                                      maker<AttributionPanel>(), maker<ReceptivePanel>(),
                                      maker<ComparePanel>(),     maker<ProbabilitiesPanel>()};
  return all;
}

}  // namespace

QStringList panel_names() {
  QStringList names;
  for (const Maker& make : makers()) names.push_back(make()->name());
  return names;
}

std::unique_ptr<Panel> make_panel(const QString& name) {
  for (const Maker& make : makers()) {
    auto panel = make();
    if (panel->name() == name) return panel;
  }
  throw usage_error("unknown view '" + name.toStdString() +
                    "'; choose one of: " + panel_names().join(", ").toStdString());
}

}  // namespace paramixer
