#include "core/kernels/mix_engine.hpp"

#include <algorithm>
#include <utility>

namespace paramixer {
namespace {

/// Sequences [first, last) of one thread: contiguous shares with about equal numbers of positions.
std::pair<std::int64_t, std::int64_t> share_of(std::span<const std::int64_t> starts, int member,
                                               int members) {
  const auto boundary = [&](int part) {
    const std::int64_t cut =
        starts.back() / members * part + starts.back() % members * part / members;
    return std::lower_bound(starts.begin(), starts.end() - 1, cut) - starts.begin();
  };
  const std::int64_t sequences = static_cast<std::int64_t>(starts.size()) - 1;
  return {member == 0 ? 0 : boundary(member),
          member + 1 == members ? sequences : boundary(member + 1)};
}

std::int64_t longest(std::span<const std::int64_t> starts,
                     std::pair<std::int64_t, std::int64_t> share) {
  std::int64_t length = 0;
  for (std::int64_t b = share.first; b < share.second; ++b) {
    length = std::max(length, starts[b + 1] - starts[b]);
  }
  return length;
}

/// The factor `m` on the sequence that starts at `start`, without segments and values.
MixFactor factor_at(const MixProblem<float>& problem, std::int64_t m, std::int64_t start) {
  MixFactor factor;
  factor.channels = problem.channels;
  factor.links = problem.pattern->links();
  factor.weights = problem.links.weights[m];
  if (problem.links.folded()) {
    factor.row_of = problem.links.row_of.data() + start;
  } else {
    factor.weights += start * factor.links;
  }
  return factor;
}

}  // namespace

/// Segments of every factor for the length they were last made for; neighbouring sequences mostly
/// share it.
class SegmentCache {
 public:
  SegmentCache(const MixProblem<float>& problem, LinkDirection direction)
      : problem_(problem), direction_(direction) {}

  const std::vector<LinkSegment>& get(std::int64_t m, std::int64_t length) {
    if (length != length_) {
      length_ = length;
      segments_.clear();
      for (std::int64_t f = 0; f < problem_.factors(); ++f) {
        segments_.push_back(
            make_link_segments(*problem_.pattern, f, length, problem_.boundary, direction_));
      }
    }
    return segments_[m];
  }

