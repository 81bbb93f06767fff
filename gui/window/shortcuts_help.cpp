#include "gui/window/shortcuts_help.hpp"

#include <QDialogButtonBox>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace paramixer {
namespace {

QString row_of(const QString& keys, const QString& effect) {
  return QStringLiteral("<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2</td></tr>")
      .arg(keys.toHtmlEscaped(), effect.toHtmlEscaped());
}

QString plain(QString text) { return text.remove(QLatin1Char('&')).remove(QChar(0x2026)); }

}  // namespace

ShortcutsHelp::ShortcutsHelp(const QList<QAction*>& actions,
                             const std::vector<MouseGesture>& gestures, QWidget* parent)
    : QDialog(parent) {
  setObjectName(QStringLiteral("shortcuts"));
  setWindowTitle(tr("Shortcuts"));
  resize(460, 560);
  QString html = tr("<h3>Everywhere</h3>") + QStringLiteral("<table cellpadding=\"2\">");
  for (const QAction* action : actions) {
    QStringList keys;
    for (const QKeySequence& key : action->shortcuts()) {
      keys.push_back(key.toString(QKeySequence::NativeText));
    }
    html += row_of(keys.join(QStringLiteral(", ")), plain(action->text()));
  }
  html += QStringLiteral("</table>") + tr("<h3>In a panel</h3>") +
          QStringLiteral("<table cellpadding=\"2\">");
  for (const MouseGesture& gesture : gestures) html += row_of(gesture.gesture, gesture.effect);
  html += QStringLiteral("</table>");
  auto* text = new QTextBrowser(this);
  text->setAccessibleName(tr("Shortcuts"));
  text->setHtml(html);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->addWidget(text, 1);
  column->addWidget(buttons);
}

}  // namespace paramixer
