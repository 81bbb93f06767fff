#pragma once

#include <QMenu>
#include <QObject>
#include <QStringList>

namespace paramixer {

/// Models with the sequences they were opened with, latest first, remembered between runs.
class RecentFiles : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  static constexpr qsizetype kMost = 10;

  /// Absolute paths are remembered. Does nothing without a model.
  void add(const QString& model, const QStringList& inputs);
  void clear();
  /// Fills the menu anew whenever it is opened.
  void fill(QMenu* menu);

 signals:
  void chosen(const QString& model, const QStringList& inputs);

 private:
  void show(QMenu* menu);
};

}  // namespace paramixer
