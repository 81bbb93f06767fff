#include "gui/window/model_card_view.hpp"

#include <QFileInfo>

#include "app/services/base/describe.hpp"

namespace paramixer {

ModelCardView::ModelCardView(QWidget* parent) : QTextBrowser(parent) {
  setObjectName(QStringLiteral("card"));
  setAccessibleName(tr("Model card"));
  setOpenExternalLinks(false);
  setOpenLinks(false);
  setFrameShape(QFrame::NoFrame);
  setHtml(tr("<p>No model is open (Ctrl+M).</p>"));
}

void ModelCardView::set_card(const ModelCard& card, const QString& path) {
  QString html = QStringLiteral("<h3>%1</h3><table cellspacing=\"0\" cellpadding=\"3\">")
                     .arg(QFileInfo(path).fileName().toHtmlEscaped());
  const QString text = QString::fromStdString(model_card_text(card));
  for (const QString& line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
    const int colon = static_cast<int>(line.indexOf(QLatin1String(": ")));
    if (colon < 0) {
      html += QStringLiteral("<tr><td colspan=\"2\"><b>%1</b></td></tr>")
                  .arg(line.trimmed().remove(QLatin1Char(':')).toHtmlEscaped());
      continue;
    }
    html += QStringLiteral("<tr><td><i>%1</i></td><td>%2</td></tr>")
                .arg(line.left(colon).trimmed().toHtmlEscaped(),
                     line.mid(colon + 2).trimmed().toHtmlEscaped());
  }
  setHtml(html + QStringLiteral("</table>"));
}

}  // namespace paramixer
