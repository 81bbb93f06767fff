#include "models/training/batch_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/sequence/decoy.hpp"
#include "core/sequence/evolution.hpp"
#include "core/sequence/strand.hpp"

namespace paramixer {
namespace {

// Streams of the run's seed, so that no two uses share random numbers.
constexpr std::uint64_t kOrderStream = 0x6f72646572;
constexpr std::uint64_t kStepStream = 0x73746570;
constexpr std::uint64_t kSliceStream = 0x736c696365;
constexpr std::int64_t kBatchesInPool = 16;

std::int64_t size_of(const LabelledSequence& record) {
  return static_cast<std::int64_t>(record.sequence.size());
}

}  // namespace

std::int64_t longest_window(const TrainingData& data, const ModelConfig& model,
                            const TrainConfig& config) {
  const std::int64_t fits = model.max_length + Tokenizer(model.tokens).span() - 1;
  std::int64_t longest = 0;
  for (const auto& record : data.records) longest = std::max(longest, size_of(record));
  if (config.crop == CropKind::kNone) return longest;
  const std::int64_t limit = config.max_window > 0 ? std::min(config.max_window, fits) : fits;
  return std::min(longest, limit);
}

std::int64_t draw_window_length(const TrainConfig& config, std::int64_t longest, Random& random) {
  const std::int64_t shortest = std::min(config.min_window, longest);
  const double low = std::log(static_cast<double>(shortest));
  const double high = std::log(static_cast<double>(longest) + 1.0);
  const double drawn = std::exp(low + random.uniform() * (high - low));
  return std::clamp(static_cast<std::int64_t>(drawn), shortest, longest);
}

std::string draw_window(const std::string& sequence, std::int64_t length, const TrainConfig& config,
                        std::int64_t least_bases, Random& random) {
  const auto size = static_cast<std::int64_t>(sequence.size());
  std::string window = sequence;
  if (size > length) {
    window = sequence.substr(static_cast<std::size_t>(random.between(0, size - length)),
                             static_cast<std::size_t>(length));
  }
  if (random.chance(config.reverse_complement)) window = reverse_complement(window);
  if (config.divergence > 0.0) {
    std::string relative = evolved(window, random.uniform() * config.divergence, random);
    if (std::ssize(relative) >= least_bases) window = std::move(relative);
  }
  if (random.chance(config.error_share)) {
    std::string changed = with_read_errors(window, config.errors, random);
    if (static_cast<std::int64_t>(changed.size()) >= least_bases) window = std::move(changed);
  }
  return window;
}

void append_tokens(std::string_view bases, const Tokenizer& tokenizer, const ModelConfig& model,
                   TokenBatch& batch) {
  const bool fixed = model.length == LengthKind::kFixed;
  const auto longest = static_cast<std::size_t>(model.max_length + tokenizer.span() - 1);
  // Inserted bases can push a window past a fixed length.
  if (fixed && bases.size() > longest) bases = bases.substr(0, longest);
  const std::int64_t count = tokenizer.token_count(static_cast<std::int64_t>(bases.size()));
  tokenizer.encode(bases,
                   batch.append(count, fixed ? model.max_length : count, tokenizer.pad_token()));
}

void check_record(const LabelledSequence& record, const Tokenizer& tokenizer) {
  const std::int64_t invalid = first_invalid_base(record.sequence);
  if (invalid >= 0) {
    throw Error({"", record.name, invalid + 1},
                std::string("invalid letter '") +
                    record.sequence[static_cast<std::size_t>(invalid)] +
                    "'; training needs nucleotide codes");
  }
  if (size_of(record) < tokenizer.span()) {
    throw Error({"", record.name, {}},
                "too short for training: " + std::to_string(size_of(record)) +
                    " bases, one token takes " + std::to_string(tokenizer.span()));
  }
}

BatchSampler::BatchSampler(const TrainingData& data, const ModelConfig& model,
                           const TrainConfig& config)
    : data_(data), model_(model), config_(config), tokenizer_(model.tokens) {
  check_windows();
  check_records();
  final_length_ = longest_window(data, model, config);
}

std::int64_t BatchSampler::most_positions() const {
  const bool fixed = model_.length == LengthKind::kFixed;
  const bool crops = config_.crop == CropKind::kRandom;
  const std::int64_t longest = fixed ? model_.max_length : tokenizer_.token_count(final_length_);
  if (config_.batch_size > 0) return config_.batch_size * longest;
  // With a budget of bases per step, short windows come in large numbers.
  double bases = 0.0;
  for (const auto& record : data_.records) bases += static_cast<double>(size_of(record));
  const double shortest = crops ? static_cast<double>(std::min(config_.min_window, final_length_))
                                : bases / static_cast<double>(data_.records.size());
  const std::int64_t most =
      std::max<std::int64_t>(1, std::llround(static_cast<double>(config_.batch_bases) / shortest));
  if (fixed || !crops) return most * longest;
  return std::max(config_.batch_bases, longest);
}

void BatchSampler::check_windows() const {
  const auto require = [&](const char* field, std::int64_t bases) {
    if (bases >= tokenizer_.span()) return;
    throw usage_error(std::string("training setting '") + field + "' must be at least " +
                      std::to_string(tokenizer_.span()) + " bases, one token; it is " +
                      std::to_string(bases));
  };
  if (config_.crop == CropKind::kRandom) require("min_window", config_.min_window);
  if (config_.grow_from > 0) require("grow_from", config_.grow_from);
}

void BatchSampler::check_records() const {
  const std::int64_t fits = model_.max_length + tokenizer_.span() - 1;
  std::vector<std::int64_t> counts(data_.classes.size(), 0);
  for (const auto& record : data_.records) {
    check_record(record, tokenizer_);
    const std::int64_t size = size_of(record);
    if (config_.crop == CropKind::kNone && model_.length == LengthKind::kFixed && size > fits) {
      throw Error({"", record.name, {}},
                  std::to_string(size) + " bases do not fit into the model's length of " +
                      std::to_string(fits) + "; raise --max-length or use --crop random");
    }
    ++counts[static_cast<std::size_t>(record.label)];
  }
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0) throw Error("class '" + data_.classes[c] + "' has no training record");
  }
}

