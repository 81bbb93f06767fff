#pragma once

#include <QPainter>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <optional>
#include <string>

#include "gui/explore/exploration.hpp"
#include "gui/explore/view_state.hpp"
#include "gui/paint/axis.hpp"
#include "gui/paint/theme.hpp"

namespace paramixer {

/// Everything a panel draws from. Questions asked while painting are computed if not yet answered,
/// and the panel is repainted when the answer arrives.
struct Scene {
  Exploration& record;
  Exploration* other = nullptr;  ///< The record to compare with, if any.
  const ViewState& view;
  const Theme& theme;
};

/// What lies under the mouse.
struct PanelHit {
  QString text{};                        ///< Tooltip, some lines of plain text.
  std::optional<std::int64_t> base{};    ///< 0-based; a click pins it.
  std::optional<std::int64_t> target{};  ///< 0-based; a double click goes there.
  std::optional<std::int64_t> factor{};  ///< A click chooses it.
};

enum class DataFormat { kTsv, kBedgraph, kBedpe };

/// One view of a record as a picture: the same code draws in the window, for export and for
/// `--render`. Holds no state of its own. UI thread only.
class Panel {
 public:
  virtual ~Panel() = default;

  /// Short name, used by `--render`, in settings and in file names.
  virtual QString name() const = 0;
  virtual QString title() const = 0;
  /// One or two sentences on what is shown and how to read it.
  virtual QString help() const = 0;

  /// Draws the whole panel into [0, width) x [0, height); the background is already drawn. Draws
  /// what is known and a note for the rest.
  virtual void paint(QPainter& painter, const QSizeF& size, const Scene& scene) = 0;

  /// The part in which x is the visible range of bases; empty when the panel has no such axis.
  virtual std::optional<QRectF> base_area(const QSizeF& size) const {
    static_cast<void>(size);
    return std::nullopt;
  }
  virtual std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                                      const Scene& scene) {
    static_cast<void>(point);
    static_cast<void>(size);
    static_cast<void>(scene);
    return std::nullopt;
  }

  /// Why a picture of this size would be incomplete although no answer is pending; empty if it is
  /// complete.
  virtual QString missing(const QSizeF& size, const Scene& scene);

  /// Whether data() can write this format.
  virtual bool offers(DataFormat format) const { return format == DataFormat::kTsv; }
  /// The numbers currently drawn, as the text of a file. Positions in tables are 1-based, intervals
  /// 0-based and half-open, as everywhere in the program. Throws Error if they are not available
  /// yet.
  virtual std::string data(DataFormat format, const Scene& scene) = 0;
};

/// The size at which data() of a panel whose numbers depend on it is taken.
inline constexpr QSizeF kDataSize{1200.0, 640.0};

/// Margins that all panels with a base axis share, so that positions stand above each other.
inline constexpr double kLeftMargin = 96.0;
inline constexpr double kRightMargin = 92.0;
inline constexpr double kTopMargin = 10.0;

/// The area between the margins, above the ruler of bases.
inline QRectF plot_area_above_ruler(const QSizeF& size) {
  return {kLeftMargin, kTopMargin, std::max(size.width() - kLeftMargin - kRightMargin, 1.0),
          std::max(size.height() - kTopMargin - kBaseAxisHeight - 4.0, 1.0)};
}

inline BaseScale base_scale(const QRectF& area, const ViewState& view) {
  return {view.begin, view.end, area.left(), area.width()};
}

/// Draws the pinned base as a vertical line through `area`.
void draw_pinned_base(QPainter& painter, const QRectF& area, const Scene& scene);

/// The base under x, if it is one of the record.
std::optional<std::int64_t> base_under(double x, const QRectF& area, const Scene& scene);

/// "position 1,234  G": how tooltips name a base.
QString base_text(const Exploration& record, std::int64_t base);

/// A note for a missing answer: its problem, or that it is being computed, or that computing was
/// stopped.
QString waiting_text(const Exploration& record, const QString& problem);

}  // namespace paramixer
