#include "core/explain/record_view.hpp"

#include "core/sequence/strand.hpp"

namespace paramixer {

std::vector<RecordView> record_views(std::int64_t length, std::int64_t window,
                                     ViewStrands strands) {
  std::vector<RecordView> views;
  double total = 0.0;
  for (const Window& own : cover_with_windows(length, window, window)) {
    const auto weight = static_cast<double>(own.length);
    if (strands != ViewStrands::kReverse) views.push_back({own, false, weight});
    if (strands != ViewStrands::kForward) views.push_back({own, true, weight});
    total += strands == ViewStrands::kBoth ? 2.0 * weight : weight;
  }
  for (RecordView& view : views) view.weight /= total;
  return views;
}

std::string bases_of(const RecordView& view, std::string_view record) {
  const auto bases = record.substr(static_cast<std::size_t>(view.window.start),
                                   static_cast<std::size_t>(view.window.length));
  return view.reversed ? reverse_complement(bases) : std::string(bases);
}

}  // namespace paramixer
