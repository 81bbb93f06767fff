#include "gui/window/view_choices.hpp"

#include <QGroupBox>
#include <QVBoxLayout>
#include <algorithm>

namespace paramixer {
namespace {

constexpr int kMostLinks = 5000;

/// Puts a control into a form, with a tip and a name for screen readers.
template <class Control>
Control* add(QFormLayout* form, Control* control, const QString& label, const QString& tip) {
  form->addRow(label, control);
  control->setToolTip(tip);
  control->setAccessibleName(label);
  control->setAccessibleDescription(tip);
  return control;
}

}  // namespace

ViewChoices::ViewChoices(Board& board, QWidget* parent) : QScrollArea(parent), board_(board) {
  setObjectName(QStringLiteral("choices"));
  setAccessibleName(tr("Choices"));
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  auto* inside = new QWidget(this);
  new QVBoxLayout(inside);
  setWidget(inside);
  add_classes();
  add_links();
  add_product();
  add_colors();
  static_cast<QVBoxLayout*>(inside->layout())->addStretch();
  connect(&board_, &Board::record_changed, this, &ViewChoices::follow_record);
  connect(&board_, &Board::changed, this, &ViewChoices::follow_view);
  follow_record();
}

QFormLayout* ViewChoices::add_group(const QString& title) {
  auto* group = new QGroupBox(title, widget());
  auto* form = new QFormLayout(group);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  widget()->layout()->addWidget(group);
  return form;
}

void ViewChoices::add_classes() {
  QFormLayout* form = add_group(tr("Explain"));
  target_ = add(form, new QComboBox(this), tr("Class"), tr("The class explained by attributions"));
  against_ = add(form, new QComboBox(this), tr("against"),
                 tr("Explain the difference from this class instead of the logit itself"));
  for (QComboBox* box : {target_, against_}) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
      if (following_) return;
      board_.view().edit([&](ViewState& state) {
        state.target_class = target_->currentIndex() - 1;
        state.against_class = against_->currentIndex() - 1;
      });
    });
  }
}

void ViewChoices::add_links() {
  QFormLayout* form = add_group(tr("Links"));
  factor_ = add(form, new QSpinBox(this), tr("Factor"),
                tr("The factor of the ring, and of the arcs if not all are shown (Up, Down)"));
  connect(factor_, &QSpinBox::valueChanged, this, [this](int value) {
    if (!following_) board_.view().edit([&](ViewState& state) { state.factor = value - 1; });
  });
  all_factors_ = add(form, new QCheckBox(this), tr("All factors"),
                     tr("Arcs of all factors, or only of the selected one"));
  connect(all_factors_, &QCheckBox::toggled, this, [this](bool on) {
    if (!following_) board_.view().edit([&](ViewState& state) { state.all_factors = on; });
  });
  top_ = add(form, new QSpinBox(this), tr("Arcs"), tr("Number of strongest links drawn as arcs"));
  top_->setRange(1, kMostLinks);
  top_->setSingleStep(50);
  connect(top_, &QSpinBox::valueChanged, this, [this](int value) {
    if (!following_) board_.view().edit([&](ViewState& state) { state.top_links = value; });
  });
  strand_ = add(form, new QComboBox(this), tr("Strand"),
                tr("The strand whose links are shown, in the record's coordinates"));
  strand_->addItems({tr("forward"), tr("reverse")});
  connect(strand_, &QComboBox::currentIndexChanged, this, &ViewChoices::want_choices);
  block_ = add(form, new QSpinBox(this), tr("Block"),
               tr("The block of the model whose links are shown"));
  connect(block_, &QSpinBox::valueChanged, this, &ViewChoices::want_choices);
}

