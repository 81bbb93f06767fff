#pragma once

#include "io/labels/label_table.hpp"
#include "io/sequence/sequence_record.hpp"

namespace paramixer {

/// Label of a record, or null: that of its id if the table distinguishes mates, otherwise that of
/// its plain name.
const Label* label_of(const LabelTable& table, const SequenceRecord& record);

}  // namespace paramixer
