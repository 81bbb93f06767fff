#include "app/services/explained_record.hpp"

#include <algorithm>

namespace paramixer {

Error ExplainedRecord::failure(const std::string& message, ErrorKind kind) const {
  return Error({.file = file, .record = name()}, message, kind);
}

void ExplainedRecord::check_stop() const {
  if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
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
