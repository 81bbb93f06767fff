#include "tests/cli/program_test.hpp"

namespace paramixer::test {
namespace {

using namespace std::string_literals;

class LittleMemory : public ProgramTest {};

// 127 comes from the dynamic linker if not even the libraries fit.
TEST_F(LittleMemory, ends_in_an_answer_or_a_message_and_never_aborts_or_hangs) {
  make_model("m.safetensors");
  write("x.fa", fasta_of(40));
  for (const char* megabytes : {"300", "390", "420", "450", "480", "520", "600", "900"}) {
    const CommandResult result = run("ulimit -c 0 -v $(("s + megabytes +
                                     " * 1024)); timeout -s KILL 60 '" PARAMIXER_PROGRAM
                                     "' classify --quiet --threads 2 --model m.safetensors x.fa");
    EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 1 || result.exit_code == 127)
        << megabytes << ": " << result.exit_code << "\n"
        << result.err;
    EXPECT_EQ(result.err.empty(), result.exit_code == 0) << megabytes << "\n" << result.err;
    EXPECT_EQ(result.err.find("terminate called"), std::string::npos) << result.err;
    if (result.err.starts_with("paramixer: ")) {
      EXPECT_EQ(lines_of(result.err).size(), 1U) << result.err;
    }
  }
}

TEST_F(LittleMemory, too_few_threads_are_named) {
  make_model("m.safetensors");
  write("x.fa", fasta_of(2));
  const CommandResult result =
      run("ulimit -c 0 -v $((700 * 1024)); timeout -s KILL 60 '" PARAMIXER_PROGRAM
          "' classify --quiet --threads 400 --model m.safetensors x.fa");
  if (result.exit_code == 127) GTEST_SKIP() << "the libraries alone are larger";
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_HAS(result.err, "paramixer: error: out of memory");
}

}  // namespace
}  // namespace paramixer::test