void BatchSampler::select_stage(std::int64_t length) {
  if (length == stage_length_) return;
  stage_length_ = length;
  const bool by_class = config_.sampling == SamplingKind::kBalanced;
  const bool whole = config_.crop == CropKind::kNone;
  // While whole records grow, a stage trains on its own lengths; shorter records are already
  // solved.
  const auto collect = [&](std::int64_t shortest) {
    stage_lists_.assign(by_class ? data_.classes.size() : 1, {});
    for (std::size_t r = 0; r < data_.records.size(); ++r) {
      const std::int64_t size = size_of(data_.records[r]);
      if (whole && (size > length || size <= shortest)) continue;
      const auto list = by_class ? static_cast<std::size_t>(data_.records[r].label) : 0;
      stage_lists_[list].push_back(static_cast<std::int64_t>(r));
    }
    std::erase_if(stage_lists_, [](const auto& list) { return list.empty(); });
    passes_.assign(stage_lists_.size(), {});
  };
  const bool growing = config_.grow_from > 0 && length > config_.grow_from;
  collect(growing ? length / 2 : 0);
  if (stage_lists_.empty()) collect(0);
  if (stage_lists_.empty()) {
    throw Error("no training record has at most " + std::to_string(length) +
                " bases; raise --grow-from");
  }
  double bases = 0.0;
  double records = 0.0;
  for (const auto& list : stage_lists_) {
    for (const std::int64_t record : list) {
      bases += static_cast<double>(size_of(data_.records[static_cast<std::size_t>(record)]));
    }
    records += static_cast<double>(list.size());
  }
  stage_batch_ =
      config_.batch_size > 0
          ? config_.batch_size
          : std::max<std::int64_t>(
                1, std::llround(static_cast<double>(config_.batch_bases) * records / bases));
}

