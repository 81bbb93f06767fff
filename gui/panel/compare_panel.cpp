#include "gui/panel/compare_panel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/paint/sequence_letters.hpp"
#include "gui/paint/track_bars.hpp"
#include "gui/panel/attribution_panel.hpp"
#include "gui/panel/panel_data.hpp"

namespace paramixer {
namespace {

constexpr double kCaption = 18.0;
constexpr double kCaptionDistance = 66.0;  ///< Distance of the axis caption, left of the numbers.
constexpr double kRowGap = 6.0;
constexpr std::size_t kTracks = 3;
/// Largest number of bases of two records subtracted while painting.
constexpr double kMostSubtracted = 65'536.0;

struct ComparedTrack {
  QString caption{};
  std::shared_ptr<const ValueTrack> track{};  ///< Null when it is not there.
  QString problem{};                          ///< Why not; empty while it is computed.
};

/// Two attributions and their difference.
struct Comparison {
  QString nothing{};  ///< Why there is nothing to compare; empty otherwise.
  std::array<ComparedTrack, kTracks> tracks{};
};

ComparedTrack ask(Exploration& record, const ContrastKey& key, const QString& caption) {
  ComparedTrack track{.caption = caption};
  // The track lives as long as its answer.
  if (auto answer = record.attribution(key)) {
    track.track = std::shared_ptr<const ValueTrack>(answer, &answer->track);
  } else {
    track.problem = record.problem(key);
  }
  return track;
}

/// First minus second, of the visible bases.
ComparedTrack difference_of(const ComparedTrack& first, const ComparedTrack& second,
                            const Scene& scene) {
  ComparedTrack difference{.caption = QObject::tr("difference, position by position")};
  if (first.track == nullptr || second.track == nullptr) return difference;
  if (scene.view.end - scene.view.begin > kMostSubtracted) {
    difference.problem = QObject::tr("Zoom in to at most %1 positions to see the difference.")
                             .arg(grouped(static_cast<std::int64_t>(kMostSubtracted)));
    return difference;
  }
  const VisibleBases visible = visible_bases(scene);
  std::vector<float> values;
  for (std::int64_t base = visible.begin; base < visible.end; ++base) {
    // A base that only one of them has gives NaN, that is, no difference.
    values.push_back(first.track->at(base) - second.track->at(base));
  }
  difference.track = std::make_shared<const ValueTrack>(visible.begin, std::move(values));
  return difference;
}

Comparison compare_records(const Scene& scene, const ContrastKey& key) {
  Comparison comparison;
  const QString about = contrast_text(scene.record, key);
  auto& [first, second, difference] = comparison.tracks;
  first = ask(scene.record, key, QObject::tr("%1: %2").arg(scene.record.name(), about));
  second = ask(*scene.other, key, QObject::tr("%1: %2").arg(scene.other->name(), about));
  difference = difference_of(first, second, scene);
  return comparison;
}

Comparison compare_classes(const Scene& scene, const ContrastKey& key) {
  Comparison comparison;
  const ContrastKey target{key.target, -1};
  const ContrastKey against{key.against, -1};
  comparison.tracks = {ask(scene.record, target, contrast_text(scene.record, target)),
                       ask(scene.record, against, contrast_text(scene.record, against)),
                       ask(scene.record, key, contrast_text(scene.record, key))};
  return comparison;
}

Comparison compare(const Scene& scene) {
  const auto key = scene.record.contrast(scene.view.target_class, scene.view.against_class);
  if (key == nullptr) return {.nothing = waiting_text(scene.record, scene.record.logits_problem())};
  if (scene.other != nullptr) return compare_records(scene, *key);
  if (key->against >= 0) return compare_classes(scene, *key);
  return {.nothing =
              QObject::tr("Choose a second record (right click in the record list, \"Compare "
                          "with\"), or a class to compare with (Choices, \"against\").")};
}

QRectF track_area(const QSizeF& size, std::size_t number) {
  const QRectF all = plot_area_above_ruler(size).adjusted(0.0, 0.0, 0.0, -kLetterHeight);
  const double pitch = all.height() / static_cast<double>(kTracks);
  return {all.left(), all.top() + pitch * static_cast<double>(number) + kCaption, all.width(),
          std::max(pitch - kCaption - kRowGap, 1.0)};
}

/// The two attributions share an axis, so that their heights can be compared.
ValueAxis shared_axis(const Comparison& comparison, const BaseScale& scale) {
  ValueAxis axis{};  // Without a caption, because one caption serves all tracks.
  bool found = false;
  for (std::size_t i = 0; i < 2; ++i) {
    if (comparison.tracks[i].track == nullptr) continue;
    const ValueAxis own = TrackBars(*comparison.tracks[i].track, scale).axis(axis.caption);
    axis = found ? joined(axis, own) : own;
    found = true;
  }
  return axis;
}

void draw_track(QPainter& painter, const QRectF& area, const ComparedTrack& track,
                const ValueAxis& axis, const Scene& scene) {
  painter.setFont(scene.theme.small_font);
  painter.setPen(scene.theme.text);
  painter.drawText(QRectF(area.left(), area.top() - kCaption, area.width(), kCaption - 2.0),
                   Qt::AlignLeft | Qt::AlignVCenter, track.caption);
  if (track.track == nullptr) {
    draw_note(painter, area, waiting_text(scene.record, track.problem), scene.theme);
    return;
  }
  draw_value_axis(painter, area, axis, scene.theme);
  TrackBars(*track.track, base_scale(area, scene.view))
      .draw(painter, area, axis, ColorScale(scene.view.palette, 1.0, scene.theme));
  draw_pinned_base(painter, area, scene);
}

}  // namespace

QString ComparePanel::help() const {
  return QObject::tr(
      "Attributions of two records for one class, or of one record for two classes, and their "
      "difference. The first two tracks share an axis. Records are compared position by position.");
}

std::optional<QRectF> ComparePanel::base_area(const QSizeF& size) const {
  return plot_area_above_ruler(size);
}

void ComparePanel::paint(QPainter& painter, const QSizeF& size, const Scene& scene) {
  const Comparison comparison = compare(scene);
  if (!comparison.nothing.isEmpty()) {
    draw_note(painter, QRectF(QPointF(), size), comparison.nothing, scene.theme);
    return;
  }
  const QRectF all = plot_area_above_ruler(size);
  const BaseScale scale = base_scale(all, scene.view);
  const ValueAxis axis = shared_axis(comparison, scale);
  for (std::size_t i = 0; i < kTracks; ++i) {
    const ComparedTrack& track = comparison.tracks[i];
    const bool has_own = i + 1 == kTracks && track.track != nullptr;
    draw_track(painter, track_area(size, i), track,
               has_own ? TrackBars(*track.track, scale).axis(axis.caption) : axis, scene);
  }
  draw_axis_caption(painter, all, kCaptionDistance, QObject::tr("contribution"), scene.theme);
  draw_sequence_letters(
      painter, QRectF(all.left(), all.bottom() - kLetterHeight, all.width(), kLetterHeight), scale,
      scene.record, scene.theme);
  draw_base_axis(painter, QRectF(all.left(), all.bottom(), all.width(), kBaseAxisHeight), scale,
                 scene.theme);
}

std::optional<PanelHit> ComparePanel::hit(const QPointF& point, const QSizeF& size,
                                          const Scene& scene) {
  const auto base = base_under(point.x(), plot_area_above_ruler(size), scene);
  if (!base) return std::nullopt;
  const Comparison comparison = compare(scene);
  if (!comparison.nothing.isEmpty()) return std::nullopt;
  PanelHit hit{.text = base_text(scene.record, *base), .base = base};
  for (const ComparedTrack& track : comparison.tracks) {
    if (track.track == nullptr) continue;
    hit.text += QStringLiteral("\n%1: %2").arg(track.caption, short_number(track.track->at(*base)));
  }
  return hit;
}

QString ComparePanel::missing(const QSizeF&, const Scene& scene) {
  const Comparison comparison = compare(scene);
  if (!comparison.nothing.isEmpty()) return comparison.nothing;
  const auto& [first, second, difference] = comparison.tracks;
  for (const ComparedTrack* track : {&first, &second}) {
    if (track->track == nullptr) return waiting_text(scene.record, track->problem);
  }
  return {};
}

std::string ComparePanel::data(DataFormat, const Scene& scene) {
  const Comparison comparison = compare(scene);
  if (!comparison.nothing.isEmpty()) throw_no_answer(comparison.nothing);
  const auto& [first, second, difference] = comparison.tracks;
  for (const ComparedTrack* track : {&first, &second}) {
    if (track->track == nullptr) throw_no_answer(track->problem);
  }
  std::string text = data_header(scene, {{QStringLiteral("first"), first.caption},
                                         {QStringLiteral("second"), second.caption}}) +
                     "position\tbase\tfirst\tsecond\tdifference\n";
  const VisibleBases visible = visible_bases(scene);
  for (std::int64_t base = visible.begin; base < visible.end; ++base) {
    const float one = first.track->at(base);
    const float other = second.track->at(base);
    if (std::isnan(one) && std::isnan(other)) continue;
    text += std::to_string(base + 1) + "\t" + scene.record.base_at(base);
    for (const float value : {one, other, one - other}) {
      text += "\t" + (std::isnan(value) ? std::string("NA") : exact_text(value));
    }
    text += "\n";
  }
  return text;
}

}  // namespace paramixer
