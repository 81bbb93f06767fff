#include "gui/window/curve_view.hpp"

#include <QFileInfo>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <utility>

#include "gui/paint/axis.hpp"
#include "gui/paint/curve_chart.hpp"

namespace paramixer {

CurveView::CurveView(Board& board, QWidget* parent) : QWidget(parent), board_(board) {
  setObjectName(QStringLiteral("training-curve"));
  setAccessibleName(tr("Training curve"));
  setFocusPolicy(Qt::StrongFocus);
  connect(&board_, &Board::changed, this, qOverload<>(&QWidget::update));
}

void CurveView::set_curve(MetricsCurve curve) {
  curve_ = std::move(curve);
  setAccessibleDescription(QString::fromStdString(curve_->file));
  update();
}

bool CurveView::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && curve_) {
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), curve_text(help->pos().x(), size(), *curve_), this);
    return true;
  }
  return QWidget::event(event);
}

void CurveView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), board_.theme().background);
  if (curve_) {
    draw_curve(painter, size(), *curve_, board_.theme());
  } else {
    draw_note(painter, rect(),
              tr("Open the metrics log of a training run (File > Open training curve), the CSV "
                 "file written by `paramixer train --metrics-log`."),
              board_.theme());
  }
}

}  // namespace paramixer
