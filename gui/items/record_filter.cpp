#include "gui/items/record_filter.hpp"

#include <algorithm>
#include <cctype>

namespace paramixer {
namespace {

/// Probability of the class; sorts below all others without one.
float probability_of(const CatalogEntry& entry) {
  const std::int32_t best = entry.prediction.best;
  return best < 0 ? -1.0F : entry.prediction.probabilities[static_cast<std::size_t>(best)];
}

/// Upper and lower case are the same.
bool comes_before(const std::string& one, const std::string& other) {
  return std::lexicographical_compare(
      one.begin(), one.end(), other.begin(), other.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) < std::tolower(b); });
}

}  // namespace

RecordFilter::RecordFilter(RecordTableModel& records, QObject* parent)
    : QSortFilterProxyModel(parent), records_(records) {
  setSourceModel(&records);
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

bool RecordFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const CatalogEntry& one = records_.entry(left.row());
  const CatalogEntry& other = records_.entry(right.row());
  switch (left.column()) {
    case RecordTableModel::kLength:
      return one.length < other.length;
    case RecordTableModel::kClass:
      return records_.class_of(left.row()) < records_.class_of(right.row());
    case RecordTableModel::kProbability:
      return probability_of(one) < probability_of(other);
    case RecordTableModel::kStatus:
      return one.prediction.status < other.prediction.status;
    default:
      return comes_before(one.name, other.name);
  }
}

}  // namespace paramixer
