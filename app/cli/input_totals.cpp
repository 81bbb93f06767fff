#include "app/cli/input_totals.hpp"

#include "app/cli/quantities.hpp"

namespace paramixer {

namespace {

std::string counted(std::int64_t count, const std::string& what) {
  return grouped_digits(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

std::string totals_text(std::int64_t rejected, const InputNotes& notes) {
  std::string text;
  if (rejected > 0) text += "; " + counted(rejected, "record") + " rejected";
  if (notes.further_alignments > 0) {
    text += "; " + counted(notes.further_alignments, "secondary or supplementary alignment") +
            " skipped";
  }
  if (notes.gaps > 0) {
    text += "; " + counted(notes.gaps, "gap") + " removed from " +
            counted(notes.gapped_records, "record");
  }
  return text;
}

}  // namespace paramixer
