#include "app/services/records/record_label.hpp"

namespace paramixer {

const Label* label_of(const LabelTable& table, const SequenceRecord& record) {
  const Label* own = record.mate == 0 ? nullptr : table.find(record.id());
  return own != nullptr ? own : table.find(record.name);
}

}  // namespace paramixer
