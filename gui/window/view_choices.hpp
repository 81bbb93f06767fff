#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QScrollArea>
#include <QSpinBox>

#include "gui/window/board.hpp"

namespace paramixer {

/// The choices that all panels share, as controls: classes, factor, strand, products, colours. They
/// follow the view state, so undo moves them too.
class ViewChoices : public QScrollArea {
  Q_OBJECT

 public:
  explicit ViewChoices(Board& board, QWidget* parent = nullptr);

 signals:
  /// Strand or block: the record has to be explored anew.
  void choices_wanted(const ExploreChoices& choices);

 private:
  /// A titled group of controls.
  QFormLayout* add_group(const QString& title);
  void add_classes();
  void add_links();
  void add_product();
  void add_colors();
  void follow_record();
  void follow_view();
  void want_choices();

  Board& board_;
  bool following_ = false;  ///< Controls are being set, so their signals mean nothing.
  QComboBox* target_ = nullptr;
  QComboBox* against_ = nullptr;
  QSpinBox* factor_ = nullptr;
  QCheckBox* all_factors_ = nullptr;
  QSpinBox* top_ = nullptr;
  QComboBox* strand_ = nullptr;
  QSpinBox* block_ = nullptr;
  QComboBox* side_ = nullptr;
  QCheckBox* residual_ = nullptr;
  QComboBox* bins_ = nullptr;
  QComboBox* summary_ = nullptr;
  QComboBox* palette_ = nullptr;
  QDoubleSpinBox* limit_ = nullptr;
};

}  // namespace paramixer
