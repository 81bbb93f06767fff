#include "gui/items/record_filter.hpp"

namespace paramixer {

RecordFilter::RecordFilter(RecordTableModel& records, QObject* parent)
    : QSortFilterProxyModel(parent), records_(records) {
  setSourceModel(&records);
  setSortRole(RecordTableModel::kSortRole);
  setSortCaseSensitivity(Qt::CaseInsensitive);
  setSortLocaleAware(false);
}

// The setters filter all rows in one pass: invalidateFilter() would take away every run of rows by
// itself, which takes seconds when there are many.

void RecordFilter::set_name(const QString& part) {
  name_ = part;
  invalidate();
}

void RecordFilter::set_class(const QString& name) {
  class_ = name;
  invalidate();
}

void RecordFilter::set_status(const QString& status) {
  status_ = status;
  invalidate();
}

int RecordFilter::record_row(int row) const {
  const QModelIndex source = mapToSource(index(row, 0));
  return source.isValid() ? source.row() : -1;
}

int RecordFilter::shown_row(int record_row) const {
  const QModelIndex own = mapFromSource(records_.index(record_row, 0));
  return own.isValid() ? own.row() : -1;
}

bool RecordFilter::filterAcceptsRow(int row, const QModelIndex&) const {
  if (!class_.isEmpty() && records_.class_of(row) != class_) return false;
  if (!status_.isEmpty() && records_.status_of(row) != status_) return false;
  if (name_.isEmpty()) return true;
  return QString::fromStdString(records_.entry(row).name).contains(name_, Qt::CaseInsensitive);
}

}  // namespace paramixer
