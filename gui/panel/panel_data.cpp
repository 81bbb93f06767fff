#include "gui/panel/panel_data.hpp"

#include <cmath>

#include "core/base/error.hpp"
#include "io/tracks/track_lines.hpp"

namespace paramixer {

VisibleBases visible_bases(const Scene& scene) {
  const auto begin = static_cast<std::int64_t>(std::floor(scene.view.begin));
  const auto end = static_cast<std::int64_t>(std::ceil(scene.view.end));
  return {std::max<std::int64_t>(begin, 0), std::min(end, scene.record.length())};
}

std::string data_header(const Scene& scene, const std::vector<std::pair<QString, QString>>& facts) {
  std::string text = "# record\t" + scene.record.record().name + "\n";
  for (const auto& [name, value] : facts) {
    text += "# " + name.toStdString() + "\t" + value.toStdString() + "\n";
  }
  return text;
}

void throw_no_answer(const QString& problem) {
  if (!problem.isEmpty()) throw Error(problem.toStdString());
  throw Error("still being computed; try again in a moment");
}

std::string exact_text(float value) {
  std::string text;
  append_exact(text, value);
  return text;
}

std::string exact_text(double value) {
  std::string text;
  append_exact(text, value);
  return text;
}

std::string track_data(DataFormat format, const ValueTrack& track, const Scene& scene) {
  const VisibleBases visible = visible_bases(scene);
  const std::string& name = scene.record.record().name;
  std::string text = format == DataFormat::kTsv ? "position\tbase\tvalue\n" : "";
  for (std::int64_t base = visible.begin; base < visible.end; ++base) {
    const float value = track.at(base);
    if (std::isnan(value)) continue;
    if (format == DataFormat::kBedgraph) {
      append_bedgraph(text, {name, base, base + 1}, value);
    } else {
      text += std::to_string(base + 1) + "\t" + scene.record.base_at(base) + "\t" +
              exact_text(value) + "\n";
    }
  }
  return text;
}

}  // namespace paramixer
