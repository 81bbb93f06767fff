#include "app/services/explained_record.hpp"

#include <algorithm>

#include "io/bigwig.hpp"
#include "io/track_lines.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kTextAtOnce = 1 << 20;

}  // namespace

Error ExplainedRecord::failure(const std::string& message, ErrorKind kind) const {
  return Error({.file = file, .record = name()}, message, kind);
}

void ExplainedRecord::check_stop() const {
  if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
}

ExplainProgress ExplainedRecord::progress_in(const std::string& unit) const {
  return [this, unit](std::int64_t done, std::int64_t total) {
    check_stop();
    if (callbacks.progress) {
      callbacks.progress({.phase = "explain", .done = done, .total = total, .unit = unit});
    }
  };
}

Window ExplainedRecord::seen_window() const {
  const std::int64_t window = explainer.window();
  if (length() <= window) return {0, length()};
  if (region.length > window) {
    throw failure("the model sees " + std::to_string(window) + " bases at a time and this is " +
                      std::to_string(region.length) + "; choose at most " + std::to_string(window) +
                      " with --region, or a longer --window",
                  ErrorKind::kUsage);
  }
  const std::int64_t centred = region.start + region.length / 2 - window / 2;
  return {std::clamp<std::int64_t>(centred, 0, length() - window), window};
}

ExplainedStrand ExplainedRecord::strand() const {
  return options.explainer.strand == ExplainedStrand::kReverse ? ExplainedStrand::kReverse
                                                               : ExplainedStrand::kForward;
}

std::int64_t ExplainedRecord::base_of_token(const Window& seen, std::int64_t position) const {
  if (strand() == ExplainedStrand::kForward) return seen.start + position;
  return seen.start + seen.length - explainer.tokenizer().span() - position;
}

ExplainedClass class_of(const ExplainedRecord& record) {
  const auto& classes = record.explainer.card().config.classes;
  const auto probabilities =
      record.explainer.logits(std::vector{record.bases()}).front().probabilities;
  ExplainedClass chosen;
  chosen.contrast.target =
      record.options.class_name.empty()
          ? std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin()
          : record.explainer.class_number(record.options.class_name);
  chosen.name = classes[static_cast<std::size_t>(chosen.contrast.target)];
  chosen.probability = probabilities[static_cast<std::size_t>(chosen.contrast.target)];
  if (!record.options.against.empty()) {
    chosen.contrast.against = record.explainer.class_number(record.options.against);
    chosen.against = classes[static_cast<std::size_t>(chosen.contrast.against)];
    if (chosen.contrast.against == chosen.contrast.target) {
      throw usage_error("the class '" + record.options.against +
                        "' cannot be compared with itself");
    }
  }
  return chosen;
}

ExplanationFacts record_facts(const ExplainedRecord& record) {
  ExplanationFacts facts{{"record", record.name()}, {"length", record.length()}};
  if (record.input.record.reverse_strand) {
    facts.emplace_back("coordinates",
                       "those of the original read; the alignment is on the reverse strand");
  }
  facts.emplace_back("region_begin", record.region.start + 1);
  facts.emplace_back("region_end", record.region.start + record.region.length);
  return facts;
}

std::int64_t write_track(const ExplainedRecord& record, const ExplanationFacts& facts,
                         std::int64_t begin, std::span<const float> values) {
  if (record.options.format == ExplanationFormat::kBigwig) {
    write_bigwig(record.options.output, {record.name(), record.length(), begin, values});
    return std::ssize(values);
  }
  TrackFile file(record.options.output, TrackIndex::kBed);
  std::string text = comment_lines(facts);
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < values.size(); ++rows) {
    std::size_t next = i + 1;
    while (next < values.size() && values[next] == values[i]) ++next;
    append_bedgraph(text,
                    {record.name(), begin + static_cast<std::int64_t>(i),
                     begin + static_cast<std::int64_t>(next)},
                    values[i]);
    i = next;
    if (text.size() > kTextAtOnce) {
      file.write(text);
      text.clear();
    }
  }
  file.write(text);
  file.commit();
  return rows;
}

void require_format(const ExplainOptions& options, std::initializer_list<ExplanationFormat> fits) {
  if (std::find(fits.begin(), fits.end(), options.format) != fits.end()) return;
  std::string list;
  for (const ExplanationFormat format : fits) {
    list += (list.empty() ? "" : ", ") + std::string(name_of(format));
  }
  throw usage_error(std::string("the format ") + name_of(options.format) + " does not fit " +
                    name_of(options.question) + "; choose one of: " + list);
}

}  // namespace paramixer
