#pragma once

#include "models/network/paramixer.hpp"
#include "models/training/train_config.hpp"

namespace paramixer {

/// Initialises the link networks f_m of every block. Uses torch's global random generator.
void start_links(Paramixer& model, LinkStart start);

/// Makes factors `first`.. the identity (last layer of their f_m zero), so that they change nothing
/// when they join.
void start_factors_as_identity(Paramixer& model, std::int64_t first);

}  // namespace paramixer
