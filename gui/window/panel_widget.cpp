#include "gui/window/panel_widget.hpp"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace paramixer {
namespace {

constexpr double kWheelStep = 120.0;  ///< Eighths of a degree of one notch.
constexpr double kZoomPerStep = 0.8;
constexpr double kPanPerStep = 0.1;

}  // namespace

PanelWidget::PanelWidget(std::unique_ptr<Panel> panel, Board& board, QWidget* parent)
    : QWidget(parent), panel_(std::move(panel)), board_(board) {
  setObjectName(panel_->name());
  setAccessibleName(panel_->title());
  setAccessibleDescription(panel_->help());
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAttribute(Qt::WA_OpaquePaintEvent);
  connect(&board_, &Board::changed, this, qOverload<>(&QWidget::update));
  connect(&board_, &Board::record_changed, this, qOverload<>(&QWidget::update));
}

void PanelWidget::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), board_.theme().background);
  const auto scene = board_.scene();
  if (!scene) {
    draw_note(painter, rect(), tr("Open a model and sequences, then choose a record."),
              board_.theme());
    return;
  }
  panel_->paint(painter, size(), *scene);
  if (drag_ == Drag::kBox) {
    const auto area = panel_->base_area(size());
    QColor color = board_.theme().accent;
    painter.setPen(color);
    color.setAlphaF(0.15F);
    painter.setBrush(color);
    const double left = std::min(pressed_.x(), latest_.x());
    painter.drawRect(
        QRectF(left, area->top(), std::abs(latest_.x() - pressed_.x()), area->height()));
  }
  if (hasFocus()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(board_.theme().accent, 1.0));
    painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
  }
}

std::optional<BaseScale> PanelWidget::scale() const {
  const auto area = panel_->base_area(size());
  if (!area || board_.record() == nullptr) return std::nullopt;
  return base_scale(*area, board_.view().state());
}

std::optional<PanelHit> PanelWidget::hit_at(const QPointF& point) {
  const auto scene = board_.scene();
  if (!scene) return std::nullopt;
  return panel_->hit(point, size(), *scene);
}

bool PanelWidget::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    show_tooltip(help->pos(), help->globalPos());
    return true;
  }
  return QWidget::event(event);
}

void PanelWidget::show_tooltip(const QPoint& point, const QPoint& screen) {
  const auto hit = hit_at(point);
  if (hit && !hit->text.isEmpty()) {
    QToolTip::showText(screen, hit->text, this, QRect(point - QPoint(2, 2), QSize(5, 5)));
  } else {
    QToolTip::hideText();
  }
}

void PanelWidget::wheelEvent(QWheelEvent* event) {
  const auto own = scale();
  if (!own) return QWidget::wheelEvent(event);
  const QPoint turn = event->angleDelta();
  const bool sideways = turn.x() != 0 && std::abs(turn.x()) > std::abs(turn.y());
  if (sideways || event->modifiers().testFlag(Qt::ShiftModifier)) {
    board_.view().pan(-(sideways ? turn.x() : turn.y()) / kWheelStep * kPanPerStep);
  } else {
    board_.view().zoom(std::pow(kZoomPerStep, turn.y() / kWheelStep),
                       own->base(event->position().x()));
  }
  event->accept();
}

void PanelWidget::mousePressEvent(QMouseEvent* event) {
  pressed_ = latest_ = event->position();
  before_drag_ = board_.view().state();
  const bool box =
      event->button() == Qt::RightButton || event->modifiers().testFlag(Qt::ControlModifier);
  drag_ = box && scale() ? Drag::kBox : Drag::kPressed;
}

void PanelWidget::mouseMoveEvent(QMouseEvent* event) {
  latest_ = event->position();
  if (drag_ == Drag::kNone) {
    show_tooltip(event->pos(), event->globalPosition().toPoint());
    return;
  }
  const double distance = latest_.x() - pressed_.x();
  if (drag_ == Drag::kPressed && std::abs(distance) >= QApplication::startDragDistance()) {
    drag_ = Drag::kPan;
    setCursor(Qt::ClosedHandCursor);
  }
  if (drag_ == Drag::kBox) update();
  const auto own = scale();
  if (drag_ != Drag::kPan || !own) return;
  const double bases = distance * (before_drag_.end - before_drag_.begin) / own->width;
  board_.view().show(before_drag_.begin - bases, before_drag_.end - bases);
}

void PanelWidget::mouseReleaseEvent(QMouseEvent* event) {
  const Drag drag = std::exchange(drag_, Drag::kNone);
  unsetCursor();
  if (drag == Drag::kBox) zoom_to_box();
  if (drag == Drag::kPressed && event->button() == Qt::LeftButton) pin(event->position());
  update();
}

void PanelWidget::zoom_to_box() {
  const auto own = scale();
  if (!own || std::abs(latest_.x() - pressed_.x()) < QApplication::startDragDistance()) return;
  const auto [left, right] = std::minmax({own->base(pressed_.x()), own->base(latest_.x())});
  board_.view().show(left, right);
}

void PanelWidget::pin(const QPointF& point) {
  const auto hit = hit_at(point);
  if (!hit) return;
  board_.view().edit([&](ViewState& state) {
    if (hit->base) state.pinned = hit->base;
    if (hit->factor) state.factor = *hit->factor;
  });
}

void PanelWidget::mouseDoubleClickEvent(QMouseEvent* event) {
  const auto hit = hit_at(event->position());
  if (hit && hit->target) board_.view().go_to(*hit->target);
}

void PanelWidget::keyPressEvent(QKeyEvent* event) {
  if (board_.record() == nullptr || !do_key(event->key())) QWidget::keyPressEvent(event);
}

bool PanelWidget::do_key(int key) {
  ViewController& view = board_.view();
  const double middle = (view.state().begin + view.state().end) / 2.0;
  const double centre =
      view.state().pinned ? static_cast<double>(*view.state().pinned) + 0.5 : middle;
  switch (key) {
    case Qt::Key_Left:
      view.pan(-kPanPerStep);
      return true;
    case Qt::Key_Right:
      view.pan(kPanPerStep);
      return true;
    case Qt::Key_Up:
      view.step_factor(-1, board_.record()->factors());
      return true;
    case Qt::Key_Down:
      view.step_factor(1, board_.record()->factors());
      return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      view.zoom(kZoomPerStep, centre);
      return true;
    case Qt::Key_Minus:
      view.zoom(1.0 / kZoomPerStep, centre);
      return true;
    case Qt::Key_Home:
      view.show(0.0, static_cast<double>(view.length()));
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      view.go_to(static_cast<std::int64_t>(middle));
      return true;
    case Qt::Key_Escape:
      view.edit([](ViewState& state) { state.pinned.reset(); });
      return true;
    default:
      return false;
  }
}

}  // namespace paramixer
