#include "gui/window/token_table.hpp"

#include <QHeaderView>
#include <QVBoxLayout>

#include "gui/panel/panel.hpp"

namespace paramixer {
namespace {

TokenLinkModel::Table table_of(const Exploration& record,
                               const std::shared_ptr<const LinkTables>& weights) {
  TokenLinkModel::Table table{weights, record.pattern(), {}};
  const Tokenizer tokenizer(record.card().config.tokens);
  for (std::int64_t token = 0; token < weights->vocabulary; ++token) {
    table.tokens.push_back(
        QString::fromStdString(tokenizer.text(static_cast<std::int32_t>(token))));
  }
  return table;
}

}  // namespace

TokenTable::TokenTable(Board& board, QWidget* parent)
    : QWidget(parent),
      board_(board),
      filter_(links_),
      note_(new QLabel(this)),
      search_(new QLineEdit(this)),
      table_(new QTableView(this)) {
  setObjectName(QStringLiteral("tokens"));
  search_->setPlaceholderText(tr("Tokens that start with …"));
  search_->setClearButtonEnabled(true);
  search_->setAccessibleName(tr("Search tokens"));
  note_->setWordWrap(true);
  table_->setAccessibleName(tr("Links of every token"));
  table_->setModel(&filter_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(-1, Qt::AscendingOrder);
  table_->horizontalHeader()->setDefaultSectionSize(72);
  table_->verticalHeader()->setDefaultSectionSize(22);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(6, 6, 6, 6);
  column->addWidget(note_);
  column->addWidget(search_);
  column->addWidget(table_, 1);
  connect(search_, &QLineEdit::textChanged, &filter_, &TokenFilter::set_bases);
  connect(&board_, &Board::changed, this, &TokenTable::follow);
  connect(&board_, &Board::record_changed, this, [this] {
    links_.set_table({});
    follow();
  });
  follow();
}

void TokenTable::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  follow();
}

QString TokenTable::missing_table() {
  Exploration* record = board_.record();
  if (record == nullptr) return tr("Open a model and sequences, then choose a record.");
  if (record->factors() == 0) return tr("This model has no factors, so nothing mixes.");
  if (!record->folds()) {
    return tr(
        "The links of this model depend on the position or on lower layers as well as on the "
        "token, so there is no table of them. The heatmap shows the links of every position.");
  }
  const auto weights = record->tables();
  if (weights == nullptr) return waiting_text(*record, record->links_problem());
  if (weights != links_.weights()) {
    links_.set_table(table_of(*record, weights));
    followed_ = ViewState{.factor = -1};
  }
  return {};
}

void TokenTable::follow() {
  if (!isVisible()) return;
  const QString missing = missing_table();
  table_->setVisible(missing.isEmpty());
  search_->setVisible(missing.isEmpty());
  const ViewState& state = board_.view().state();
  if (!missing.isEmpty()) {
    note_->setText(missing);
    return;
  }
  note_->setText(tr("Factor %1 (Ctrl+Up, Ctrl+Down): the weight with which a position with this "
                    "token takes from each offset.")
                     .arg(state.factor + 1));
  links_.set_factor(state.factor);
  const bool same_colors = followed_.palette == state.palette &&
                           followed_.color_limit == state.color_limit && followed_.factor >= 0;
  if (!same_colors) {
    const double limit = state.color_limit > 0.0 ? state.color_limit : links_.largest();
    links_.set_colors(ColorScale(state.palette, limit, board_.theme()));
  }
  followed_ = state;
}

}  // namespace paramixer
