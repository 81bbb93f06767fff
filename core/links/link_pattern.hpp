#pragma once

#include <cstdint>
#include <vector>

#include "core/base/enum_names.hpp"

namespace paramixer {

/// The positions linked to a position in each factor (the paper's protocols).
enum class Protocol {
  kChord,    ///< Offsets 0, 1, 2, 4, ..., 2^(M-1) in every factor; L = M + 1.
  kDilated,  ///< Offsets 0, then +k 2^m, then -k 2^m for k = 1..4 in factor m; L = 9.
};

template <>
struct EnumNames<Protocol> {
  static constexpr const char* kWhat = "protocol";
  static constexpr EnumName<Protocol> kTable[] = {{Protocol::kChord, "chord"},
                                                  {Protocol::kDilated, "dilated"}};
};

/// What happens to a link that leaves the sequence.
enum class Boundary {
  kRing,    ///< Positions are taken modulo the sequence's length.
  kLinear,  ///< The link is dropped (it contributes nothing).
};

template <>
struct EnumNames<Boundary> {
  static constexpr const char* kWhat = "boundary";
  static constexpr EnumName<Boundary> kTable[] = {{Boundary::kRing, "ring"},
                                                  {Boundary::kLinear, "linear"}};
};

/// Offsets of all links: factor m links position i to i + offset(m, k), k = 0..links()-1.
class LinkPattern {
 public:
  /// `factors` may be 0 (no mixing). Throws Error for more than 62 factors.
  LinkPattern(Protocol protocol, std::int64_t factors);

  /// The pattern of `count` factors from `first` on, with their offsets in this pattern. Throws
  /// Error for factors outside it.
  LinkPattern part(std::int64_t first, std::int64_t count) const;

  std::int64_t factors() const noexcept { return factors_; }
  std::int64_t links() const noexcept { return links_; }
  std::int64_t offset(std::int64_t factor, std::int64_t link) const {
    return offsets_[static_cast<std::size_t>(factor * links_ + link)];
  }
  /// Row-major [factors, links].
  const std::vector<std::int64_t>& offsets() const noexcept { return offsets_; }

 private:
  std::int64_t factors_;
  std::int64_t links_;
  std::vector<std::int64_t> offsets_;
};

/// ceil(log2 n), the published number of factors for n positions; 0 for n <= 1.
std::int64_t ceil_log2(std::int64_t n);
/// floor(log2 n), the number of factors in the published synthetic tasks; 0 for n <= 1.
std::int64_t floor_log2(std::int64_t n);

/// Position that link `offset` of position i reaches in a sequence of `length` positions, or -1
/// when it is dropped.
std::int64_t link_target(std::int64_t i, std::int64_t offset, std::int64_t length,
                         Boundary boundary);

}  // namespace paramixer
