#include "app/services/records/named_record.hpp"

#include <optional>
#include <vector>

#include "core/base/error.hpp"
#include "io/files/excerpt.hpp"
#include "io/sequence/region_bounds.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kOtherNamesShown = 5;

/// Stops reading an input once the record is found.
struct Found {};

}  // namespace

BaseRange parse_base_range(const std::string& text, std::string& record) {
  const bool bare = !text.empty() && text.find_first_not_of("0123456789,-") == std::string::npos;
  const Region region = parse_region(bare ? (record.empty() ? "NAME" : record) + ":" + text : text);
  if (!bare) {
    if (!record.empty() && record != region.name) {
      throw usage_error("the region " + text + " is not in the record '" + record +
                        "'; write A-B, or NAME:A-B with its name");
    }
    record = region.name;
  }
  return {region.begin, region.end};
}

Window window_of(const BaseRange& range, const InputRecord& input, const std::string& file) {
  const Region region{.name = input.record.name, .begin = range.begin, .end = range.end};
  const auto [begin, end] = bounds_within(region, std::ssize(input.record.sequence), file);
  return {begin, end - begin};
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
      if (others.size() < kOtherNamesShown) others.push_back(input.record.id());
      if (name.empty()) throw Found{};
    });
  } catch (const Found&) {
    // The rest of the input does not matter.
  }
  if (!found) {
    throw Error({.file = source.display_name(0)},
                "has no record '" + name + "'" +
                    (others.empty() ? "" : "; its first ones are " + listed(others)));
  }
  if (name.empty() && !others.empty()) {
    throw usage_error("the input has several records ('" + found->record.id() + "', " +
                      listed(others) + ", ...); choose one with --record");
  }
  if (!found->record.damage.empty()) {
    throw Error(
        {.file = source.display_name(found->record.input_number), .record = found->record.id()},
        found->record.damage);
  }
  return std::move(*found);
}

}  // namespace paramixer
