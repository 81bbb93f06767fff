#pragma once

#include <QString>
#include <string>
#include <vector>

#include "app/services/explain/link_arcs.hpp"
#include "gui/panel/panel.hpp"

namespace paramixer {

/// The lines of a link's tooltip. `rank` counts from 1 among what is shown; 0: none.
QString link_text(const Exploration& record, const Link& link, std::int64_t rank);

/// "+16", "−4", "0".
QString offset_text(std::int64_t offset);

/// The arcs of a link in the ring of its window.
std::vector<LinkArc> arcs_of(const Link& link, const Exploration& record);

/// Links in the format of `explain --what links`: TSV or BEDPE.
std::string links_data(DataFormat format, const std::vector<Link>& links, const Scene& scene);

}  // namespace paramixer