 private:
  const MixProblem<float>& problem_;
  LinkDirection direction_;
  std::int64_t length_ = -1;
  std::vector<std::vector<LinkSegment>> segments_;
};

MixEngine::MixEngine(int threads) : MixEngine(threads, *available_mix_kernels().front()) {}

MixEngine::MixEngine(int threads, const MixKernels& kernels)
    : kernels_(&kernels),
      pool_(std::make_shared<ThreadPool>(threads)),
      members_(static_cast<std::size_t>(threads)) {}

void MixEngine::forward(const MixProblem<float>& problem, const MixForward<float>& buffers) {
  if (problem.factors() == 0) {
    std::copy_n(buffers.input, problem.positions() * problem.channels, buffers.output);
    return;
  }
  pool_->run([&](int index) {
    const auto share = share_of(problem.starts, index, threads());
    Member& member = members_[static_cast<std::size_t>(index)];
    member.values.floats(2 * longest(problem.starts, share) * problem.channels);
    SegmentCache segments(problem, LinkDirection::kToTarget);
    for (std::int64_t b = share.first; b < share.second; ++b) {
      forward_sequence(problem, buffers, b, member, segments);
    }
  });
}

void MixEngine::forward_sequence(const MixProblem<float>& problem, const MixForward<float>& buffers,
                                 std::int64_t sequence, Member& member, SegmentCache& segments) {
  const std::int64_t start = problem.starts[sequence];
  const std::int64_t length = problem.starts[sequence + 1] - start;
  const std::int64_t size = length * problem.channels;
  float* scratch = member.values.floats(2 * size);
  const float* values = buffers.input + start * problem.channels;
  for (std::int64_t m = 0; m < problem.factors(); ++m) {
    float* out = scratch + (m % 2) * size;
    if (m + 1 == problem.factors()) {
      out = buffers.output + start * problem.channels;
    } else if (buffers.states != nullptr) {
      out = buffers.states + (m * problem.positions() + start) * problem.channels;
    }
    MixFactor factor = factor_at(problem, m, start);
    factor.segments = segments.get(m, length);
    factor.values = values;
    kernels_->forward(factor, out);
    values = out;
  }
}

void MixEngine::backward(const MixProblem<float>& problem, const MixBackward<float>& buffers) {
  if (problem.factors() == 0) {
    std::copy_n(buffers.grad_output, problem.positions() * problem.channels, buffers.grad_input);
    return;
  }
  const std::int64_t padded = padded_links(problem.pattern->links());
  pool_->run([&](int index) {
    const auto share = share_of(problem.starts, index, threads());
    const std::int64_t length = longest(problem.starts, share);
    Member& member = members_[static_cast<std::size_t>(index)];
    member.values.floats(2 * length * problem.channels);
    const std::int64_t grad_size =
        problem.links.folded() ? problem.factors() * problem.links.rows * padded : length * padded;
    float* grad = member.grad_weights.floats(grad_size);
    if (problem.links.folded()) std::fill_n(grad, grad_size, 0.0F);
    SegmentCache to_target(problem, LinkDirection::kToTarget);
    SegmentCache to_source(problem, LinkDirection::kToSource);
    for (std::int64_t b = share.first; b < share.second; ++b) {
      backward_sequence(problem, buffers, b, member, to_target, to_source);
    }
  });
  if (problem.links.folded()) sum_weight_gradients(problem, buffers);
}

void MixEngine::backward_sequence(const MixProblem<float>& problem,
                                  const MixBackward<float>& buffers, std::int64_t sequence,
                                  Member& member, SegmentCache& to_target,
                                  SegmentCache& to_source) {
  const std::int64_t start = problem.starts[sequence];
  const std::int64_t length = problem.starts[sequence + 1] - start;
  const std::int64_t size = length * problem.channels;
  const std::int64_t links = problem.pattern->links();
  const std::int64_t padded = padded_links(links);
  float* scratch = member.values.floats(2 * size);
  const float* grad = buffers.grad_output + start * problem.channels;
  for (std::int64_t m = problem.factors() - 1; m >= 0; --m) {
    const float* inputs =
        m == 0 ? buffers.input + start * problem.channels
               : buffers.states + ((m - 1) * problem.positions() + start) * problem.channels;
    MixFactor factor = factor_at(problem, m, start);
    factor.values = grad;
    factor.segments = to_target.get(m, length);
    if (problem.links.folded()) {
      float* table = member.grad_weights.floats(problem.factors() * problem.links.rows * padded);
      kernels_->backward_weights(factor, inputs, table + m * problem.links.rows * padded);
    } else {
      float* rows = member.grad_weights.floats(length * padded);
      std::fill_n(rows, length * padded, 0.0F);
      kernels_->backward_weights(factor, inputs, rows);
      float* target = buffers.grad_weights[m] + start * links;
      for (std::int64_t i = 0; i < length; ++i) {
        std::copy_n(rows + i * padded, links, target + i * links);
      }
    }
    float* out = m == 0 ? buffers.grad_input + start * problem.channels : scratch + (m % 2) * size;
    factor.segments = to_source.get(m, length);
    kernels_->backward_values(factor, out);
    grad = out;
  }
}

void MixEngine::sum_weight_gradients(const MixProblem<float>& problem,
                                     const MixBackward<float>& buffers) {
  const std::int64_t links = problem.pattern->links();
  const std::int64_t padded = padded_links(links);
  const std::int64_t rows = problem.links.rows;
  pool_->run([&](int index) {
    // Members are added in their order, so the sum does not depend on which finished first.
    for (std::int64_t m = index; m < problem.factors(); m += threads()) {
      float* target = buffers.grad_weights[m];
      for (std::size_t source = 0; source < members_.size(); ++source) {
        const float* table =
            members_[source].grad_weights.floats(problem.factors() * rows * padded) +
            m * rows * padded;
        for (std::int64_t row = 0; row < rows; ++row) {
          for (std::int64_t k = 0; k < links; ++k) {
            const float value = table[row * padded + k];
            float& sum = target[row * links + k];
            sum = source == 0 ? value : sum + value;
          }
        }
      }
    }
  });
}

}  // namespace paramixer
