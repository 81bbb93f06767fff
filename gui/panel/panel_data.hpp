#pragma once

#include <QString>
#include <string>
#include <vector>

#include "app/services/explore/value_track.hpp"
#include "gui/panel/panel.hpp"

namespace paramixer {

/// The visible bases of a scene, whole ones.
struct VisibleBases {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};
VisibleBases visible_bases(const Scene& scene);

/// Lines `# name<TAB>value` that every exported file begins with.
std::string data_header(const Scene& scene,
                        const std::vector<std::pair<QString, QString>>& facts = {});

/// Throws Error with the reason, or that the answer is still being computed.
[[noreturn]] void throw_no_answer(const QString& problem);

/// The visible values of a track: columns position, base, value, or bedGraph.
std::string track_data(DataFormat format, const ValueTrack& track, const Scene& scene);

/// A number that reads back as the same float.
std::string exact_text(double value);
std::string exact_text(float value);

}  // namespace paramixer
