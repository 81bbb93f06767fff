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

constexpr double kTitleHeight = 26.0;
constexpr unsigned long kPollMs = 2;

QSize whole_size(const Picture& picture) {
  const double title = picture.with_titles ? kTitleHeight : 0.0;
  const auto count = static_cast<double>(picture.panels.size());
  return {picture.size.width(), static_cast<int>(count * (picture.size.height() + title))};
}

void draw(QPainter& painter, const Picture& picture, const Scene& scene) {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(QRectF(QPointF(), whole_size(picture)), scene.theme.background);
  for (Panel* panel : picture.panels) {
    if (picture.with_titles) {
      painter.setFont(scene.theme.title_font);
      painter.setPen(scene.theme.text);
      const QString title = QObject::tr("%1 — %2").arg(panel->title(), scene.record.name());
      painter.drawText(QRectF(10.0, 0.0, picture.size.width() - 20.0, kTitleHeight),
                       Qt::AlignLeft | Qt::AlignVCenter, title);
      painter.translate(0.0, kTitleHeight);
    }
    painter.save();
    panel->paint(painter, picture.size, scene);
    painter.restore();
    painter.translate(0.0, picture.size.height());
  }
}

/// Draws until no answer is on its way: what is asked while drawing comes in some rounds.
void wait_for_answers(const Picture& picture, const Board& board, const Scene& scene) {
  do {
    QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
    QImage scratch(whole_size(picture), QImage::Format_RGB32);
    QPainter painter(&scratch);
    draw(painter, picture, scene);
    if (board.is_waiting()) QThread::msleep(kPollMs);
  } while (board.is_waiting());
  // A panel that has nothing to show says why.
  for (Panel* panel : picture.panels) panel->data(DataFormat::kTsv, scene);
}

QByteArray png_of(const Picture& picture, const Scene& scene) {
  QImage image(whole_size(picture), QImage::Format_RGB32);
  {
    QPainter painter(&image);
    draw(painter, picture, scene);
  }
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return bytes;
}

QByteArray svg_of(const Picture& picture, const Scene& scene) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(whole_size(picture));
  generator.setViewBox(QRect(QPoint(), whole_size(picture)));
  generator.setTitle(picture.panels.front()->title());
  generator.setDescription(QObject::tr("Drawn by paramixer-gui"));
  QPainter painter(&generator);
  draw(painter, picture, scene);
  painter.end();
  return bytes;
}

void write_file(const QString& path, const QByteArray& bytes) {
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
    throw Error({.file = path.toStdString()},
                "cannot be written: " + file.errorString().toStdString() +
                    "; choose a folder that you may write to");
  }
}

Scene scene_on_white(const Board& board, const Theme& theme) {
  const auto scene = board.scene(theme);
  if (!scene) throw Error("no record is open, so there is nothing to save; choose one first");
  return *scene;
}

}  // namespace

PictureFormat picture_format_of(const QString& path) {
  const QString suffix = QFileInfo(path).suffix().toLower();
  if (suffix == QLatin1String("png")) return PictureFormat::kPng;
  if (suffix == QLatin1String("svg")) return PictureFormat::kSvg;
  throw usage_error(path.toStdString() + ": a picture's name ends in .png or .svg");
}

void save_picture(const Picture& picture, const Board& board, const QString& path) {
  const PictureFormat format = picture_format_of(path);
  const Theme theme = make_theme(ThemeName::kLight);
  const Scene scene = scene_on_white(board, theme);
  wait_for_answers(picture, board, scene);
  write_file(path, format == PictureFormat::kPng ? png_of(picture, scene) : svg_of(picture, scene));
}

void save_data(Panel& panel, DataFormat format, const Board& board, const QString& path) {
  const Theme theme = make_theme(ThemeName::kLight);
  const Scene scene = scene_on_white(board, theme);
  wait_for_answers({.panels = {&panel}}, board, scene);
  write_file(path, QByteArray::fromStdString(panel.data(format, scene)));
}

}  // namespace paramixer
