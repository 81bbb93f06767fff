#include "app/cli/input_totals.hpp"

#include "app/cli/quantities.hpp"

namespace paramixer {

std::string totals_text(std::int64_t rejected, const InputNotes& notes) {
  std::string text;
  if (rejected > 0) text += "; " + grouped_digits(rejected) + " records rejected";
  if (notes.further_alignments > 0) {
    text += "; " + grouped_digits(notes.further_alignments) +
            " secondary or supplementary alignments skipped";
  }
  if (notes.gaps > 0) {
    text += "; " + grouped_digits(notes.gaps) + " gaps removed from " +
            grouped_digits(notes.gapped_records) + " records";
  }
  return text;
}

}  // namespace paramixer
