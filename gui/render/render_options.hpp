#pragma once

#include <QSize>
#include <QString>
#include <QStringList>

#include "gui/explore/view_state.hpp"

namespace paramixer {

/// The options of paramixer-gui's command line.
struct GuiOptions {
  QString model{};
  QStringList inputs{};
  QString reference{};
  QString record{};  ///< Empty: the only one, or in the window none.
  QString region{};  ///< a-b, 1-based, or empty.
  QString session{};
  std::int64_t memory_bytes = 512LL << 20;
  int threads = 0;  ///< 0: all cores.

  QString render{};  ///< A view to draw without a window; empty: open the window.
  QString output{};
  QSize size{1200, 640};
  QString class_name{};
  QString against{};
  QString other{};            ///< Record to compare with.
  QString strand{};           ///< forward or reverse.
  std::int64_t block = 1;     ///< 1-based.
  std::int64_t position = 0;  ///< 1-based base to pin; 0: none.
  std::int64_t factor = 0;    ///< 1-based; 0: all.
  ViewState view{};           ///< Residual, side, palette, summary, limit, top, bins.
};

/// Parses the arguments after the program's name. Throws a usage Error. Prints and exits for --help
/// and --version.
GuiOptions parse_gui_options(const QStringList& arguments);

}  // namespace paramixer
