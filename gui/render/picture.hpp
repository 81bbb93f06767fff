#pragma once

#include <QSize>
#include <QString>
#include <vector>

#include "gui/panel/panel.hpp"
#include "gui/window/board.hpp"

namespace paramixer {

/// Panels one below the other as one picture.
struct Picture {
  std::vector<Panel*> panels{};
  QSize size{1200, 640};    ///< Of each panel, in units of SVG or pixels of PNG.
  bool with_titles = true;  ///< Panel titles and the record's name above each.
};

enum class PictureFormat { kPng, kSvg };
/// From a file name's ending. Throws a usage Error that lists the endings.
PictureFormat picture_format_of(const QString& path);

/// Waits (events are processed) until nothing that the picture needs is on its way, then writes it
/// to `path`, in the light theme on white; the file appears when it is complete. Throws Error when
/// it cannot be written, when there is no record, and when a panel has nothing to show, with the
/// panel's reason.
void save_picture(const Picture& picture, const Board& board, const QString& path);

/// Writes the numbers of a panel, as save_picture() does.
void save_data(Panel& panel, DataFormat format, const Board& board, const QString& path);

}  // namespace paramixer
