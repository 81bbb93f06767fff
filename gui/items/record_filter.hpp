#pragma once

#include <QSortFilterProxyModel>

#include "gui/items/record_table_model.hpp"

namespace paramixer {

/// The records whose name contains a text and that have a class or a status; sorts numbers as
/// numbers. UI thread only.
class RecordFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  /// `records` must outlive this.
  explicit RecordFilter(RecordTableModel& records, QObject* parent = nullptr);

  /// Empty: any name. Upper and lower case are the same.
  void set_name(const QString& part);
  /// Empty: any class.
  void set_class(const QString& name);
  /// Empty: any status.
  void set_status(const QString& status);

  /// The row of the records behind a row that is shown, and the other way round; -1: none.
  int record_row(int row) const;
  int shown_row(int record_row) const;

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  /// By the records themselves: comparing the model's variants takes ten times as long.
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  RecordTableModel& records_;
  QString name_;
  QString class_;
  QString status_;
};

}  // namespace paramixer
