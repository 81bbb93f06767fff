#include "app/services/records/mate_numbers.hpp"

#include <utility>

namespace paramixer {

MateNumbers::MateNumbers(std::function<void(SequenceRecord)> visit) : visit_(std::move(visit)) {}

void MateNumbers::add(SequenceRecord record) {
  if (held_ && held_->mate == 0 && held_->name == record.name) {
    held_->mate = 1;
    record.mate = 2;
  }
  std::optional<SequenceRecord> complete = std::exchange(held_, std::move(record));
  if (complete) visit_(*std::move(complete));
}

void MateNumbers::finish() {
  std::optional<SequenceRecord> last = std::exchange(held_, std::nullopt);
  if (last) visit_(*std::move(last));
}

}  // namespace paramixer
