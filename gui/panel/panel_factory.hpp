#pragma once

#include <QString>
#include <QStringList>
#include <memory>

#include "gui/panel/panel.hpp"

namespace paramixer {

/// Names of all panels that draw a record, in the order of menus.
QStringList panel_names();

/// Throws a usage Error that lists the names.
std::unique_ptr<Panel> make_panel(const QString& name);

}  // namespace paramixer
