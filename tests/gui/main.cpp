#include <gtest/gtest.h>

#include "tests/gui/test_application.hpp"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const paramixer::test::TestApplication application(argc, argv);
  return RUN_ALL_TESTS();
}
