#include "app/services/named_record.hpp"

#include <optional>
#include <vector>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kNamesShown = 5;

/// Ends the reading of an input when the record is found.
struct Found {};

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "'" : ", '") + name + "'";
  return list;
}

}  // namespace

BaseRange parse_base_range(const std::string& text, std::string& record) {
  const bool bare = !text.empty() && text.find_first_not_of("0123456789,-") == std::string::npos;
  const Region region = parse_region(bare ? (record.empty() ? "NAME" : record) + ":" + text : text);
  if (!bare) {
    if (!record.empty() && record != region.name) {
      throw usage_error("the region " + text + " is not in the record '" + record +
                        "'; write A-B, or its name before it: NAME:A-B");
    }
    record = region.name;
  }
  return {region.begin, region.end};
}

Window window_of(const BaseRange& range, const InputRecord& input, const std::string& file) {
  const auto length = static_cast<std::int64_t>(input.record.sequence.size());
  const std::int64_t end = range.end == 0 ? length : range.end;
  if (range.begin < 1 || end > length || range.begin > end) {
    throw Error({.file = file, .record = input.record.name},
                "the region " + std::to_string(range.begin) + "-" + std::to_string(end) +
                    " is not within its " + std::to_string(length) + " bases");
  }
  return {range.begin - 1, end - range.begin + 1};
}

bool has_name(const SequenceRecord& record, const std::string& name) {
  return record.name == name || record.id() == name;
}

InputRecord find_record(InputRecords& source, const std::string& name, std::stop_token stop) {
  std::optional<InputRecord> found;
  std::vector<std::string> others;
  try {
    source.for_each([&](InputRecord input) {
      if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
      if (!found && (name.empty() || has_name(input.record, name))) {
        found = std::move(input);
        if (!name.empty()) throw Found{};
        return;
      }
      if (others.size() < kNamesShown) others.push_back(input.record.id());
      if (name.empty()) throw Found{};
    });
  } catch (const Found&) {
    // The rest of the input does not matter.
  }
  if (!found) {
    throw Error({.file = source.display_name(0)},
                "has no record '" + name + "'" +
                    (others.empty() ? "" : "; its first ones are " + list_of(others)));
  }
  if (name.empty() && !others.empty()) {
    throw usage_error("the input has several records ('" + found->record.id() + "', " +
                      list_of(others) + ", ...); choose one with --record");
  }
  if (!found->record.damage.empty()) {
    throw Error({.file = source.display_name(found->record.input), .record = found->record.id()},
                found->record.damage);
  }
  return std::move(*found);
}

}  // namespace paramixer
