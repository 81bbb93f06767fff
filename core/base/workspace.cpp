#include "core/base/workspace.hpp"

#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace paramixer {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::size_t rounded_up(std::size_t value, std::size_t unit) {
  return (value + unit - 1) / unit * unit;
}

}  // namespace

void Workspace::Free::operator()(void* memory) const noexcept { std::free(memory); }

float* Workspace::floats(std::int64_t count) {
  const std::size_t wanted = static_cast<std::size_t>(count) * sizeof(float);
  if (wanted > capacity_) {
    memory_.reset();
    capacity_ = 0;
    // Grows by half, so that slowly growing requests do not touch fresh pages each time.
    const std::size_t bytes = rounded_up(wanted + wanted / 2, kHugePage);
    memory_.reset(std::aligned_alloc(kHugePage, bytes));
    if (!memory_) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    madvise(memory_.get(), bytes, MADV_HUGEPAGE);
#endif
    capacity_ = bytes;
  }
  return static_cast<float*>(memory_.get());
}

}  // namespace paramixer
