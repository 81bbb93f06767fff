#pragma once

#include <QSortFilterProxyModel>

#include "gui/items/token_link_model.hpp"

namespace paramixer {

/// The tokens that begin with some bases; sorts weights as numbers. UI thread only.
class TokenFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit TokenFilter(TokenLinkModel& links, QObject* parent = nullptr)
      : QSortFilterProxyModel(parent) {
    setSourceModel(&links);
    setSortRole(TokenLinkModel::kSortRole);
  }

  /// Empty: all tokens.
  void set_bases(const QString& bases) {
    bases_ = bases;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex&) const override {
    return sourceModel()
        ->headerData(row, Qt::Vertical)
        .toString()
        .startsWith(bases_, Qt::CaseInsensitive);
  }

 private:
  QString bases_;
};

}  // namespace paramixer
