#include "tests/io/sequence/sequence_reader_helpers.hpp"

#include <gtest/gtest.h>

#include "tests/io/files/test_files.hpp"

namespace paramixer::test {

std::vector<SequenceRecord> read_all(const std::string& path, const ReaderOptions& options) {
  SequenceReader reader(path, options);
  std::vector<SequenceRecord> records;
  SequenceRecord record;
  while (reader.next(record)) records.push_back(record);
  return records;
}

std::string read_error(const std::string& path, const ReaderOptions& options, int* records_before) {
  int records = 0;
  std::string message = message_of([&] {
    SequenceReader reader(path, options);
    SequenceRecord record;
    while (reader.next(record)) ++records;
  });
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  if (records_before != nullptr) *records_before = records;
  return message;
}

std::string read_error_of_text(const std::string& text) {
  const TempDir dir;
  write_file(dir.file("in"), text);
  return read_error(dir.file("in"));
}

}  // namespace paramixer::test
