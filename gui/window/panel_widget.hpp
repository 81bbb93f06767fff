#pragma once

#include <QWidget>
#include <functional>
#include <memory>

#include "gui/panel/panel.hpp"
#include "gui/window/board.hpp"

namespace paramixer {

/// A panel in the window: draws it and turns mouse and keys into changes of the shared view.
///
/// Wheel: zoom at the cursor (with Shift: pan). Drag: pan. Ctrl+drag or right drag: box zoom.
/// Click: pin the base and choose the factor. Double click: follow the link. Left, Right: pan; Up,
/// Down: previous, next factor; +, -: zoom; Home: all; Return: pin the middle; Escape: unpin.
class PanelWidget : public QWidget {
  Q_OBJECT

 public:
  /// `board` must outlive this.
  PanelWidget(std::unique_ptr<Panel> panel, Board& board, QWidget* parent = nullptr);

  Panel& panel() noexcept { return *panel_; }
  QSize sizeHint() const override { return {720, 260}; }
  QSize minimumSizeHint() const override { return {220, 90}; }

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum class Drag { kNone, kPressed, kPan, kBox };

  std::optional<BaseScale> scale() const;
  std::optional<PanelHit> hit_at(const QPointF& point);
  void show_tooltip(const QPoint& point, const QPoint& screen);
  void pin(const QPointF& point);
  void zoom_to_box();
  bool do_key(int key);

  std::unique_ptr<Panel> panel_;
  Board& board_;
  Drag drag_ = Drag::kNone;
  QPointF pressed_;
  QPointF latest_;
  ViewState before_drag_;
};

}  // namespace paramixer
