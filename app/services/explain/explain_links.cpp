#include <algorithm>

#include "app/services/explain/explain_questions.hpp"
#include "app/services/explain/link_arcs.hpp"

namespace paramixer {
namespace {

/// The requested links of a record, in the record's coordinates.
class RecordLinks {
 public:
  explicit RecordLinks(const ExplainRequest& request)
      : request_(request),
        seen_(request.window_around(request.region)),
        choices_(request.options.links),
        source_(request.explainer.links(std::string_view(request.bases())
                                            .substr(static_cast<std::size_t>(seen_.start),
                                                    static_cast<std::size_t>(seen_.length)),
                                        request.strand(), choices_.block - 1)) {
    if (choices_.factor < 0 || choices_.factor > source_->factors()) {
      throw usage_error("factor " + std::to_string(choices_.factor) +
                        " does not exist; the model has " + std::to_string(source_->factors()));
    }
  }

  ExplanationFacts facts() const {
    ExplanationFacts facts = record_facts(request_);
    facts.emplace_back("window_begin", seen_.start + 1);
    facts.emplace_back("window_end", seen_.start + seen_.length);
    facts.emplace_back("strand", name_of(request_.strand()));
    facts.emplace_back("block", choices_.block);
    facts.emplace_back("bases_per_position", request_.explainer.tokenizer().span());
    facts.emplace_back("boundary", name_of(source_->shape().boundary));
    facts.emplace_back(
        "meaning",
        "V[source] receives weight x V[target] in factor; a weight is not an importance");
    return facts;
  }

  void for_each(const std::function<void(const Link&)>& visit) const {
    std::int64_t visited = 0;
    for_each_link(*source_, query(), [&](const Link& link) {
      if (++visited % 65536 == 0) request_.check_stop();
      visit(link);
    });
  }

  /// 0-based base at which a position's token begins.
  std::int64_t base(std::int64_t position) const { return request_.base_of_token(seen_, position); }
  RingEnds ring() const {
    const std::int64_t span = request_.explainer.tokenizer().span();
    return {seen_.start, seen_.start + seen_.length - span, source_->shape().length};
  }

 private:
  LinkQuery query() const {
    const Window shown = request_.tokens_in_region(seen_, source_->shape().valid);
    LinkQuery query{.begin = shown.start,
                    .end = shown.start + shown.length,
                    .choice = choices_.choice,
                    .top = choices_.top};
    if (choices_.factor > 0) query.first_factor = query.last_factor = choices_.factor - 1;
    return query;
  }

  const ExplainRequest& request_;
  Window seen_;
  LinkChoices choices_;
  std::unique_ptr<LinkSource> source_;
};

ExplainSummary write_table(const ExplainRequest& request, const RecordLinks& links) {
  ExplanationTable table(request.options, links.facts(),
                         {"factor", "source", "target", "offset", "weight", "flags"});
  links.for_each([&](const Link& link) {
    const std::string flags = link_flags(link);
    table.add({link.factor + 1, links.base(link.source) + 1, links.base(link.target) + 1,
               link.offset, link.weight, std::string_view(flags)});
  });
  return {.records = 1, .rows = table.commit()};
}

ExplainSummary write_arcs(const ExplainRequest& request, const RecordLinks& links) {
  const std::int64_t span = request.explainer.tokenizer().span();
  const RingEnds ring = links.ring();
  std::vector<LinkArc> arcs;
  std::int64_t left_out = 0;
  links.for_each([&](Link link) {
    // Padding has no bases for a browser to show.
    if (link.touches_padding) {
      ++left_out;
      return;
    }
    link.source = links.base(link.source);
    link.target = links.base(link.target);
    for (LinkArc& arc : arcs_of(link, ring)) arcs.push_back(std::move(arc));
  });
  std::stable_sort(arcs.begin(), arcs.end(),
                   [](const LinkArc& a, const LinkArc& b) { return a.first < b.first; });
  TextOutput file(request.options.output, TrackIndex::kBed);
  ExplanationFacts facts = links.facts();
  facts.emplace_back("left_out_because_of_padding", left_out);
  std::string text = comment_lines(facts);
  for (const LinkArc& arc : arcs) append_bedpe(text, request.name(), arc, span);
  file.write(text);
  file.commit();
  return {.records = 1, .rows = std::ssize(arcs)};
}

}  // namespace

ExplainSummary explain_links(const ExplainRequest& request) {
  const RecordLinks links(request);
  return request.options.format == ExplanationFormat::kBedpe ? write_arcs(request, links)
                                                             : write_table(request, links);
}

}  // namespace paramixer
