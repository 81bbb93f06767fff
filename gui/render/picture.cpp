#include "gui/render/picture.hpp"

#include <QBuffer>
#include <QCoreApplication>
#include <QEventLoop>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QThread>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr int kTitleHeight = 26;
constexpr unsigned long kPollMs = 2;
constexpr QSize kMostScratch(4000, 4000);
constexpr std::int64_t kMostPixels = 100'000'000;  ///< Limit for a PNG: 400 MB of memory.

QSize whole_size(const Picture& picture) {
  int height = 0;
  for (const PicturedPanel& part : picture.panels) {
    height += part.height + (picture.with_titles ? kTitleHeight : 0);
  }
  return {picture.width, height};
}

void draw_title(QPainter& painter, const QString& title, const QRectF& area, const Theme& theme) {
  painter.setFont(theme.title_font);
  painter.setPen(theme.text);
  painter.drawText(area.adjusted(10.0, 0.0, -10.0, 0.0), Qt::AlignLeft | Qt::AlignVCenter, title);
}

void draw(QPainter& painter, const Picture& picture, const Scene& scene) {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(QRectF(QPointF(), whole_size(picture)), scene.theme.background);
  for (const PicturedPanel& part : picture.panels) {
    if (picture.with_titles) {
      const QRectF area(0.0, 0.0, picture.width, kTitleHeight);
      draw_title(painter, QObject::tr("%1 — %2").arg(part.panel->title(), scene.record.name()),
                 area, scene.theme);
      painter.translate(0.0, kTitleHeight);
    }
    painter.save();
    part.panel->paint(painter, QSizeF(picture.width, part.height), scene);
    painter.restore();
    painter.translate(0.0, part.height);
  }
}

QByteArray png_of(const Drawing& drawing, const Theme& theme) {
  QImage image(drawing.size, QImage::Format_RGB32);
  image.fill(theme.background);
  {
    QPainter painter(&image);
    drawing.paint(painter, theme);
  }
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return bytes;
}

QByteArray svg_of(const Drawing& drawing, const Theme& theme) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(drawing.size);
  generator.setViewBox(QRect(QPoint(), drawing.size));
  generator.setTitle(drawing.title);
  generator.setDescription(QObject::tr("Drawn by paramixer-gui"));
  QPainter painter(&generator);
  painter.fillRect(QRectF(QPointF(), drawing.size), theme.background);
  drawing.paint(painter, theme);
  painter.end();
  return bytes;
}

void write_file(const QString& path, const QByteArray& bytes) {
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
    throw Error(
        {.file = path.toStdString()},
        "cannot be written: " + file.errorString().toStdString() + "; choose a writable folder");
  }
}

/// The board's scene on white, as long as it is about the same record.
class WhiteScene {
 public:
  explicit WhiteScene(const Board& board)
      : board_(board), theme_(make_theme(ThemeName::kLight)), record_(board.record()) {
    if (record_ == nullptr) {
      throw Error("no record is open, so there is nothing to save; choose a record first");
    }
  }

  const Theme& theme() const { return theme_; }
  Scene get() const {
    if (board_.record() != record_) {
      throw Error("another record was opened meanwhile, so nothing was saved; try again");
    }
    return *board_.scene(theme_);
  }

 private:
  const Board& board_;
  Theme theme_;
  const Exploration* record_;
};

/// Draws until no answer is pending: questions asked while drawing are answered in several rounds.
void wait_for_answers(const Picture& picture, const Board& board, const WhiteScene& scene,
                      const std::stop_token& stop) {
  // The questions depend on the size; the pixels are discarded, so a huge picture needs none.
  QImage scratch(whole_size(picture).boundedTo(kMostScratch), QImage::Format_RGB32);
  do {
    QCoreApplication::processEvents();
    if (stop.stop_requested() || scene.get().record.is_stopped()) {
      throw Error("interrupted", ErrorKind::kInterrupted);
    }
    QPainter painter(&scratch);
    draw(painter, picture, scene.get());
    if (board.is_waiting()) QThread::msleep(kPollMs);
  } while (board.is_waiting());
  // A panel that has nothing to show says why.
  for (const PicturedPanel& part : picture.panels) {
    const QString missing = part.panel->missing(QSizeF(picture.width, part.height), scene.get());
    if (!missing.isEmpty()) throw Error(missing.toStdString());
  }
}

}  // namespace

PictureFormat picture_format_of(const QString& path) {
  const QString suffix = QFileInfo(path).suffix().toLower();
  if (suffix == QLatin1String("png")) return PictureFormat::kPng;
  if (suffix == QLatin1String("svg")) return PictureFormat::kSvg;
  throw usage_error(path.toStdString() + ": a picture's name ends in .png or .svg");
}

void save_picture(const Picture& picture, const Board& board, const QString& path,
                  std::stop_token stop) {
  const QSize size = whole_size(picture);
  if (picture_format_of(path) == PictureFormat::kPng &&
      std::int64_t{size.width()} * size.height() > kMostPixels) {
    throw usage_error("a PNG of " + std::to_string(size.width()) + "x" +
                      std::to_string(size.height()) +
                      " pixels is too large; choose a smaller size, or .svg");
  }
  const WhiteScene scene(board);
  wait_for_answers(picture, board, scene, stop);
  save_drawing(
      {.title = picture.panels.front().panel->title(),
       .size = whole_size(picture),
       .paint = [&](QPainter& painter, const Theme&) { draw(painter, picture, scene.get()); }},
      path);
}

void save_data(Panel& panel, DataFormat format, const Board& board, const QString& path,
               std::stop_token stop) {
  const WhiteScene scene(board);
  wait_for_answers({.panels = {{.panel = &panel, .height = static_cast<int>(kDataSize.height())}},
                    .width = static_cast<int>(kDataSize.width())},
                   board, scene, stop);
  write_file(path, QByteArray::fromStdString(panel.data(format, scene.get())));
}

void save_drawing(const Drawing& drawing, const QString& path) {
  const Theme theme = make_theme(ThemeName::kLight);
  const bool png = picture_format_of(path) == PictureFormat::kPng;
  write_file(path, png ? png_of(drawing, theme) : svg_of(drawing, theme));
}

}  // namespace paramixer
