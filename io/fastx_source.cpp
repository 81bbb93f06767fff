#include "io/fastx_source.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace paramixer {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r\v\f";
constexpr std::size_t kShownLetters = 20;

/// The first letters of a line, fit for a message of one line.
std::string excerpt(std::string_view text) {
  text = text.substr(0, std::min(text.find_first_of("\r\n"), kShownLetters));
  std::string shown(text);
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
  return "'" + shown + "'";
}

bool is_line_end(int letter) { return letter == '\n' || letter == '\r'; }

/// Without a branch in the loop, so that the compiler uses vector instructions.
bool are_qualities(std::string_view letters) {
  bool are_valid = true;
  for (const char letter : letters) are_valid &= (letter >= '!') & (letter <= '~');
  return are_valid;
}

}  // namespace

FastxSource::FastxSource(HFilePtr file, const std::string& display_name, int threads)
    : stream_(std::move(file), display_name, threads) {
  stream_.skip(kByteOrderMark);
  while (is_line_end(stream_.peek())) stream_.next_line(line_);
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

void FastxSource::fail_unknown_start() {
  const std::string_view text = stream_.buffered();
  if (text.find("\n>") != std::string_view::npos && text.find('\0') == std::string_view::npos) {
    stream_.next_line(line_);
    stream_.fail_at_line("there is text before the first '>': " + excerpt(line_) +
                         "; remove what comes before the first FASTA record");
  }
  stream_.fail("is not a sequence file (it starts with " + excerpt(text) +
               "); FASTA, FASTQ, SAM, BAM and CRAM can be read, plain or compressed by gzip or "
               "bgzip");
}

bool FastxSource::next(SequenceRecord& record) {
  while (is_line_end(stream_.peek())) stream_.next_line(line_);
  if (stream_.peek() < 0) return false;
  record.sequence.clear();
  record.quality.clear();
  record.alignment.reset();
  record.reverse_strand = false;
  record.primary = true;
  read_name(record);
  if (format_ == SequenceFormat::kFasta) {
    read_fasta_bases(record);
  } else {
    read_fastq_bases(record);
    read_fastq_quality(record);
  }
  return true;
}

void FastxSource::read_name(SequenceRecord& record) {
  const char mark = format_ == SequenceFormat::kFasta ? '>' : '@';
  stream_.next_line(line_);
  if (line_[0] != mark) {
    stream_.fail_at_line(std::string("expected '") + mark + "' and a record name, found " +
                         excerpt(line_) + "; the record before this line is damaged");
  }
  const std::size_t end = std::min(line_.find_first_of(kBlanks, 1), line_.size());
  if (end == 1) {
    stream_.fail_at_line(std::string("there is no name directly after '") + mark +
                         "'; give every record a name");
  }
  record.name.assign(line_, 1, end - 1);
  stream_.set_record(record.name);
}

void FastxSource::read_fasta_bases(SequenceRecord& record) {
  for (int first = stream_.peek(); first >= 0 && first != '>'; first = stream_.peek()) {
    stream_.append_line(record.sequence);
  }
}

void FastxSource::read_fastq_bases(SequenceRecord& record) {
  for (int first = stream_.peek(); first != '+'; first = stream_.peek()) {
    if (first < 0) {
      stream_.fail(
          "the file ends before the '+' line and the qualities of this record; it is cut "
          "off, copy or download it again");
    }
    if (first == '@') {
      stream_.next_line(line_);
      stream_.fail_at_line("the next record starts here, but this one has no '+' line");
    }
    stream_.append_line(record.sequence);
  }
  stream_.next_line(line_);
}

void FastxSource::read_fastq_quality(SequenceRecord& record) {
  const std::size_t bases = record.sequence.size();
  while (record.quality.size() < bases) {
    if (!stream_.append_line(record.quality)) {
      stream_.fail("the file ends after " + std::to_string(record.quality.size()) + " of " +
                   std::to_string(bases) +
                   " quality letters; it is cut off, copy or download it again");
    }
  }
  if (record.quality.size() != bases) {
    stream_.fail_at_line("there are " + std::to_string(bases) + " bases, but " +
                         std::to_string(record.quality.size()) + " quality letters");
  }
  if (!are_qualities(record.quality)) {
    stream_.fail_at_line("the qualities hold a letter outside '!' to '~'");
  }
}

}  // namespace paramixer
