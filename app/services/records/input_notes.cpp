#include "app/services/records/input_notes.hpp"

namespace paramixer {
namespace {

std::string and_others(const std::string& first, std::int64_t count) {
  std::string text = "'" + first + "'";
  if (count > 1) text += " and " + std::to_string(count - 1) + " more";
  return text;
}

}  // namespace

void InputNotes::add(const SequenceRecord& record) {
  gaps += record.gaps;
  if (record.gaps > 0 && gapped_records++ == 0) first_gapped = record.name;
  if (record.repeats_name && repeated_names++ == 0) first_repeated = record.name;
}

void log_notes(const InputNotes& notes, const ServiceCallbacks& callbacks) {
  if (!callbacks.log) return;
  if (notes.repeated_names > 0) {
    callbacks.log("warning: names that appear more than once in a FASTA file: " +
                  and_others(notes.first_repeated, notes.repeated_names) +
                  "; --duplicates reject makes this an error");
  }
  if (notes.gaps > 0) {
    callbacks.log("gaps ('-', '.', and a final '*') were removed from " +
                  and_others(notes.first_gapped, notes.gapped_records) +
                  "; lengths and positions are those of the sequences without them");
  }
}

}  // namespace paramixer
