#include "io/sequence/fastx_source.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "io/files/excerpt.hpp"

namespace paramixer {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kBlanks = " \t\r\n\v\f";
constexpr std::size_t kShownLetters = 20;

bool is_blank(int letter) {
  return letter > 0 && kBlanks.find(static_cast<char>(letter)) != std::string_view::npos;
}

bool is_gap(char letter) { return letter == '-' || letter == '.'; }

/// False when every byte is 'A' or above and below 128, as in nearly all lines: nothing then needs
/// to be removed. Eight bytes at a time and without a branch for each letter.
bool needs_cleaning(std::string_view letters) {
  // Bytes below 'A' (0x41) get no high bit from adding 0x3F; bytes above 0x7F have it before.
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  constexpr std::uint64_t kToHighBit = 0x3F3F3F3F3F3F3F3F;
  const auto is_unusual = [](std::uint64_t eight) {
    return ((eight & kHighBits) | (~((eight & ~kHighBits) + kToHighBit) & kHighBits)) != 0;
  };
  bool unusual = false;
  std::size_t i = 0;
  for (; i + 8 <= letters.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, letters.data() + i, 8);
    unusual |= is_unusual(eight);
  }
  for (; i < letters.size(); ++i) unusual |= letters[i] < 'A';
  return unusual;
}

/// Without a branch in the loop, so that the compiler uses vector instructions.
bool are_qualities(std::string_view letters) {
  bool are_valid = true;
  for (const char letter : letters) are_valid &= (letter >= '!') & (letter <= '~');
  return are_valid;
}

std::string at_line(std::int64_t line, const std::string& problem) {
  return "line " + std::to_string(line) + ": " + problem;
}

/// Keeps the first damage.
void set_damage(SequenceRecord& record, const std::string& damage) {
  if (record.damage.empty()) record.damage = damage;
}

}  // namespace

FastxSource::FastxSource(HFilePtr file, const std::string& display_name, int threads)
    : stream_(std::move(file), display_name, threads) {
  stream_.skip(kUtf8ByteOrderMark);
  refuse_marked_sam();
  skip_blank_lines();
  switch (stream_.peek()) {
    case '>':
      format_ = SequenceFormat::kFasta;
      break;
    case '@':
      format_ = SequenceFormat::kFastq;
      break;
    case -1:
      stream_.fail(stream_.line() == 0 ? "is empty" : "holds no records, only blank lines");
    default:
      fail_unknown_start();
  }
}

void FastxSource::refuse_marked_sam() const {
  for (const std::string_view start : {"@HD\t"sv, "@SQ\t"sv, "@RG\t"sv, "@PG\t"sv, "@CO\t"sv}) {
    if (stream_.buffered().starts_with(start)) {
      stream_.fail(
          "is SAM text that htslib does not recognise, because it starts with a byte order mark; "
          "remove the mark, for example with: zcat FILE | sed '1s/^\\xEF\\xBB\\xBF//' > NEW");
    }
  }
}

void FastxSource::fail_unknown_start() {
  const std::string_view text = stream_.buffered();
  if (text.find("\n>") != std::string_view::npos && text.find('\0') == std::string_view::npos) {
    stream_.next_line(line_);
    stream_.fail_at_line("there is text before the first '>': " + excerpt(line_, kShownLetters) +
                         "; remove what comes before the first FASTA record");
  }
  stream_.fail("is not a sequence file (it starts with " + excerpt(text, kShownLetters) +
               "); FASTA, FASTQ, SAM, BAM and CRAM can be read, plain or compressed by gzip or "
               "bgzip");
}

void FastxSource::fail_no_mark() {
  const std::string marks = records_read_ == 0                  ? "'>' or '@'"
                            : format_ == SequenceFormat::kFasta ? "'>'"
                                                                : "'@'";
  stream_.fail_at_line("expected " + marks + " and a record name, found " +
                       excerpt(line_, kShownLetters) +
                       (records_read_ == 0 ? "" : "; the record before this line is damaged"));
}

bool FastxSource::next(SequenceRecord& record) {
  skip_blank_lines();
  if (stream_.peek() < 0) return false;
  record.clear();
  read_name(record);
  if (format_ == SequenceFormat::kFasta) {
    read_fasta_bases(record);
  } else if (const int base_lines = read_fastq_bases(record); base_lines >= 0) {
    read_fastq_quality(record, base_lines);
  }
  if (!record.damage.empty()) record.quality.clear();
  return true;
}

void FastxSource::skip_blank_lines() {
  while (is_blank(stream_.peek())) {
    stream_.next_line(line_);
    if (line_.find_first_not_of(kBlanks) != std::string::npos) fail_no_mark();
  }
}

