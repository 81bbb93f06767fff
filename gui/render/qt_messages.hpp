#pragma once

namespace paramixer {

/// Keeps Qt's own debug output, notes and warnings (an XDG_RUNTIME_DIR that is not set, a font that
/// is missing) off stderr, unless the environment has PARAMIXER_QT_MESSAGES=1. Fatal messages are
/// still printed, as errors of this program. Call before the QApplication.
void keep_qt_messages_away();

}  // namespace paramixer
