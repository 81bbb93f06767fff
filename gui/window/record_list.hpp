#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QWidget>

#include "gui/items/record_filter.hpp"
#include "gui/items/record_table_model.hpp"

namespace paramixer {

/// The table of records with a search box and filters. Rows are rows of the catalog.
class RecordList : public QWidget {
  Q_OBJECT

 public:
  explicit RecordList(QWidget* parent = nullptr);

  RecordTableModel& records() noexcept { return records_; }
  void set_classes(const std::vector<std::string>& classes);
  void append(const std::vector<CatalogEntry>& entries);
  void clear();
  /// Selects a row and shows it, even if a filter hides it (the filter is then taken away).
  void select_record(int row);
  void select_next() { step(1); }
  void select_previous() { step(-1); }
  void focus_search();

 signals:
  void record_chosen(int row);
  void compare_chosen(int row);

 private:
  void make_filters();
  void make_table();
  void step(int by);
  void show_menu(const QPoint& point);
  void show_count();

  RecordTableModel records_;
  RecordFilter filter_;
  int chosen_ = -1;  ///< Row of the record that was chosen last.
  QLineEdit* search_;
  QComboBox* class_;
  QComboBox* status_;
  QTableView* table_;
  QLabel* count_;
};

}  // namespace paramixer