void FastxSource::read_name(SequenceRecord& record) {
  const char mark = format_ == SequenceFormat::kFasta ? '>' : '@';
  stream_.next_line(line_);
  if (line_[0] != mark) fail_no_mark();
  ++records_read_;
  // htslib, too, takes `> name` for `name`.
  const std::size_t begin = std::min(line_.find_first_not_of(kBlanks, 1), line_.size());
  const std::size_t end = std::min(line_.find_first_of(kBlanks, begin), line_.size());
  record.name.assign(line_, begin, end - begin);
  const std::size_t text = line_.find_first_not_of(kBlanks, end);
  if (text != std::string::npos) {
    record.description.assign(line_, text, line_.find_last_not_of(kBlanks) + 1 - text);
  }
  if (record.name.empty()) {
    record.name = "record_" + std::to_string(records_read_);
    set_damage(record, at_line(stream_.line(), std::string("the name is missing after '") + mark +
                                                   "'; give every record a name"));
  }
  if (record.name.find('\0') != std::string::npos) {
    std::replace(record.name.begin(), record.name.end(), '\0', '?');
    set_damage(record, at_line(stream_.line(), "there is a NUL byte in the name"));
  }
  stream_.set_record(record.name);
}

void FastxSource::append_bases(SequenceRecord& record) {
  const std::size_t start = record.sequence.size();
  stream_.append_line(record.sequence);
  if (needs_cleaning(std::string_view(record.sequence).substr(start))) clean_line(record, start);
}

void FastxSource::clean_line(SequenceRecord& record, std::size_t start) {
  std::size_t kept = start;
  for (std::size_t i = start; i < record.sequence.size(); ++i) {
    const char letter = record.sequence[i];
    if (is_blank(letter)) continue;
    if (format_ == SequenceFormat::kFasta && is_gap(letter)) {
      ++record.gaps;
      continue;
    }
    if (letter == '\0') {
      set_damage(record, at_line(stream_.line(), "there is a NUL byte at position " +
                                                     std::to_string(kept + 1) +
                                                     " of the record; the file is damaged"));
    }
    record.sequence[kept++] = letter;
  }
  record.sequence.resize(kept);
}

void FastxSource::read_fasta_bases(SequenceRecord& record) {
  for (int first = stream_.peek(); first >= 0 && first != '>'; first = stream_.peek()) {
    append_bases(record);
  }
  while (!record.sequence.empty() && record.sequence.back() == '*') {
    record.sequence.pop_back();
    ++record.gaps;
  }
}

int FastxSource::read_fastq_bases(SequenceRecord& record) {
  int lines = 0;
  for (int first = stream_.peek(); first != '+'; first = stream_.peek()) {
    if (first < 0) {
      stream_.fail(
          "the file ends before the '+' line and the qualities of this record; it is cut "
          "off, copy or download it again");
    }
    if (first == '@') {
      set_damage(record, at_line(stream_.line() + 1,
                                 "the next record starts here, but this one has no '+' line"));
      return -1;
    }
    const std::size_t before = record.sequence.size();
    append_bases(record);
    lines += record.sequence.size() > before ? 1 : 0;
  }
  stream_.next_line(line_);
  return lines;
}

bool FastxSource::append_quality_line(std::string& quality) {
  const std::size_t start = quality.size();
  if (!stream_.append_line(quality)) return false;
  while (quality.size() > start && is_blank(quality.back())) quality.pop_back();
  return true;
}

void FastxSource::read_fastq_quality(SequenceRecord& record, int base_lines) {
  const std::size_t bases = record.sequence.size();
  const std::int64_t first_line = stream_.line() + 1;
  int lines = 0;
  const int next = stream_.peek();
  if (bases == 0 && next >= 0 && next != '@' && !is_blank(next)) {
    // Qualities without bases; a line that begins with '@' is the next record.
    append_quality_line(record.quality);
    ++lines;
  }
  for (; record.quality.size() < bases; ++lines) {
    // Where the bases are on one line the qualities are too: '@' then begins the next record.
    if (lines > 0 && base_lines == 1 && stream_.peek() == '@') break;
    if (!append_quality_line(record.quality)) {
      stream_.fail("the file ends after " + std::to_string(record.quality.size()) + " of " +
                   std::to_string(bases) +
                   " quality letters; it is cut off, copy or download it again");
    }
  }
  if (record.quality.size() != bases) check_quality_length(record, lines, first_line);
  if (!are_qualities(record.quality)) {
    set_damage(record, at_line(first_line, "the qualities hold a letter outside '!' to '~'"));
  }
}

void FastxSource::check_quality_length(SequenceRecord& record, int quality_lines,
                                       std::int64_t first_line) {
  const std::string problem =
      at_line(first_line, "there are " + std::to_string(record.sequence.size()) + " bases, but " +
                              std::to_string(record.quality.size()) + " quality letters");
  const int next = stream_.peek();
  if (quality_lines > 1 && next >= 0 && next != '@' && !is_blank(next)) {
    stream_.fail(problem +
                 ", and no record starts after them; the rest of the file cannot be read");
  }
  set_damage(record, problem);
}

}  // namespace paramixer