void ViewChoices::add_product() {
  QFormLayout* form = add_group(tr("Receptive field"));
  side_ = add(form, new QComboBox(this), tr("Side"),
              tr("What the pinned position takes from all others, or gives to them"));
  side_->addItems({tr("row: takes"), tr("column: gives")});
  connect(side_, &QComboBox::currentIndexChanged, this, [this](int index) {
    if (following_) return;
    board_.view().edit([&](ViewState& state) {
      state.side = index == 0 ? ProductSide::kTranspose : ProductSide::kProduct;
    });
  });
  residual_ = add(form, new QCheckBox(this), tr("Residual"),
                  tr("Products of (I + W), as in the model, or of W alone"));
  connect(residual_, &QCheckBox::toggled, this, [this](bool on) {
    if (following_) return;
    board_.view().edit(
        [&](ViewState& state) { state.residual = on ? Residual::kKeep : Residual::kDrop; });
  });
  bins_ = add(form, new QComboBox(this), tr("Bins"),
              tr("Number of rows and columns of the receptive field's matrix"));
  for (const int bins : {64, 128, 256, 512, 1024}) bins_->addItem(QString::number(bins), bins);
  connect(bins_, &QComboBox::currentIndexChanged, this, [this] {
    if (following_) return;
    board_.view().edit([&](ViewState& state) { state.matrix_bins = bins_->currentData().toInt(); });
  });
}

void ViewChoices::add_colors() {
  QFormLayout* form = add_group(tr("Colours"));
  summary_ = add(form, new QComboBox(this), tr("Columns show"),
                 tr("The value shown for a column of several positions"));
  summary_->addItems({tr("strongest"), tr("mean"), tr("mean |weight|")});
  connect(summary_, &QComboBox::currentIndexChanged, this, [this](int index) {
    if (following_) return;
    board_.view().edit([&](ViewState& state) { state.summary = static_cast<ShownSummary>(index); });
  });
  palette_ =
      add(form, new QComboBox(this), tr("Colours"), tr("Colours of negative and positive numbers"));
  palette_->addItems({tr("blue–red"), tr("purple–green"), tr("grey")});
  connect(palette_, &QComboBox::currentIndexChanged, this, [this](int index) {
    if (following_) return;
    board_.view().edit([&](ViewState& state) { state.palette = static_cast<PaletteName>(index); });
  });
  limit_ = add(form, new QDoubleSpinBox(this), tr("Full colour at"),
               tr("The |weight| at full colour; automatic: the largest in the record"));
  limit_->setRange(0.0, 1e6);
  limit_->setDecimals(3);
  limit_->setSingleStep(0.1);
  limit_->setSpecialValueText(tr("automatic"));
  connect(limit_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    if (!following_) board_.view().edit([&](ViewState& state) { state.color_limit = value; });
  });
}

void ViewChoices::follow_record() {
  const Exploration* record = board_.record();
  setEnabled(record != nullptr);
  following_ = true;
  target_->clear();
  against_->clear();
  target_->addItem(tr("most probable"));
  against_->addItem(tr("nothing"));
  if (record != nullptr) {
    for (const std::string& name : record->classes()) {
      target_->addItem(QString::fromStdString(name));
      against_->addItem(QString::fromStdString(name));
    }
    factor_->setRange(1, static_cast<int>(std::max<std::int64_t>(record->factors(), 1)));
    const auto blocks = static_cast<int>(record->card().config.blocks);
    block_->setRange(1, blocks);
    block_->setEnabled(blocks > 1);
    block_->setValue(static_cast<int>(record->choices().block) + 1);
    strand_->setCurrentIndex(record->choices().reversed ? 1 : 0);
  }
  following_ = false;
  follow_view();
}

void ViewChoices::follow_view() {
  const ViewState& state = board_.view().state();
  following_ = true;
  target_->setCurrentIndex(static_cast<int>(state.target_class) + 1);
  against_->setCurrentIndex(static_cast<int>(state.against_class) + 1);
  factor_->setValue(static_cast<int>(state.factor) + 1);
  all_factors_->setChecked(state.all_factors);
  top_->setValue(static_cast<int>(state.top_links));
  side_->setCurrentIndex(state.side == ProductSide::kTranspose ? 0 : 1);
  residual_->setChecked(state.residual == Residual::kKeep);
  bins_->setCurrentIndex(bins_->findData(static_cast<int>(state.matrix_bins)));
  summary_->setCurrentIndex(static_cast<int>(state.summary));
  palette_->setCurrentIndex(static_cast<int>(state.palette));
  limit_->setValue(state.color_limit);
  following_ = false;
}

void ViewChoices::want_choices() {
  if (following_ || board_.record() == nullptr) return;
  emit choices_wanted({.reversed = strand_->currentIndex() == 1, .block = block_->value() - 1});
}

}  // namespace paramixer
