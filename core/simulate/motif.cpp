#include "core/simulate/motif.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <set>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/sequence/random_base.hpp"
#include "core/sequence/strand.hpp"
#include "core/simulate/dissimilar_motifs.hpp"

namespace paramixer {
namespace {

using NamedMotif = std::pair<std::string, std::string>;

// Random streams of the task itself, far from any sensible records_seed.
constexpr std::uint64_t kMotifStream = 0x6D6F746966ULL;
constexpr std::uint64_t kBackgroundStream = 0x6D61726B6F76ULL;

void check_range(const char* what, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value < low || value > high) {
    throw usage_error(std::string(what) + " is " + std::to_string(value) + "; expected " +
                      std::to_string(low) + " to " + std::to_string(high));
  }
}

void check_fit(const MotifTask& task, std::int64_t needed) {
  if (task.length < needed) {
    throw usage_error("the motifs need " + std::to_string(needed) + " bases but a record has " +
                      std::to_string(task.length) +
                      "; choose longer records, shorter motifs, a smaller gap or fewer decoys");
  }
}

MotifTask checked(MotifTask task) {
  check_range("the motif length", task.motif_length, 8, MotifFinder::kMaxLength);
  // The base between planted motifs allows a chance occurrence across their border to be broken.
  const std::int64_t block = task.motif_length + 1;
  if (task.kind == MotifKind::kPresence) {
    check_range("the number of classes", task.classes, 2, 16);
    check_range("the number of decoys", task.decoys, 0, 64);
    check_fit(task, (task.decoys + 1) * block - 1);
    return task;
  }
  if (task.minimum_gap == 0) task.minimum_gap = std::max(task.length / 4, block);
  check_range("the smallest gap between motif starts", task.minimum_gap, block,
              std::max(block, task.length));
  check_fit(task, task.minimum_gap + task.motif_length);
  return task;
}

std::vector<std::string> motif_names(const MotifTask& task) {
  switch (task.kind) {
    case MotifKind::kPresence: {
      std::vector<std::string> names;
      for (int i = 1; i <= task.classes; ++i) names.push_back("M" + std::to_string(i));
      return names;
    }
    case MotifKind::kOrder:
      return {"A", "B"};
    case MotifKind::kPair:
      return {"A1", "A2", "B1", "B2"};
  }
  return {};
}

std::vector<std::string> class_names_of(const MotifTask& task) {
  switch (task.kind) {
    case MotifKind::kPresence:
      return motif_names(task);
    case MotifKind::kOrder:
      return {"A_before_B", "B_before_A"};
    case MotifKind::kPair:
      return {"matched", "crossed"};
  }
  return {};
}

std::vector<NamedMotif> draw_motifs(const MotifTask& task) {
  const auto names = motif_names(task);
  Random random(task.seed, kMotifStream);
  const auto sequences =
      draw_dissimilar_motifs(static_cast<std::int64_t>(names.size()), task.motif_length, random);
  std::vector<NamedMotif> motifs;
  for (std::size_t i = 0; i < names.size(); ++i) motifs.emplace_back(names[i], sequences[i]);
  return motifs;
}

MarkovBackground draw_background(std::uint64_t seed) {
  Random random(seed, kBackgroundStream);
  return MarkovBackground(random);
}

std::vector<std::string> sequences_of(const std::vector<NamedMotif>& motifs) {
  std::vector<std::string> sequences;
  for (const auto& [name, sequence] : motifs) sequences.push_back(sequence);
  return sequences;
}

// A shuffled motif that is unlike every motif on both strands.
std::string draw_decoy(const std::vector<NamedMotif>& motifs, Random& random) {
  std::vector<char> bases;
  const std::string& model = motifs[random.below(motifs.size())].second;
  bases.assign(model.begin(), model.end());
  for (;;) {
    random.shuffle(bases);
    std::string decoy(bases.begin(), bases.end());
    const std::string reverse = reverse_complement(decoy);
    const auto least = static_cast<std::int64_t>(decoy.size() / 2);
    const bool unlike = std::all_of(motifs.begin(), motifs.end(), [&](const NamedMotif& motif) {
      return hamming_distance(decoy, motif.second) >= least &&
             hamming_distance(reverse, motif.second) >= least;
    });
    if (unlike) return decoy;
  }
}

// The planned content of a record, from left to right.
std::vector<NamedMotif> choose_contents(const MotifTask& task,
                                        const std::vector<NamedMotif>& motifs, std::int64_t index,
                                        Random& random) {
  switch (task.kind) {
    case MotifKind::kPresence: {
      std::vector<NamedMotif> contents;
      contents.push_back(motifs[static_cast<std::size_t>(index % task.classes)]);
      for (int i = 1; i <= task.decoys; ++i) {
        contents.emplace_back("decoy" + std::to_string(i), draw_decoy(motifs, random));
      }
      random.shuffle(contents);
      return contents;
    }
    case MotifKind::kOrder: {
      const auto first = static_cast<std::size_t>(index % 2);
      return {motifs[first], motifs[1 - first]};
    }
    case MotifKind::kPair: {
      const auto crossed = static_cast<std::size_t>(index % 2);
      const auto first = static_cast<std::size_t>(index / 2 % 2);
      return {motifs[first], motifs[2 + (first ^ crossed)]};
    }
  }
  return {};
}

// Two starts at least the gap apart, every such pair equally likely.
std::vector<std::int64_t> draw_distant_starts(const MotifTask& task, Random& random) {
  const std::int64_t room = task.length - task.motif_length - task.minimum_gap;
  for (;;) {
    const std::int64_t first = random.between(0, room);
    const std::int64_t beyond = random.between(0, room);
    if (first + beyond <= room) return {first, first + task.minimum_gap + beyond};
  }
}

// Starts of `count` motifs with at least one base between them, every arrangement equally likely:
// shrinking each motif to a single slot turns arrangements into subsets of the slots.
std::vector<std::int64_t> draw_separate_starts(const MotifTask& task, std::int64_t count,
                                               Random& random) {
  const std::int64_t slots = task.length + 1 - count * task.motif_length;
  std::set<std::int64_t> chosen;
  while (static_cast<std::int64_t>(chosen.size()) < count) {
    chosen.insert(random.between(0, slots - 1));
  }
  std::vector<std::int64_t> starts;
  for (const std::int64_t slot : chosen) {
    starts.push_back(slot + static_cast<std::int64_t>(starts.size()) * task.motif_length);
  }
  return starts;
}

bool is_planted(const std::vector<PlantedMotif>& planted, std::int64_t position) {
  return std::any_of(planted.begin(), planted.end(), [position](const PlantedMotif& motif) {
    return motif.start <= position && position < motif.end;
  });
}

void remove_chance_occurrences(const MotifFinder& finder, std::int64_t motif_length,
                               SimulatedRecord& record, Random& random) {
  std::int64_t from = 0;
  while (const auto found = finder.find(record.sequence, from)) {
    const std::int64_t start = *found;
    std::vector<std::int64_t> background;
    for (std::int64_t i = start; i < start + motif_length; ++i) {
      if (!is_planted(record.planted, i)) background.push_back(i);
    }
    if (background.empty()) {  // the planted copy itself
      from = start + 1;
      continue;
    }
    char& base =
        record.sequence[static_cast<std::size_t>(background[random.below(background.size())])];
    base = other_base(base, random);
    from = std::max<std::int64_t>(0, start - motif_length + 1);
  }
}

std::string record_name(std::int64_t index) {
  char name[32];
  std::snprintf(name, sizeof name, "motif_%06lld", static_cast<long long>(index));
  return name;
}

}  // namespace

MotifSimulator::MotifSimulator(MotifTask task)
    : task_(checked(std::move(task))),
      class_names_(class_names_of(task_)),
      motifs_(draw_motifs(task_)),
      background_(draw_background(task_.seed)),
      finder_(sequences_of(motifs_)) {}

SimulatedRecord MotifSimulator::record(std::int64_t index) const {
  Random random(task_.seed, task_.records_seed, static_cast<std::uint64_t>(index));
  const auto contents = choose_contents(task_, motifs_, index, random);
  const auto starts =
      task_.kind == MotifKind::kPresence
          ? draw_separate_starts(task_, static_cast<std::int64_t>(contents.size()), random)
          : draw_distant_starts(task_, random);

  SimulatedRecord record;
  record.name = record_name(index);
  record.label = static_cast<int>(index % static_cast<std::int64_t>(class_names_.size()));
  record.sequence = background_.draw(task_.length, random);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const auto& [name, bases] = contents[i];
    record.sequence.replace(static_cast<std::size_t>(starts[i]), bases.size(), bases);
    record.planted.push_back({starts[i], starts[i] + task_.motif_length, name});
  }
  remove_chance_occurrences(finder_, task_.motif_length, record, random);
  return record;
}

}  // namespace paramixer
