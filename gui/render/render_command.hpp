#pragma once

#include "gui/render/render_options.hpp"

namespace paramixer {

/// Draws `options.render` of one record into `options.output`: the same picture as the window's.
/// Needs a QApplication, no display. Throws Error.
void run_render(const GuiOptions& options);

}  // namespace paramixer
