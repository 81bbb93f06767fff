#include "tests/gui/explored_sample.hpp"

#include <QCoreApplication>
#include <QPainter>
#include <filesystem>
#include <thread>

#include "core/base/random.hpp"
#include "io/sequence/sequence_reader.hpp"

namespace paramixer::test {

ExploredSample::ExploredSample(const std::string& model, std::string bases, ExploreChoices choices)
    : theme_(make_theme(ThemeName::kLight)) {
  const std::string path = model_file(model);
  Explainer explainer(path, {});
  ExploredInput input{.file = "sample.fa",
                      .card = explainer.card(),
                      .window = explainer.window(),
                      .choices = choices};
  input.record.name = "sample";
  input.record.sequence = std::move(bases);
  view_.end = static_cast<double>(input.record.sequence.size());
  exploration_ = std::make_unique<Exploration>(
      std::move(input),
      Workers{links_, answers_, std::make_shared<LazyExplainer>(path, ExplainerOptions{}),
              std::make_shared<LazyExplainer>(path, ExplainerOptions{}), budget_});
}

ExploredSample::~ExploredSample() {
  links_.cancel();
  answers_.cancel();
}

QImage ExploredSample::picture(Panel& panel, QSize size) {
  QImage image(size, QImage::Format_RGB32);
  do {
    QCoreApplication::processEvents();
    image.fill(theme_.background);
    QPainter painter(&image);
    panel.paint(painter, size, scene());
    if (exploration_->is_waiting()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  } while (exploration_->is_waiting());
  return image;
}

std::string model_file(const std::string& name) {
  const std::filesystem::path share(PARAMIXER_SHARE);
  const std::filesystem::path own = share.parent_path() / "tests" / "data";
  return ((name == "virus_6mers" ? own : share / "models") / (name + ".safetensors")).string();
}

std::string shared_file(const std::string& name) {
  return (std::filesystem::path(PARAMIXER_SHARE) / name).string();
}

std::string sample_bases(std::size_t number) {
  SequenceReader reader(shared_file("samples/motif.fa"));
  SequenceRecord record;
  for (std::size_t i = 0; i <= number && reader.next(record); ++i) continue;
  return record.sequence;
}

std::string random_bases(std::int64_t length, std::uint64_t seed) {
  Random random(seed);
  std::string bases;
  for (std::int64_t i = 0; i < length; ++i) bases += "ACGT"[random.below(4)];
  return bases;
}

}  // namespace paramixer::test
