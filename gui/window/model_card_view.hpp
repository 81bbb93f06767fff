#pragma once

#include <QTextBrowser>

#include "models/file/model_card.hpp"

namespace paramixer {

/// What a model file says about itself: where it comes from, how it was trained, how well it does,
/// and its configuration.
class ModelCardView : public QTextBrowser {
  Q_OBJECT

 public:
  explicit ModelCardView(QWidget* parent = nullptr);

  void set_card(const ModelCard& card, const QString& path);
};

}  // namespace paramixer
