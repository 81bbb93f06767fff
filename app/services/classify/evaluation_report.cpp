#include "app/services/classify/evaluation_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/printable.hpp"

namespace paramixer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kLargestPrintedConfusion = 40;

using Figures = std::array<std::pair<const char*, double>, 11>;

Figures figures_of(const ClassificationMetrics& metrics) {
  return {{{"accuracy", metrics.accuracy},
           {"balanced_accuracy", metrics.balanced_accuracy},
           {"macro_f1", metrics.macro_f1},
           {"mcc", metrics.mcc},
           {"roc_auc_macro", metrics.roc_auc_macro},
           {"roc_auc_weighted", metrics.roc_auc_weighted},
           {"pr_auc_macro", metrics.pr_auc_macro},
           {"pr_auc_weighted", metrics.pr_auc_weighted},
           {"hard_roc_auc", metrics.hard_roc_auc},
           {"log_loss", metrics.log_loss},
           {"ece", metrics.ece}}};
}

std::string fixed(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4f", value);
  return text.data();
}

std::string left(const std::string& text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

std::size_t longest(const std::vector<std::string>& names, std::size_t least) {
  for (const std::string& name : names) least = std::max(least, name.size());
  return least;
}

std::string figures_text(const EvaluationReport& report) {
  constexpr std::size_t kName = 20;
  constexpr std::size_t kValue = 10;
  std::string text;
  const auto line = [&](const char* name, const std::string& value) {
    text += left(name, kName) + right(value, kValue) + "\n";
  };
  line("records", std::to_string(report.metrics.records));
  line("no_evidence", std::to_string(report.no_evidence));
  line("rejected", std::to_string(report.rejected));
  line("unlabelled", std::to_string(report.unlabelled));
  line("unknown_class", std::to_string(report.unknown_class));
  for (const auto& [name, value] : figures_of(report.metrics)) line(name, fixed(value));
  return text;
}

std::string classes_text(const EvaluationReport& report) {
  const std::size_t name_width = longest(report.classes, 5);
  std::string text = left("class", name_width);
  for (const char* column : {"records", "precision", "recall", "f1", "roc_auc", "pr_auc"}) {
    text += right(column, 11);
  }
  text += "\n";
  for (std::size_t i = 0; i < report.classes.size(); ++i) {
    const ClassMetrics& figures = report.metrics.per_class[i];
    text += left(report.classes[i], name_width) + right(std::to_string(figures.support), 11);
    for (const double value :
         {figures.precision, figures.recall, figures.f1, figures.roc_auc, figures.pr_auc}) {
      text += right(fixed(value), 11);
    }
    text += "\n";
  }
  return text;
}

std::string confusion_text(const EvaluationReport& report) {
  const ConfusionMatrix& confusion = report.metrics.confusion;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < report.classes.size(); ++i) {
    names.push_back(std::to_string(i + 1) + " " + report.classes[i]);
  }
  const std::size_t name_width = longest(names, 0);
  const auto largest = std::max_element(confusion.counts.begin(), confusion.counts.end());
  const std::size_t width = std::max<std::size_t>(3, std::to_string(*largest).size() + 1);

  std::string text = "confusion (row: true class, column: predicted class, '.' is 0)\n";
  text += std::string(name_width, ' ');
  for (std::size_t i = 0; i < names.size(); ++i) text += right(std::to_string(i + 1), width);
  text += "\n";
  for (std::int64_t truth = 0; truth < confusion.classes; ++truth) {
    text += left(names[static_cast<std::size_t>(truth)], name_width);
    for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted) {
      const std::int64_t count = confusion.at(truth, predicted);
      text += right(count == 0 ? "." : std::to_string(count), width);
    }
    text += "\n";
  }
  return text;
}

Json confusion_json(const ConfusionMatrix& confusion) {
  Json rows = Json::array();
  for (std::int64_t truth = 0; truth < confusion.classes; ++truth) {
    Json row = Json::array();
    for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted) {
      row.push_back(confusion.at(truth, predicted));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::string evaluation_text(const EvaluationReport& report) {
  EvaluationReport shown = report;
  for (std::string& name : shown.classes) name = printable(name);
  std::string text = figures_text(shown) + "\n" + classes_text(shown);
  if (shown.metrics.confusion.classes <= kLargestPrintedConfusion) {
    text += "\n" + confusion_text(shown);
  }
  return text;
}

std::string evaluation_json(const EvaluationReport& report) {
  Json json{{"records", report.metrics.records},
            {"no_evidence", report.no_evidence},
            {"rejected", report.rejected},
            {"unlabelled", report.unlabelled},
            {"unknown_class", report.unknown_class},
            {"bases", report.bases},
            {"seconds", report.seconds}};
  for (const auto& [name, value] : figures_of(report.metrics)) json["metrics"][name] = value;
  json["per_class"] = Json::array();
  for (std::size_t i = 0; i < report.classes.size(); ++i) {
    const ClassMetrics& figures = report.metrics.per_class[i];
    json["per_class"].push_back({{"class", report.classes[i]},
                                 {"records", figures.support},
                                 {"precision", figures.precision},
                                 {"recall", figures.recall},
                                 {"f1", figures.f1},
                                 {"roc_auc", figures.roc_auc},
                                 {"pr_auc", figures.pr_auc}});
  }
  json["confusion"] = confusion_json(report.metrics.confusion);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace paramixer
