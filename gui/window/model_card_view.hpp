#pragma once

#include <QTextBrowser>

#include "models/file/model_card.hpp"

namespace paramixer {

/// The model card: origin, training, validation figures and configuration.
class ModelCardView : public QTextBrowser {
  Q_OBJECT

 public:
  explicit ModelCardView(QWidget* parent = nullptr);

  void set_card(const ModelCard& card, const QString& path);
};

}  // namespace paramixer
