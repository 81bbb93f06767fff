#pragma once

#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QWidget>

#include "gui/items/token_filter.hpp"
#include "gui/items/token_link_model.hpp"
#include "gui/window/board.hpp"

namespace paramixer {

/// The link table per token of a model whose links follow from the token alone: of the chosen
/// factor, with a search box. Asks for the table only while it is visible.
class TokenTable : public QWidget {
  Q_OBJECT

 public:
  explicit TokenTable(Board& board, QWidget* parent = nullptr);

  TokenLinkModel& links() noexcept { return links_; }

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  /// Why there is no table to show; empty when there is one.
  QString missing_table();
  void follow();

  Board& board_;
  TokenLinkModel links_;
  TokenFilter filter_;
  ViewState followed_;
  QLabel* note_;
  QLineEdit* search_;
  QTableView* table_;
};

}  // namespace paramixer
