#pragma once

#include <QSize>
#include <QString>
#include <functional>
#include <stop_token>
#include <vector>

#include "gui/panel/panel.hpp"
#include "gui/window/board.hpp"

namespace paramixer {

/// A panel of a picture and its height, in SVG units or PNG pixels.
struct PicturedPanel {
  Panel* panel = nullptr;
  int height = 640;
};

/// Panels one below the other as one picture.
struct Picture {
  std::vector<PicturedPanel> panels{};
  int width = 1200;
  bool with_titles = true;  ///< Panel titles and the record's name above each.
};

enum class PictureFormat { kPng, kSvg };
/// From a file name's ending. Throws a usage Error that lists the endings.
PictureFormat picture_format_of(const QString& path);

/// Waits (events are processed) until all answers the picture needs have arrived, then writes it to
/// `path`, in the light theme on white; the file appears only when complete. Throws Error when it
/// cannot be written, when there is no record or another one is opened meanwhile, and when a panel
/// has nothing to show, with the panel's reason; kInterrupted after a stop request.
void save_picture(const Picture& picture, const Board& board, const QString& path,
                  std::stop_token stop = {});

/// Writes the numbers of a panel, as save_picture() does.
void save_data(Panel& panel, DataFormat format, const Board& board, const QString& path,
               std::stop_token stop = {});

/// A picture that needs no record, in the light theme on white. Throws Error when it cannot be
/// written.
struct Drawing {
  QString title{};
  QSize size{800, 600};
  std::function<void(QPainter&, const Theme&)> paint{};
};
void save_drawing(const Drawing& drawing, const QString& path);

}  // namespace paramixer
