#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "app/services/base/service_callbacks.hpp"
#include "app/services/explain/explain_options.hpp"
#include "app/services/explain/explanation_table.hpp"
#include "core/base/error.hpp"

namespace paramixer {

/// State shared by the answers to all questions: the chosen record, the part that is seen and
/// shown, and the class in question.
struct ExplainRequest {
  const ExplainOptions& options;
  Explainer& explainer;
  InputRecord input;
  std::string file;  ///< For messages.
  Window region{};   ///< What is shown: 0-based, in bases of the record.
  const ServiceCallbacks& callbacks;
  std::stop_token stop;
  std::string id = input.record.id();  ///< What name() returns.

  const std::string& name() const noexcept { return id; }
  const std::string& bases() const noexcept { return input.record.sequence; }
  std::int64_t length() const noexcept { return std::ssize(input.record.sequence); }

  /// An error that names file and record.
  Error failure(const std::string& message, ErrorKind kind = ErrorKind::kFailure) const;
  /// Throws kInterrupted after a stop request.
  void check_stop() const;

  /// Passes progress on and throws kInterrupted after a stop request.
  ExplainProgress progress_in(const std::string& unit) const;

  /// The window that the model sees when it looks at a part of the record: the whole record if that
  /// fits, otherwise one window around the part. Throws Error when the part does not fit.
  Window window_around(const Window& part) const;
  /// The strand of links and receptive fields: forward unless reverse is requested.
  ExplainedStrand strand() const;
  /// 0-based base of the record at which the token at `position` of the seen window begins, counted
  /// on the record's own strand.
  std::int64_t base_of_token(const Window& seen, std::int64_t position) const;
  /// The positions of a seen window with `valid` tokens whose tokens begin in the region.
  Window tokens_in_region(const Window& seen, std::int64_t valid) const;
};

/// The class and the class it is compared with, by name or the most probable one.
struct ExplainedClass {
  Contrast contrast{};
  std::string_view name{};
  std::string_view against{};  ///< Empty: none.
  double probability = 0.0;
};

/// The named classes; -1 for those not named. Throws a usage Error for names that the model does
/// not know.
Contrast named_contrast(const ExplainRequest& request);
/// The named class, or the most probable one of the model's answer. Throws a usage Error for a
/// class that is compared with itself.
ExplainedClass class_of(const ExplainRequest& request, const RecordLogits& answer);

/// record, coordinates, region: the first lines of every explanation of a record.
ExplanationFacts record_facts(const ExplainRequest& request);

/// Writes one value per base, from 0-based base `begin` of the record, as bedGraph (the facts as
/// comments) or bigWig. Returns the number of lines or intervals, one per run of equal values.
std::int64_t write_track(const ExplainRequest& request, const ExplanationFacts& facts,
                         std::int64_t begin, std::span<const float> values);

/// Throws a usage Error unless the question supports the format.
void require_format(const ExplainOptions& options, std::initializer_list<ExplanationFormat> fits);

}  // namespace paramixer
