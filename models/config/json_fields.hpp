#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/base/error.hpp"
#include "core/base/number_range.hpp"

namespace paramixer {

/// Writes the fields of a configuration, listed once in a visit_fields function, into a JSON
/// object.
class JsonFieldWriter {
 public:
  template <typename T>
  void operator()(const char* key, T& field) {
    json_[key] = field;
  }

  template <typename T>
  void operator()(const char* key, T& field, const NumberRange&) {
    (*this)(key, field);
  }

  template <typename T>
  void operator()(const char* key, std::optional<T>& field) {
    json_[key] = field ? nlohmann::json(*field) : nlohmann::json();
  }

  template <NamedEnum Enum>
  void operator()(const char* key, Enum& field) {
    json_[key] = name_of(field);
  }

  const nlohmann::json& json() const { return json_; }

 private:
  nlohmann::json json_ = nlohmann::json::object();
};

/// Sets the fields whose keys are in a JSON object and leaves the others unchanged. Every error
/// names the key.
class JsonFieldReader {
 public:
  JsonFieldReader(nlohmann::json json, std::string what)
      : json_(std::move(json)), what_(std::move(what)) {
    if (!json_.is_object()) throw Error(what_ + " is not a JSON object");
  }

  template <typename T>
  void operator()(const char* key, T& field) {
    if (const auto* value = take(key)) field = convert<T>(key, *value);
  }

  template <typename T>
  void operator()(const char* key, T& field, const NumberRange& range) {
    const auto* value = take(key);
    if (value == nullptr) return;
    field = convert<T>(key, *value, " " + range.text());
    if (!range.holds(static_cast<double>(field))) fail<T>(key, *value, " " + range.text());
  }

  template <typename T>
  void operator()(const char* key, std::optional<T>& field) {
    const auto* value = take(key);
    if (value == nullptr) return;
    field = value->is_null() ? std::nullopt : std::optional<T>(convert<T>(key, *value));
  }

  template <NamedEnum Enum>
  void operator()(const char* key, Enum& field) {
    if (const auto* value = take(key)) field = value_named<Enum>(convert<std::string>(key, *value));
  }

  /// Throws for a key that no field took.
  void finish() const {
    for (const auto& [key, value] : json_.items()) {
      if (!taken_.contains(key)) throw Error(what_ + " has an unknown key '" + key + "'");
    }
  }

 private:
  const nlohmann::json* take(const char* key) {
    taken_.insert(key);
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }

  template <typename T>
  T convert(const char* key, const nlohmann::json& value, const std::string& range = "") const {
    try {
      if (fits<T>(value)) return value.get<T>();
    } catch (const nlohmann::json::exception&) {
    }
    fail<T>(key, value, range);
  }

  template <typename T>
  [[noreturn]] void fail(const char* key, const nlohmann::json& value,
                         const std::string& range) const {
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    throw Error(what_ + ": key '" + key + "' has the value " +
                value.dump(-1, ' ', false, kReplace) + ", expected " + expected<T>() + range);
  }

  /// nlohmann converts between numbers, and true and false to numbers, silently; a fraction in an
  /// integer field, or a number it cannot hold, is a mistake.
  template <typename T>
  static bool fits(const nlohmann::json& value) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      return value.is_number_unsigned()
                 ? std::in_range<T>(value.get<std::uint64_t>())
                 : value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>());
    }
    return !std::is_floating_point_v<T> || value.is_number();
  }

  template <typename T>
  static const char* expected() {
    if constexpr (std::is_same_v<T, bool>) return "true or false";
    if constexpr (std::is_integral_v<T>) return "a whole number";
    if constexpr (std::is_floating_point_v<T>) return "a number";
    if constexpr (std::is_same_v<T, std::string>) return "a string";
    return "a list of strings";
  }

  nlohmann::json json_;
  std::string what_;
  std::set<std::string> taken_;
};

/// Parses JSON text; throws Error with `what` for a syntax error.
inline nlohmann::json parse_json(const std::string& text, const std::string& what) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    throw Error(what + " is not valid JSON: " + error.what());
  }
}

}  // namespace paramixer
