#include "gui/items/record_table_model.hpp"

#include <QIcon>
#include <QPixmap>

#include "gui/paint/axis.hpp"
#include "gui/paint/theme.hpp"

namespace paramixer {
namespace {

constexpr int kSwatch = 12;

QPixmap swatch_of(std::int64_t class_number) {
  QPixmap swatch(kSwatch, kSwatch);
  swatch.fill(class_color_of(class_number));
  return swatch;
}

}  // namespace

void RecordTableModel::clear() {
  beginResetModel();
  entries_.clear();
  endResetModel();
}

void RecordTableModel::append(const std::vector<CatalogEntry>& entries) {
  if (entries.empty()) return;
  const int first = rowCount();
  beginInsertRows({}, first, first + static_cast<int>(entries.size()) - 1);
  entries_.insert(entries_.end(), entries.begin(), entries.end());
  endInsertRows();
}

void RecordTableModel::set_classes(const std::vector<std::string>& classes) {
  beginResetModel();
  classes_ = classes;
  endResetModel();
}

QString RecordTableModel::class_of(int row) const {
  if (entry(row).prediction.status == RecordStatus::kNoEvidence) return tr("unclassified");
  const std::int32_t best = entry(row).prediction.best;
  if (best < 0 || best >= std::ssize(classes_)) return {};
  return QString::fromStdString(classes_[static_cast<std::size_t>(best)]);
}

QString RecordTableModel::status_of(int row) const {
  switch (entry(row).prediction.status) {
    case RecordStatus::kRejected:
      return tr("rejected");
    case RecordStatus::kNoEvidence:
      return tr("no evidence");
    case RecordStatus::kOk:
      break;
  }
  return tr("ok");
}

int RecordTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

int RecordTableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

QVariant RecordTableModel::text(int row, int column) const {
  const CatalogEntry& own = entry(row);
  const Prediction& prediction = own.prediction;
  switch (column) {
    case kName:
      return QString::fromStdString(own.name);
    case kLength:
      return grouped(own.length);
    case kClass:
      return class_of(row);
    case kProbability:
      if (prediction.best < 0) return {};
      return QString::number(prediction.probabilities[static_cast<std::size_t>(prediction.best)],
                             'f', 3);
    default:
      return status_of(row);
  }
}

QString RecordTableModel::tip(int row) const {
  const CatalogEntry& own = entry(row);
  QString tip = tr("%1\n%2 bases").arg(QString::fromStdString(own.name), grouped(own.length));
  if (own.reverse_strand) tip += tr("\naligned to the reverse strand; shown as sequenced");
  if (own.prediction.status != RecordStatus::kOk) {
    return tip + "\n" + tr("not classified: %1").arg(QString::fromStdString(own.prediction.reason));
  }
  for (std::size_t c = 0; c < classes_.size() && c < own.prediction.probabilities.size(); ++c) {
    tip += QStringLiteral("\n%1  %2")
               .arg(QString::fromStdString(classes_[c]),
                    short_number(own.prediction.probabilities[c]));
  }
  return tip;
}

QVariant RecordTableModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const int row = index.row();
  switch (role) {
    case Qt::DisplayRole:
      return text(row, index.column());
    case Qt::ToolTipRole:
      return tip(row);
    case Qt::DecorationRole:
      if (index.column() != kClass || entry(row).prediction.best < 0) return {};
      return swatch_of(entry(row).prediction.best);
    case Qt::TextAlignmentRole:
      if (index.column() != kLength && index.column() != kProbability) return {};
      return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    default:
      return {};
  }
}

QVariant RecordTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole) return {};
  if (orientation == Qt::Vertical) return section + 1;
  switch (section) {
    case kName:
      return tr("Record");
    case kLength:
      return tr("Length");
    case kClass:
      return tr("Class");
    case kProbability:
      return tr("Prob.");
    case kStatus:
      return tr("Status");
    default:
      return {};
  }
}

}  // namespace paramixer
