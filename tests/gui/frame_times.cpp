// Measures the window as a user opens a long record and moves through it: time to the window, to
// the first picture of the heatmap and to all pictures; time of each frame of a scripted pan and
// zoom with all panels of the window; the longest time in which the UI thread answered nothing; and
// memory.
//
//     build/release/bin/gui_frame_times MODEL [BASES]

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "gui/window/panel_widget.hpp"
#include "tests/gui/explored_sample.hpp"
#include "tests/gui/open_window.hpp"
#include "tests/gui/test_application.hpp"

namespace paramixer {
namespace {

constexpr int kFrames = 600;

double peak_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024.0;
  }
  return 0.0;
}

double milliseconds(const QElapsedTimer& timer) {
  return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// Milliseconds of frames: the whole window painted once, and the events that have come.
class FrameClock {
 public:
  explicit FrameClock(MainWindow& window) : window_(window) {}

  void frame() {
    QElapsedTimer timer;
    timer.start();
    window_.repaint();
    QCoreApplication::processEvents();
    frames_.push_back(milliseconds(timer));
  }

  /// The time that a part of all frames stays below.
  double share(double part) {
    std::sort(frames_.begin(), frames_.end());
    return frames_[static_cast<std::size_t>(part * static_cast<double>(frames_.size() - 1))];
  }

 private:
  MainWindow& window_;
  std::vector<double> frames_;
};

/// From the whole record down to single bases, along it, and out again.
void move(ViewController& view, int frame) {
  const int phase = frame * 6 / kFrames;
  const double centre = (view.state().begin + view.state().end) / 2.0;
  if (phase == 0 || phase == 3) {
    view.zoom(0.93, centre);
  } else if (phase == 5) {
    view.zoom(1.0 / 0.93, centre);
  } else {
    view.pan(phase == 4 ? -0.03 : 0.02);
  }
}

/// Whether the heatmap has links in every factor, in the middle of what is visible.
bool has_picture(PanelWidget& heatmap, const Board& board) {
  if (board.record() == nullptr) return false;
  const QRectF area = *heatmap.panel().base_area(heatmap.size());
  for (double y = area.top() + 4.0; y < area.bottom() - 20.0; y += 4.0) {
    const auto hit = heatmap.panel().hit({area.center().x(), y}, heatmap.size(), *board.scene());
    if (hit && hit->text.contains(QStringLiteral("Computing"))) return false;
  }
  return true;
}

void run(const std::string& model, std::int64_t length) {
  const QTemporaryDir folder;
  const std::string fasta = folder.filePath(QStringLiteral("random.fa")).toStdString();
  std::ofstream(fasta) << ">random\n" << test::random_bases(length, 1) << "\n";
  QElapsedTimer timer;
  timer.start();
  test::OpenWindow open;
  std::printf("bases\t%lld\nwindow_s\t%.3f\n", static_cast<long long>(length),
              milliseconds(timer) / 1e3);
  timer.restart();
  open.window().open(
      {.model = QString::fromStdString(model), .inputs = {QString::fromStdString(fasta)}});
  FrameClock loading(open.window());
  while (!has_picture(open.panel("heatmap"), open.board())) loading.frame();
  std::printf("first_picture_s\t%.3f\n", milliseconds(timer) / 1e3);
  while (open.board().is_waiting() || open.window().open_data().is_cataloguing()) loading.frame();
  std::printf("complete_s\t%.3f\n", milliseconds(timer) / 1e3);
  FrameClock moving(open.window());
  for (int frame = 0; frame < kFrames; ++frame) {
    move(open.board().view(), frame);
    moving.frame();
  }
  std::printf("frame_median_ms\t%.2f\nframe_95th_ms\t%.2f\nframe_longest_ms\t%.2f\n",
              moving.share(0.5), moving.share(0.95), moving.share(1.0));
  std::printf("loading_longest_ms\t%.2f\npeak_mb\t%.1f\n", loading.share(1.0), peak_megabytes());
}

}  // namespace
}  // namespace paramixer

int main(int argc, char** argv) {
  const paramixer::test::TestApplication application(argc, argv);
  if (argc < 2) {
    std::fprintf(stderr, "usage: gui_frame_times MODEL [BASES]\n");
    return 2;
  }
  try {
    paramixer::run(argv[1], argc > 2 ? std::atoll(argv[2]) : 1'048'576);
    return 0;
  } catch (const paramixer::Error& error) {
    std::fprintf(stderr, "gui_frame_times: %s\n", error.what());
    return 1;
  }
}
