#pragma once

#include <QWidget>
#include <optional>

#include "app/services/training/metrics_curve.hpp"
#include "gui/window/board.hpp"

namespace paramixer {

/// The training curve of a metrics log. Needs no model and no record.
class CurveView : public QWidget {
  Q_OBJECT

 public:
  explicit CurveView(Board& board, QWidget* parent = nullptr);

  void set_curve(MetricsCurve curve);
  const std::optional<MetricsCurve>& curve() const noexcept { return curve_; }
  QSize sizeHint() const override { return {320, 380}; }

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  Board& board_;
  std::optional<MetricsCurve> curve_;
};

}  // namespace paramixer
