#include <gtest/gtest.h>

#include "models/network/device.hpp"

// The models of these tests are tiny, and CTest runs many programs at once: a second thread only
// costs.

namespace {

class OneThread : public testing::Environment {
  void SetUp() override { paramixer::set_compute_threads(1); }
};

[[maybe_unused]] const auto* const kOneThread =
    testing::AddGlobalTestEnvironment(new OneThread);  // GoogleTest deletes it.

}  // namespace
