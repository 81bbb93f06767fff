#pragma once

// Parsed once for all sources of the window.
#include <QtWidgets>
