#include "app/services/explain/explain_request.hpp"

#include <algorithm>

#include "io/tracks/bigwig.hpp"
#include "io/tracks/track_lines.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kTextAtOnce = 1 << 20;

/// The values as runs of equal ones.
std::vector<TrackValue> runs_of(std::int64_t begin, std::span<const float> values) {
  std::vector<TrackValue> runs;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t next = i + 1;
    while (next < values.size() && values[next] == values[i]) ++next;
    runs.push_back(
        {begin + static_cast<std::int64_t>(i), begin + static_cast<std::int64_t>(next), values[i]});
    i = next;
  }
  return runs;
}

}  // namespace

Error ExplainRequest::failure(const std::string& message, ErrorKind kind) const {
  return Error({.file = file, .record = name()}, message, kind);
}

void ExplainRequest::check_stop() const {
  if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
}

ExplainProgress ExplainRequest::progress_in(const std::string& unit) const {
  return [this, unit](std::int64_t done, std::int64_t total) {
    check_stop();
    if (callbacks.progress) {
      callbacks.progress({.phase = "explain", .done = done, .total = total, .unit = unit});
    }
  };
}

Window ExplainRequest::window_around(const Window& part) const {
  const std::int64_t window = explainer.window();
  if (length() <= window) return {0, length()};
  if (part.length > window) {
    throw failure("the model sees " + std::to_string(window) + " bases at once and this is " +
                      std::to_string(part.length) + "; choose at most " + std::to_string(window) +
                      " with --region, or a longer --window",
                  ErrorKind::kUsage);
  }
  const std::int64_t centred = part.start + part.length / 2 - window / 2;
  return {std::clamp<std::int64_t>(centred, 0, length() - window), window};
}

ExplainedStrand ExplainRequest::strand() const {
  return options.explainer.strand == ExplainedStrand::kReverse ? ExplainedStrand::kReverse
                                                               : ExplainedStrand::kForward;
}

std::int64_t ExplainRequest::base_of_token(const Window& seen, std::int64_t position) const {
  if (strand() == ExplainedStrand::kForward) return seen.start + position;
  return seen.start + seen.length - explainer.tokenizer().span() - position;
}

Window ExplainRequest::tokens_in_region(const Window& seen, std::int64_t valid) const {
  // base_of_token is its own reverse.
  const auto position = [&](std::int64_t base) {
    return strand() == ExplainedStrand::kForward
               ? base - seen.start
               : base_of_token(seen, base - seen.start) - seen.start;
  };
  const auto [first, last] =
      std::minmax({position(region.start), position(region.start + region.length - 1)});
  const auto begin = std::clamp<std::int64_t>(first, 0, valid);
  return {begin, std::clamp<std::int64_t>(last + 1, begin, valid) - begin};
}

Contrast named_contrast(const ExplainRequest& request) {
  const auto number = [&](const std::string& name) {
    return name.empty() ? -1 : request.explainer.class_number(name);
  };
  return {number(request.options.class_name), number(request.options.against)};
}

ExplainedClass class_of(const ExplainRequest& request, const RecordLogits& answer) {
  const auto& classes = request.explainer.card().config.classes;
  ExplainedClass chosen{.contrast = named_contrast(request)};
  if (chosen.contrast.target < 0) chosen.contrast.target = answer.most_probable();
  chosen.name = classes[static_cast<std::size_t>(chosen.contrast.target)];
  chosen.probability = answer.probabilities[static_cast<std::size_t>(chosen.contrast.target)];
  if (chosen.contrast.against >= 0) {
    chosen.against = classes[static_cast<std::size_t>(chosen.contrast.against)];
    if (chosen.contrast.against == chosen.contrast.target) {
      throw usage_error("the class '" + request.options.against +
                        "' cannot be compared with itself");
    }
  }
  return chosen;
}

ExplanationFacts record_facts(const ExplainRequest& request) {
  ExplanationFacts facts{{"record", request.name()}, {"length", request.length()}};
  if (request.input.record.reverse_strand) {
    facts.emplace_back("coordinates",
                       "those of the original read; the alignment is on the reverse strand");
  }
  if (request.input.record.gaps > 0) {
    facts.emplace_back("coordinates", "those of the sequence without its gaps");
  }
  facts.emplace_back("region_begin", request.region.start + 1);
  facts.emplace_back("region_end", request.region.start + request.region.length);
  return facts;
}

std::int64_t write_track(const ExplainRequest& request, const ExplanationFacts& facts,
                         std::int64_t begin, std::span<const float> values) {
  std::vector<TrackValue> runs = runs_of(begin, values);
  const std::int64_t rows = std::ssize(runs);
  if (request.options.format == ExplanationFormat::kBigwig) {
    write_bigwig(request.options.output, {{request.name(), request.length(), std::move(runs)}});
    return rows;
  }
  TextOutput file(request.options.output, TrackIndex::kBed);
  std::string text = comment_lines(facts);
  for (const TrackValue& run : runs) {
    append_bedgraph(text, {request.name(), run.begin, run.end}, run.value);
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
