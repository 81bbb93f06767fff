#include "app/services/explore/record_catalog.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;

class RecordCatalog : public testing::Test {
 protected:
  InputRecord read(const std::string& name, std::int64_t length, std::int64_t index) const {
    CatalogEntry entry;
    entry.name = name;
    entry.length = length;
    entry.index = index;
    return read_catalog_record({.paths = {path_}}, entry);
  }
  test::TempDir dir_;
  std::string path_ = dir_.file("x.fq");
};

TEST_F(RecordCatalog, EntriesOfMatesAreReadAgainByTheirNumber) {
  test::write_file(path_, "@p\nAC\n+\nII\n@p\nGGT\n+\nIII\n");
  EXPECT_EQ(read("p/2", 3, 1).record.sequence, "GGT");
  EXPECT_HAS(message_of([&] { read("p", 3, 1); }), "no longer exists");
}

TEST_F(RecordCatalog, ADamagedEntryIsAnErrorThatSaysWhy) {
  test::write_file(path_, "@a\nAC\n+\nI\n@b\nGGT\n+\nIII\n");
  EXPECT_HAS(message_of([&] { read("a", 2, 0); }),
             "x.fq: record 'a': line 4: there are 2 bases, but 1 quality letters");
  EXPECT_EQ(read("b", 3, 1).record.sequence, "GGT");
}

}  // namespace
}  // namespace paramixer
