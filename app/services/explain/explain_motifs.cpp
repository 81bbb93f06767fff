#include "app/services/explain/explain_questions.hpp"

namespace paramixer {
namespace {

/// The records over which motifs are summed.
struct MotifRecords {
  std::vector<std::string> names{};
  std::int64_t reversed = 0;  ///< Alignments on the reverse strand.
};

/// "record:position record:position ...", 1-based; both positions of a pair: "record:first,second".
std::string places_text(const std::vector<MotifPlace>& places,
                        const std::vector<std::string>& names) {
  std::string text;
  for (const MotifPlace& place : places) {
    text +=
        (text.empty() ? "" : " ") + names[place.record] + ":" + std::to_string(place.position + 1);
    if (place.partner >= 0) text += "," + std::to_string(place.partner + 1);
  }
  return text.empty() ? "." : text;
}

ExplainSummary write_motifs(const ExplainOptions& options, const MotifSummary& summary,
                            const MotifRecords& records) {
  ExplanationFacts facts{{"records", static_cast<std::int64_t>(summary.records())}};
  if (options.class_name.empty()) {
    facts.emplace_back("class", "the most probable one of each record");
  } else {
    facts.emplace_back("class", options.class_name);
  }
  if (!options.against.empty()) facts.emplace_back("against", options.against);
  if (records.reversed > 0) {
    facts.emplace_back("coordinates", "those of the original reads");
    facts.emplace_back("reverse_strand_alignments", records.reversed);
  }
  facts.emplace_back("meaning",
                     "total: sum over all occurrences of what their bases contribute to the logit, "
                     "the largest |total| first; distances from start to start; places: the first "
                     "ones, record:position");
  ExplanationTable table(options, facts,
                         {"kind", "kmer", "partner", "count", "total", "mean", "least_distance",
                          "greatest_distance", "places"});
  constexpr Cell kNone;
  for (const MotifKmer& kmer : summary.kmers()) {
    const std::string places = places_text(kmer.places, records.names);
    table.add({std::string_view("kmer"), kmer.kmer, kNone, kmer.count, kmer.total,
               kmer.total / static_cast<double>(kmer.count), kNone, kNone,
               std::string_view(places)});
  }
  for (const MotifPair& pair : summary.pairs()) {
    const std::string places = places_text(pair.places, records.names);
    table.add({std::string_view("pair"), pair.first, pair.second, pair.count, pair.total,
               pair.total / static_cast<double>(pair.count), pair.least_distance,
               pair.greatest_distance, std::string_view(places)});
  }
  return {.records = static_cast<std::int64_t>(summary.records()), .rows = table.commit()};
}

/// Empty when nothing is wrong with the record.
std::string why_not_explained(const SequenceRecord& record, const Explainer& explainer) {
  if (!record.damage.empty()) return record.damage;
  try {
    explainer.check(record.sequence);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

ExplainSummary explain_motifs(const ExplainOptions& options, Explainer& explainer,
                              const ServiceCallbacks& callbacks, std::stop_token stop) {
  InputRecords source(options.input);
  MotifSummary summary(options.motifs);
  MotifRecords records;
  std::int64_t rejected = 0;
  source.for_each([&](const InputRecord& input) {
    if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
    const std::string file = source.display_name(input.record.input_number);
    const ServiceCallbacks none;
    if (!options.record.empty() && !has_name(input.record, options.record)) return;
    const std::string reason = why_not_explained(input.record, explainer);
    if (!reason.empty()) {
      ++rejected;
      if (callbacks.rejected) callbacks.rejected({file, input.record.id(), reason});
      return;
    }
    const ExplainRequest request{options, explainer, input, file, {}, none, stop};
    const Attribution attribution =
        explainer.attribute(request.bases(), named_contrast(request), options.method);
    class_of(request, attribution.answer);  // Refuses a class compared with itself.
    summary.add(request.bases(), attribution.values);
    records.names.push_back(request.name());
    if (input.record.reverse_strand) ++records.reversed;
    if (callbacks.progress) {
      callbacks.progress({.phase = "explain", .done = std::ssize(records.names)});
    }
  });
  if (records.names.empty() && rejected == 0 && !options.record.empty()) {
    throw Error({.file = source.display_name(0)}, "has no record '" + options.record + "'");
  }
  log_notes(source.notes(), callbacks);
  ExplainSummary written = write_motifs(options, summary, records);
  written.rejected = rejected;
  return written;
}

}  // namespace paramixer
