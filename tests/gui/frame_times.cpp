// Measures the heatmap of a long record as a user moves through it: time to the first complete
// picture, time of each frame of a scripted pan and zoom, the longest time in which the UI thread
// answered nothing, and memory.
//
//     build/release/bin/gui_frame_times MODEL [BASES]

#include <QApplication>
#include <QElapsedTimer>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "gui/panel/heatmap_panel.hpp"
#include "gui/window/board.hpp"
#include "gui/window/panel_widget.hpp"

namespace paramixer {
namespace {

constexpr int kFrames = 600;

std::string random_bases(std::int64_t length) {
  Random random(1);
  std::string bases(static_cast<std::size_t>(length), 'A');
  for (char& base : bases) base = "ACGT"[random.below(4)];
  return bases;
}

double peak_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024.0;
  }
  return 0.0;
}

/// Milliseconds of one painted frame and of the events after it.
class FrameClock {
 public:
  explicit FrameClock(QWidget& widget) : widget_(widget) {}

  void frame() {
    QElapsedTimer timer;
    timer.start();
    widget_.repaint();
    frames_.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    timer.restart();
    QCoreApplication::processEvents();
    longest_events_ = std::max(longest_events_, static_cast<double>(timer.nsecsElapsed()) / 1e6);
  }

  double share(double part) {
    std::sort(frames_.begin(), frames_.end());
    return frames_[static_cast<std::size_t>(part * static_cast<double>(frames_.size() - 1))];
  }
  double longest_events() const { return longest_events_; }

 private:
  QWidget& widget_;
  std::vector<double> frames_;
  double longest_events_ = 0.0;
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

int run(const std::string& model, std::int64_t length) {
  const ExplainerOptions options;
  MemoryBudget budget(512LL << 20);
  TaskQueue links;
  TaskQueue answers;
  const std::string bases = random_bases(length);
  QElapsedTimer timer;
  timer.start();
  auto explainer = std::make_shared<LazyExplainer>(model, options);
  ExploredInput input{.card = explainer->get().card(), .window = explainer->get().window()};
  input.record.name = "random";
  input.record.sequence = bases;
  Board board;
  PanelWidget widget(std::make_unique<HeatmapPanel>(), board);
  widget.resize(1400, 800);
  widget.show();
  board.set_record(std::make_unique<Exploration>(
      std::move(input),
      Workers{links, answers, explainer, std::make_shared<LazyExplainer>(model, options), budget}));
  FrameClock loading(widget);
  loading.frame();
  const double opened = static_cast<double>(timer.nsecsElapsed()) / 1e9;
  while (board.is_waiting()) loading.frame();
  const double complete = static_cast<double>(timer.nsecsElapsed()) / 1e9;
  FrameClock moving(widget);
  for (int frame = 0; frame < kFrames; ++frame) {
    move(board.view(), frame);
    moving.frame();
  }
  std::printf("bases\t%lld\nfirst_frame_s\t%.3f\ncomplete_s\t%.3f\n",
              static_cast<long long>(length), opened, complete);
  std::printf("frame_median_ms\t%.2f\nframe_95th_ms\t%.2f\nframe_longest_ms\t%.2f\n",
              moving.share(0.5), moving.share(0.95), moving.share(1.0));
  std::printf("ui_longest_ms\t%.2f\nanswers_mb\t%.1f\npeak_mb\t%.1f\n",
              std::max(loading.longest_events(), moving.longest_events()),
              static_cast<double>(budget.used()) / (1 << 20), peak_megabytes());
  board.cancel();
  board.set_record(nullptr);
  return 0;
}

}  // namespace
}  // namespace paramixer

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  const QApplication application(argc, argv);
  if (argc < 2) {
    std::fprintf(stderr, "usage: gui_frame_times MODEL [BASES]\n");
    return 2;
  }
  try {
    return paramixer::run(argv[1], argc > 2 ? std::atoll(argv[2]) : 1'048'576);
  } catch (const paramixer::Error& error) {
    std::fprintf(stderr, "gui_frame_times: %s\n", error.what());
    return 1;
  }
}
