#include "gui/panel/link_text.hpp"

#include "gui/panel/panel_data.hpp"

namespace paramixer {

QString offset_text(std::int64_t offset) {
  if (offset == 0) return QStringLiteral("0");
  const QString sign = offset < 0 ? QString(QChar(0x2212)) : QStringLiteral("+");
  return sign + grouped(std::abs(offset));
}

QString link_text(const Exploration& record, const Link& link, std::int64_t rank) {
  QString text = QObject::tr("factor %1, offset %2\n%3\ntakes from %4\nweight %5")
                     .arg(link.factor + 1)
                     .arg(offset_text(link.offset), base_text(record, link.source),
                          base_text(record, link.target), short_number(link.weight));
  if (rank > 0) text += QObject::tr("\nrank %1 of those shown").arg(rank);
  if (link.merged > 1) text += QObject::tr("\nsum of %1 offsets that lead there").arg(link.merged);
  if (link.crosses_seam) text += QObject::tr("\naround the ring's seam");
  return text;
}

std::vector<LinkArc> arcs_of(const Link& link, const Exploration& record) {
  const Window& window = record.window_at(link.source);
  return arcs_of(link, RingEnds{window.start, window.start + window.length - record.span()});
}

std::string links_data(DataFormat format, const std::vector<Link>& links, const Scene& scene) {
  std::string text = data_header(scene);
  if (format == DataFormat::kTsv) text += "factor\tsource\ttarget\toffset\tweight\tflags\n";
  for (const Link& link : links) {
    if (format == DataFormat::kTsv) {
      text += std::to_string(link.factor + 1) + "\t" + std::to_string(link.source + 1) + "\t" +
              std::to_string(link.target + 1) + "\t" + std::to_string(link.offset) + "\t" +
              exact_text(link.weight) + "\t" + link_flags(link) + "\n";
      continue;
    }
    for (const LinkArc& arc : arcs_of(link, scene.record)) {
      append_bedpe(text, scene.record.record().name, arc, scene.record.span());
    }
  }
  return text;
}

}  // namespace paramixer
