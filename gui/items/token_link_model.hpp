#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <vector>

#include "core/explain/link_source.hpp"
#include "core/links/link_pattern.hpp"
#include "core/sequence/tokenizer.hpp"
#include "gui/paint/palette.hpp"

namespace paramixer {

/// The links of every token in one factor: rows are tokens, columns link offsets. It fully
/// describes a model whose links depend on the token alone. UI thread only.
class TokenLinkModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  static constexpr int kSortRole = Qt::UserRole;

  struct Table {
    std::shared_ptr<const LinkTables> weights;
    LinkPattern pattern{Protocol::kChord, 0};
    std::vector<QString> tokens;  ///< [vocabulary] as bases.
  };

  using QAbstractTableModel::QAbstractTableModel;

  void set_table(Table table);
  void set_factor(std::int64_t factor);
  void set_colors(const ColorScale& colors);
  const std::shared_ptr<const LinkTables>& weights() const noexcept { return table_.weights; }
  /// Largest |weight| of all factors.
  float largest() const noexcept { return largest_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  float weight(const QModelIndex& index) const;

  Table table_;
  std::int64_t factor_ = 0;
  float largest_ = 0.0F;
  std::unique_ptr<ColorScale> colors_;
};

}  // namespace paramixer
