#pragma once

#include <QAction>
#include <QDialog>
#include <QList>
#include <vector>

namespace paramixer {

/// What the mouse or a key does in a panel, besides the menus.
struct MouseGesture {
  QString gesture{};
  QString effect{};
};

/// All shortcuts of the menus, taken from the actions themselves, and what the mouse does.
class ShortcutsHelp : public QDialog {
  Q_OBJECT

 public:
  ShortcutsHelp(const QList<QAction*>& actions, const std::vector<MouseGesture>& gestures,
                QWidget* parent = nullptr);
};

}  // namespace paramixer
