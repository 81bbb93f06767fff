#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <optional>

#include "app/services/explore/record_explorer.hpp"
#include "gui/explore/view_state.hpp"
#include "gui/paint/theme.hpp"

namespace paramixer {

/// A record of the catalog, found again by its number, or by its name when the file has changed.
struct SessionRecord {
  QString name{};
  qint64 entry = 0;  ///< Row of the catalog.
};

/// The state of a window, to be reopened.
struct Session {
  QString model{};  ///< Paths as found.
  QStringList inputs{};
  QString reference{};
  std::optional<SessionRecord> record{};
  std::optional<SessionRecord> other{};
  ExploreChoices choices{};
  ViewState view{};
  ThemeName theme = ThemeName::kLight;
  QByteArray layout{};  ///< QMainWindow::saveState().
};

/// Writes a session as JSON. Every path is kept both relative to the session's folder and absolute,
/// so that a folder can be moved as a whole, or the session alone. Throws Error.
void save_session(const QString& path, const Session& session);

/// Reads a session; of each path the relative one counts if there is such a file, otherwise the
/// absolute one. Throws Error for a file that is not a session, has a newer format, or names
/// missing files.
Session load_session(const QString& path);

}  // namespace paramixer
