#include "io/files/gzip_file.hpp"

#include <gtest/gtest.h>

#include "io/sequence/sequence_reader.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer::test {
namespace {

TEST(GzipFile, IsReadBackAsTheSameRecords) {
  const TempDir dir;
  const std::string path = dir.file("records.fa.gz");
  GzipFile file(path);
  file.write(">a\nACGT\n");
  file.write(">b\n" + std::string(100'000, 'G') + "\n");
  EXPECT_FALSE(exists(path)) << "visible before it is complete";
  file.commit();
  SequenceReader reader(path);
  SequenceRecord record;
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.sequence, "ACGT");
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.sequence, std::string(100'000, 'G'));
  EXPECT_FALSE(reader.next(record));
}

TEST(GzipFile, NamesTheFileThatCannotBeCreated) {
  const TempDir dir;
  EXPECT_HAS(message_of([&] { GzipFile file(dir.file("missing/records.fa.gz")); }),
             "missing/records.fa.gz");
}

}  // namespace
}  // namespace paramixer::test
