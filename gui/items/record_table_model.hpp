#pragma once

#include <QAbstractTableModel>
#include <string>
#include <vector>

#include "app/services/explore/record_catalog.hpp"

namespace paramixer {

/// The records of the catalog as rows, in input order. UI thread only.
class RecordTableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { kName, kLength, kClass, kProbability, kStatus, kColumns };

  using QAbstractTableModel::QAbstractTableModel;

  void clear();
  void append(const std::vector<CatalogEntry>& entries);
  /// Names that predictions number.
  void set_classes(const std::vector<std::string>& classes);
  const CatalogEntry& entry(int row) const { return entries_[static_cast<std::size_t>(row)]; }
  QString class_of(int row) const;
  /// How the status column names it.
  QString status_of(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  QVariant text(int row, int column) const;
  QString tip(int row) const;

  std::vector<CatalogEntry> entries_;
  std::vector<std::string> classes_;
};

}  // namespace paramixer
