#include "io/sequence/alignment_bases.hpp"

#include <gtest/gtest.h>
#include <string>

#include "core/sequence/strand.hpp"
#include "io/files/htslib_handles.hpp"
#include "tests/io/sequence/sequence_files.hpp"

namespace paramixer {
namespace {

std::string decoded(const std::string& stored, std::uint16_t flag) {
  const AlignmentPtr alignment = make_alignment();
  EXPECT_GE(bam_set1(alignment.get(), 1, "r", flag, -1, -1, 0, 0, nullptr, -1, -1, 0, stored.size(),
                     stored.data(), nullptr, 0),
            0);
  std::string bases = "left over from the last record";
  decode_bases(*alignment, bases);
  return bases;
}

TEST(AlignmentBases, AllCodesAndAllLengthsInBothOrientations) {
  const std::string codes = "=ACMGRSVTWYHKDBN";
  const std::string text = codes + test::random_bases(40, 1) + codes;
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::string stored = text.substr(0, length);
    EXPECT_EQ(decoded(stored, BAM_FUNMAP), stored);
    EXPECT_EQ(decoded(stored, BAM_FUNMAP | BAM_FREVERSE), reverse_complement(stored));
  }
}

}  // namespace
}  // namespace paramixer
