#pragma once

#include <memory>

#include "core/explain/link_source.hpp"
#include "models/network/paramixer.hpp"

namespace paramixer {

/// The links of a loaded model in the form core/explain needs. CPU only.

/// Whether the links of a block follow from the token alone, so that link_tables() holds them all.
bool has_link_tables(const ModelConfig& config, std::int64_t block);

/// Requires has_link_tables().
std::shared_ptr<const LinkTables> link_tables(Paramixer& model, std::int64_t block);

/// Links of one sequence (a batch of one) in a block. `tables` are looked up; null means that links
/// are computed from the rows of the requested positions. The model must outlive the result and
/// must not be used by another thread meanwhile.
std::unique_ptr<LinkSource> make_link_source(Paramixer& model, const ModelInput& sequence,
                                             std::int64_t block,
                                             std::shared_ptr<const LinkTables> tables,
                                             ThreadPool& pool);

}  // namespace paramixer
