#include "gui/window/record_list.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QVBoxLayout>
#include <utility>

#include "gui/paint/axis.hpp"

namespace paramixer {

RecordList::RecordList(QWidget* parent)
    : QWidget(parent),
      filter_(records_),
      search_(new QLineEdit(this)),
      class_(new QComboBox(this)),
      status_(new QComboBox(this)),
      table_(new QTableView(this)),
      count_(new QLabel(this)) {
  setObjectName(QStringLiteral("records"));
  make_filters();
  make_table();
  auto* choices = new QHBoxLayout;
  choices->addWidget(class_, 1);
  choices->addWidget(status_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(6, 6, 6, 6);
  column->addWidget(search_);
  column->addLayout(choices);
  column->addWidget(table_, 1);
  column->addWidget(count_);
  set_classes({});
}

void RecordList::make_filters() {
  search_->setPlaceholderText(tr("Search names (Ctrl+F)"));
  search_->setClearButtonEnabled(true);
  search_->setAccessibleName(tr("Search records by name"));
  class_->setAccessibleName(tr("Show records of one class"));
  class_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  status_->setAccessibleName(tr("Show records with one status"));
  status_->addItems({tr("all"), tr("ok"), tr("no evidence"), tr("rejected")});
  connect(search_, &QLineEdit::textChanged, &filter_, &RecordFilter::set_name);
  connect(class_, &QComboBox::currentIndexChanged, this, [this](int index) {
    filter_.set_class(index <= 0 ? QString() : class_->itemText(index));
  });
  connect(status_, &QComboBox::currentIndexChanged, this, [this](int index) {
    filter_.set_status(index <= 0 ? QString() : status_->itemText(index));
  });
  for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
    connect(&filter_, signal, this, &RecordList::show_count);
  }
  connect(&filter_, &QAbstractItemModel::modelReset, this, &RecordList::show_count);
  connect(&filter_, &QAbstractItemModel::layoutChanged, this, [this] {
    show_count();
    const int shown = filter_.shown_row(chosen_);
    if (shown >= 0) table_->setCurrentIndex(filter_.index(shown, 0));
  });
  connect(&records_, &QAbstractItemModel::rowsInserted, this, &RecordList::show_count,
          Qt::QueuedConnection);
}

void RecordList::make_table() {
  table_->setObjectName(QStringLiteral("record-table"));
  table_->setAccessibleName(tr("Records"));
  table_->setModel(&filter_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setAlternatingRowColors(true);
  table_->setShowGrid(false);
  table_->setSortingEnabled(true);
  // In input order until a column is clicked.
  table_->sortByColumn(-1, Qt::AscendingOrder);
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(24);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->setColumnWidth(RecordTableModel::kName, 92);
  table_->setColumnWidth(RecordTableModel::kLength, 56);
  table_->setColumnWidth(RecordTableModel::kClass, 78);
  table_->setColumnWidth(RecordTableModel::kProbability, 50);
  table_->setColumnWidth(RecordTableModel::kStatus, 44);
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& now) {
            if (!now.isValid()) return;
            const int row = filter_.record_row(now.row());
            if (std::exchange(chosen_, row) != row) emit record_chosen(row);
          });
  connect(table_, &QWidget::customContextMenuRequested, this, &RecordList::show_menu);
}

void RecordList::set_classes(const std::vector<std::string>& classes) {
  records_.set_classes(classes);
  class_->clear();
  class_->addItem(tr("all classes"));
  for (const std::string& name : classes) class_->addItem(QString::fromStdString(name));
}

void RecordList::append(const std::vector<CatalogEntry>& entries) { records_.append(entries); }

void RecordList::clear() {
  chosen_ = -1;
  records_.clear();
}

void RecordList::select_record(int row) {
  if (filter_.shown_row(row) < 0) {
    search_->clear();
    class_->setCurrentIndex(0);
    status_->setCurrentIndex(0);
  }
  const int shown = filter_.shown_row(row);
  if (shown >= 0) table_->setCurrentIndex(filter_.index(shown, 0));
}

void RecordList::step(int by) {
  const int rows = filter_.rowCount();
  const QModelIndex now = table_->currentIndex();
  const int next = now.isValid() ? now.row() + by : 0;
  if (next >= 0 && next < rows) table_->setCurrentIndex(filter_.index(next, 0));
}

void RecordList::focus_search() {
  search_->setFocus(Qt::ShortcutFocusReason);
  search_->selectAll();
}

void RecordList::show_menu(const QPoint& point) {
  const QModelIndex index = table_->indexAt(point);
  if (!index.isValid()) return;
  const int row = filter_.record_row(index.row());
  QMenu menu(this);
  menu.addAction(tr("&Explore"), this, [this, row] { emit record_chosen(row); });
  menu.addAction(tr("&Compare with"), this, [this, row] { emit compare_chosen(row); });
  menu.exec(table_->viewport()->mapToGlobal(point));
}

void RecordList::show_count() {
  const int all = records_.rowCount();
  const int shown = filter_.rowCount();
  count_->setText(all == shown ? tr("%1 records").arg(grouped(all))
                               : tr("%1 of %2 records").arg(grouped(shown), grouped(all)));
}

}  // namespace paramixer
