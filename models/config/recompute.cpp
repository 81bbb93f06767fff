#include "models/config/recompute.hpp"

#include "core/base/named_values.hpp"

namespace paramixer {
namespace {

constexpr NamedValues<Recompute, 2> kRecomputes{
    "recompute", {{{Recompute::kNone, "none"}, {Recompute::kFactors, "factors"}}}};

}  // namespace

const char* name_of(Recompute value) { return kRecomputes.name_of(value); }
Recompute recompute_from(std::string_view name) { return kRecomputes.value_from(name); }

}  // namespace paramixer
