#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/base/error.hpp"
#include "core/base/number_range.hpp"

namespace paramixer {

/// Allowed range of the number under a key of a ModelConfig's or TrainConfig's JSON. Throws Error
/// for a key without a range.
NumberRange model_setting_range(const std::string& key);
NumberRange train_setting_range(const std::string& key);

/// The names that the text under a key may be. Throws Error for a key without names.
std::vector<std::string> model_setting_names(const std::string& key);
std::vector<std::string> train_setting_names(const std::string& key);

/// Collects the ranges that a visit_fields function declares, by key.
class SettingRanges {
 public:
  template <typename T>
  void operator()(const char* key, T&, const NumberRange& range) {
    ranges_.emplace(key, range);
  }
  template <typename T, typename... Rest>
  void operator()(const char*, T&, Rest...) {}

  /// Throws Error for a key without a range.
  const NumberRange& at(const std::string& key) const {
    const auto found = ranges_.find(key);
    if (found == ranges_.end()) throw Error("the setting '" + key + "' has no range");
    return found->second;
  }

 private:
  std::map<std::string, NumberRange> ranges_;
};

/// Collects the names of the enumerations that a visit_fields function visits, by key.
class SettingNames {
 public:
  template <NamedEnum Enum>
  void operator()(const char* key, Enum&) {
    names_.emplace(key, all_names<Enum>());
  }
  template <typename T, typename... Rest>
  void operator()(const char*, T&, Rest...) {}

  /// Throws Error for a key without names.
  const std::vector<std::string>& at(const std::string& key) const {
    const auto found = names_.find(key);
    if (found == names_.end()) throw Error("the setting '" + key + "' has no names");
    return found->second;
  }

 private:
  std::map<std::string, std::vector<std::string>> names_;
};

/// Checks the fields of a configuration against the ranges that a visit_fields function declares.
class SettingCheck {
 public:
  /// Errors start with `what` and are of kind `kind`.
  SettingCheck(std::string what, ErrorKind kind) : what_(std::move(what)), kind_(kind) {}

  template <typename T>
  void operator()(const char* key, T& field, const NumberRange& range) const {
    if (range.holds(static_cast<double>(field))) return;
    throw Error(what_ + " '" + key + "' is " + std::to_string(field) + "; expected a number " +
                    range.text(),
                kind_);
  }
  template <typename T, typename... Rest>
  void operator()(const char*, T&, Rest...) const {}

 private:
  std::string what_;
  ErrorKind kind_;
};

}  // namespace paramixer
