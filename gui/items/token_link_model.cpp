#include "gui/items/token_link_model.hpp"

#include <QBrush>
#include <QColor>
#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/paint/axis.hpp"
#include "gui/panel/link_text.hpp"

namespace paramixer {
namespace {

/// Black or white, whichever is more readable on a colour.
QColor readable_on(const QColor& color) {
  constexpr double kHalf = 140.0;
  const double light = 0.299 * color.red() + 0.587 * color.green() + 0.114 * color.blue();
  return light > kHalf ? QColor(Qt::black) : QColor(Qt::white);
}

}  // namespace

void TokenLinkModel::set_table(Table table) {
  beginResetModel();
  table_ = std::move(table);
  largest_ = 0.0F;
  if (table_.weights != nullptr) {
    for (const auto& factor : table_.weights->weights) {
      for (const float weight : factor) largest_ = std::max(largest_, std::abs(weight));
    }
  }
  factor_ = 0;
  endResetModel();
}

void TokenLinkModel::set_factor(std::int64_t factor) {
  if (factor == factor_ || factor < 0 || factor >= table_.pattern.factors()) return;
  factor_ = factor;
  if (rowCount() == 0) return;
  emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
  emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void TokenLinkModel::set_colors(const ColorScale& colors) {
  colors_ = std::make_unique<ColorScale>(colors);
  if (rowCount() > 0) {
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1),
                     {Qt::BackgroundRole, Qt::ForegroundRole});
  }
}

int TokenLinkModel::rowCount(const QModelIndex& parent) const {
  if (parent.isValid() || table_.weights == nullptr || table_.weights->weights.empty()) return 0;
  return static_cast<int>(table_.weights->vocabulary);
}

int TokenLinkModel::columnCount(const QModelIndex& parent) const {
  if (parent.isValid() || table_.weights == nullptr || table_.weights->weights.empty()) return 0;
  return static_cast<int>(table_.weights->links);
}

float TokenLinkModel::weight(const QModelIndex& index) const {
  const auto& factor = table_.weights->weights[static_cast<std::size_t>(factor_)];
  return factor[static_cast<std::size_t>(index.row() * table_.weights->links + index.column())];
}

QVariant TokenLinkModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  switch (role) {
    case Qt::DisplayRole:
      return short_number(weight(index));
    case kSortRole:
      return weight(index);
    case Qt::TextAlignmentRole:
      return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::BackgroundRole:
      if (colors_ == nullptr) return {};
      return QBrush(QColor(colors_->color(weight(index))));
    case Qt::ForegroundRole:
      if (colors_ == nullptr) return {};
      return QBrush(readable_on(QColor(colors_->color(weight(index)))));
    case Qt::ToolTipRole:
      return tr("factor %1: a position with %2 takes from offset %3 with weight %4")
          .arg(factor_ + 1)
          .arg(table_.tokens[static_cast<std::size_t>(index.row())],
               offset_text(table_.pattern.offset(factor_, index.column())),
               short_number(weight(index)));
    default:
      return {};
  }
}

QVariant TokenLinkModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || section < 0) return {};
  if (orientation == Qt::Horizontal) {
    if (section >= columnCount()) return {};
    return offset_text(table_.pattern.offset(factor_, section));
  }
  if (section >= std::ssize(table_.tokens)) return {};
  return table_.tokens[static_cast<std::size_t>(section)];
}

}  // namespace paramixer