std::int64_t BatchSampler::record_of_sample(std::int64_t sample) {
  const auto lists = static_cast<std::int64_t>(stage_lists_.size());
  const std::int64_t list = sample % lists;
  const auto& records = stage_lists_[static_cast<std::size_t>(list)];
  const auto size = static_cast<std::int64_t>(records.size());
  Pass& pass = passes_[static_cast<std::size_t>(list)];
  const std::int64_t number = sample / lists / size;
  if (pass.number != number) {
    pass = {number, records};
    Random(config_.seed, kOrderStream + static_cast<std::uint64_t>(list),
           static_cast<std::uint64_t>(number))
        .shuffle(pass.order);
  }
  return pass.order[static_cast<std::size_t>(sample / lists % size)];
}

std::vector<std::int64_t> BatchSampler::next_records(std::int64_t count) {
  const std::int64_t first = state_.samples - state_.stage_start;
  std::vector<std::int64_t> records;
  for (std::int64_t i = 0; i < count; ++i) records.push_back(record_of_sample(first + i));
  return records;
}

std::vector<std::int64_t> BatchSampler::next_records_of_similar_length() {
  const std::int64_t first = state_.samples - state_.stage_start;
  const std::int64_t pool_size = stage_batch_ * kBatchesInPool;
  const std::int64_t pool = first / pool_size;
  std::vector<std::int64_t> order;
  for (std::int64_t i = 0; i < pool_size; ++i) {
    order.push_back(record_of_sample(pool * pool_size + i));
  }
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return size_of(data_.records[static_cast<std::size_t>(a)]) <
           size_of(data_.records[static_cast<std::size_t>(b)]);
  });
  std::vector<std::int64_t> slices(kBatchesInPool);
  std::iota(slices.begin(), slices.end(), 0);
  Random(config_.seed, kSliceStream, static_cast<std::uint64_t>(pool)).shuffle(slices);
  const std::int64_t slice = slices[static_cast<std::size_t>(first % pool_size / stage_batch_)];
  return {order.begin() + slice * stage_batch_, order.begin() + (slice + 1) * stage_batch_};
}

void BatchSampler::draw(std::int64_t step, std::int64_t length, LabelledBatch& batch) {
  select_stage(length);
  batch.tokens.clear();
  batch.labels.clear();
  batch.bases = 0;
  const auto stream = static_cast<std::uint64_t>(step);
  std::int64_t window = length;
  std::vector<std::int64_t> records;
  if (config_.crop == CropKind::kRandom) {
    Random random(config_.seed, kStepStream, stream);
    window = draw_window_length(config_, length, random);
    records = next_records(config_.batch_size > 0
                               ? config_.batch_size
                               : std::max<std::int64_t>(1, config_.batch_bases / window));
  } else {
    records = next_records_of_similar_length();
  }
  for (const std::int64_t record : records) append_sample(record, window, stream, batch);
  state_.samples += static_cast<std::int64_t>(records.size());
}

void BatchSampler::append_sample(std::int64_t record, std::int64_t window, std::uint64_t step,
                                 LabelledBatch& batch) const {
  const LabelledSequence& source = data_.records[static_cast<std::size_t>(record)];
  Random random(config_.seed, step, batch.labels.size() + 1);
  std::string bases = draw_window(source.sequence, window, config_, tokenizer_.span(), random);
  const bool is_decoy = config_.decoy_share > 0.0 && random.chance(config_.decoy_share);
  if (is_decoy) bases = decoy_of(bases, random);
  append_tokens(bases, tokenizer_, model_, batch.tokens);
  batch.labels.push_back(is_decoy ? -1 : source.label);
  batch.bases += static_cast<std::int64_t>(bases.size());
}

double BatchSampler::epochs() const {
  return static_cast<double>(state_.samples) / static_cast<double>(data_.records.size());
}

}  // namespace paramixer
