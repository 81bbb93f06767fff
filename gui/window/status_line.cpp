#include "gui/window/status_line.hpp"

#include <QHBoxLayout>

namespace paramixer {
namespace {

constexpr int kLookMs = 150;
constexpr int kBarSteps = 1000;

}  // namespace

StatusLine::StatusLine(OpenData& open_data, Board& board, QWidget* parent)
    : QWidget(parent),
      data_(open_data),
      board_(board),
      what_(new QLabel(this)),
      bar_(new QProgressBar(this)),
      stop_(new QPushButton(tr("Stop"), this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(what_);
  row->addWidget(bar_);
  row->addWidget(stop_);
  auto* note = new QLabel(tr("A link's weight is not its importance; see Attribution"), this);
  row->addWidget(note);
  bar_->setMaximumWidth(180);
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress"));
  stop_->setToolTip(tr("Stop the computation (Ctrl+.)"));
  stop_->setAccessibleName(tr("Stop computing"));
  connect(stop_, &QPushButton::clicked, this, &StatusLine::cancel_wanted);
  connect(&data_, &OpenData::progressed, this, &StatusLine::show_progress);
  connect(&board_, &Board::progressed, this, &StatusLine::show_progress);
  connect(&timer_, &QTimer::timeout, this, &StatusLine::look);
  timer_.start(kLookMs);
  look();
}

void StatusLine::show_progress(const QString& what, qint64 done, qint64 total) {
  what_->setText(what);
  bar_->setRange(0, total > 0 ? kBarSteps : 0);
  if (total > 0) bar_->setValue(static_cast<int>(kBarSteps * done / total));
}

void StatusLine::look() {
  const bool working = data_.is_loading() || data_.is_cataloguing() || board_.is_waiting();
  if (working && !bar_->isVisibleTo(this)) {
    what_->setText(data_.is_loading() ? tr("Loading the model") : tr("Computing"));
    bar_->setRange(0, 0);
  }
  for (QWidget* part : std::initializer_list<QWidget*>{what_, bar_, stop_}) {
    part->setVisible(working);
  }
}

}  // namespace paramixer
