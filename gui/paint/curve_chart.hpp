#pragma once

#include <QPainter>
#include <QSizeF>

#include "app/services/training/metrics_curve.hpp"
#include "gui/paint/theme.hpp"

namespace paramixer {

/// Draws a training curve: losses above, accuracies below, over training steps.
void draw_curve(QPainter& painter, const QSizeF& size, const MetricsCurve& curve,
                const Theme& theme);

/// The numbers of the row nearest to x, as a tooltip.
QString curve_text(double x, const QSizeF& size, const MetricsCurve& curve);

}  // namespace paramixer
