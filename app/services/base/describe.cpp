#include "app/services/base/describe.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/services/base/build_facts.hpp"
#include "core/base/printable.hpp"
#include "models/config/link_feed.hpp"

namespace paramixer {
namespace {

using Json = nlohmann::ordered_json;

/// Lines `name: value` with the values below each other.
class FactSheet {
 public:
  void add(const std::string& name, const std::string& value) { facts_.emplace_back(name, value); }

  std::string text() const {
    std::size_t width = 0;
    for (const auto& [name, value] : facts_) width = std::max(width, name.size());
    std::string text;
    for (const auto& [name, value] : facts_) {
      // A model file from a third party may contain anything.
      text += printable(name) + ":" + std::string(width - name.size() + 2, ' ') + printable(value) +
              "\n";
    }
    return text;
  }

 private:
  std::vector<std::pair<std::string, std::string>> facts_;
};

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Strings without their quotation marks, everything else as JSON.
std::string value_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string four_digits(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return text.data();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::string build_text() {
  FactSheet sheet;
  for (const auto& [name, value] : build_facts()) sheet.add(name, value);
  return sheet.text();
}

std::string build_json() {
  Json json = Json::object();
  for (const auto& [name, value] : build_facts()) json[name] = value;
  return dump(json);
}

std::string model_card_text(const ModelCard& card) {
  FactSheet sheet;
  for (const auto& [name, value] : card.provenance) {
    // Long JSON objects are for programs.
    if (!value.starts_with('{')) sheet.add(name, value);
  }
  sheet.add("weights", std::to_string(card.parameters));
  sheet.add("trained length", std::to_string(card.trained_length) + " bases");
  sheet.add("strand", card.strand);
  sheet.add("temperature", value_text(Json(card.temperature)));
  const Json config = Json::parse(to_json(card.config));
  for (const auto& [name, value] : config.items()) {
    if (name != "classes") sheet.add(name, value_text(value));
  }
  sheet.add("links when used", describe_link_feed(card.config, inference_link_feed(card.config)));
  sheet.add("links in training", describe_link_feed(card.config, training_link_feed(card.config)));
  for (const auto& [name, value] : card.metrics) sheet.add(name, four_digits(value));
  sheet.add("classes",
            std::to_string(card.config.classes.size()) + ": " + joined(card.config.classes));
  sheet.add("format version", card.format_version);
  return sheet.text();
}

std::string model_card_json(const ModelCard& card) {
  return dump(
      {{"format_version", card.format_version},
       {"config", Json::parse(to_json(card.config))},
       {"temperature", card.temperature},
       {"trained_length", card.trained_length},
       {"strand", card.strand},
       {"parameters", card.parameters},
       {"provenance", card.provenance},
       {"metrics", card.metrics},
       {"links_when_used", describe_link_feed(card.config, inference_link_feed(card.config))},
       {"links_in_training", describe_link_feed(card.config, training_link_feed(card.config))}});
}

}  // namespace paramixer
