#pragma once

#include <stop_token>

#include "app/services/explain/explain_request.hpp"

namespace paramixer {

/// One function for each ExplainQuestion: each computes the answer and writes it to
/// `options.output`. Errors as for explain().
ExplainSummary explain_links(const ExplainRequest& request);
ExplainSummary explain_attribution(const ExplainRequest& request);
ExplainSummary explain_receptive_field(const ExplainRequest& request);
ExplainSummary explain_mutagenesis(const ExplainRequest& request);
ExplainSummary explain_perturbation(const ExplainRequest& request);

/// These concern the model, or all records.
ExplainSummary explain_table(const ExplainOptions& options, Explainer& explainer);
ExplainSummary explain_motifs(const ExplainOptions& options, Explainer& explainer,
                              const ServiceCallbacks& callbacks, std::stop_token stop);

}  // namespace paramixer
