#include "gui/window/recent_files.hpp"

#include <QFileInfo>
#include <QSettings>

namespace paramixer {
namespace {

constexpr QLatin1String kKey("recent");

/// One entry: the model, then the sequence files.
QList<QStringList> stored() {
  QList<QStringList> entries;
  for (const QVariant& entry : QSettings().value(kKey).toList()) {
    const QStringList paths = entry.toStringList();
    if (!paths.isEmpty()) entries.push_back(paths);
  }
  return entries;
}

void store(const QList<QStringList>& entries) {
  QVariantList list;
  for (const QStringList& paths : entries) list.push_back(paths);
  QSettings().setValue(kKey, list);
}

QString label_of(const QStringList& paths) {
  QString label = QFileInfo(paths.front()).fileName();
  if (paths.size() > 1) label += QStringLiteral("  +  ") + QFileInfo(paths[1]).fileName();
  if (paths.size() > 2) label += QObject::tr(" and %1 more").arg(paths.size() - 2);
  // A single & would underline a letter.
  return label.replace(QLatin1Char('&'), QLatin1String("&&"));
}

}  // namespace

void RecentFiles::add(const QString& model, const QStringList& inputs) {
  if (model.isEmpty()) return;
  QStringList paths{QFileInfo(model).absoluteFilePath()};
  for (const QString& input : inputs) paths.push_back(QFileInfo(input).absoluteFilePath());
  QList<QStringList> entries = stored();
  entries.removeAll(paths);
  entries.push_front(paths);
  while (entries.size() > kMost) entries.pop_back();
  store(entries);
}

void RecentFiles::clear() { store({}); }

void RecentFiles::fill(QMenu* menu) {
  connect(menu, &QMenu::aboutToShow, this, [this, menu] { show(menu); });
}

void RecentFiles::show(QMenu* menu) {
  menu->clear();
  const QList<QStringList> entries = stored();
  for (const QStringList& paths : entries) {
    QAction* action = menu->addAction(label_of(paths));
    action->setToolTip(paths.join(QLatin1Char('\n')));
    connect(action, &QAction::triggered, this,
            [this, paths] { emit chosen(paths.front(), paths.mid(1)); });
  }
  if (entries.isEmpty()) {
    menu->addAction(tr("No recent files"))->setEnabled(false);
    return;
  }
  menu->setToolTipsVisible(true);
  menu->addSeparator();
  connect(menu->addAction(tr("Clear list")), &QAction::triggered, this, &RecentFiles::clear);
}

}  // namespace paramixer
