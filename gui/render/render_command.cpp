#include "gui/render/render_command.hpp"

#include <algorithm>
#include <memory>

#include "app/services/records/named_record.hpp"
#include "core/base/error.hpp"
#include "gui/panel/panel_factory.hpp"
#include "gui/render/picture.hpp"
#include "gui/window/board.hpp"
#include "io/files/output_file.hpp"

namespace paramixer {
namespace {

struct FoundRecord {
  InputRecord input;
  std::string file;
  BaseRange range{};
};

FoundRecord find(const GuiOptions& options, const QString& record, const QString& region) {
  InputOptions input;
  for (const QString& path : options.inputs) input.paths.push_back(path.toStdString());
  input.reference = options.reference.toStdString();
  input.duplicates = DuplicateNames::kAllow;
  std::string name = record.toStdString();
  BaseRange range;
  if (!region.isEmpty()) range = parse_base_range(region.toStdString(), name);
  InputRecords source(input);
  FoundRecord found{find_record(source, name, {}), {}, range};
  found.file = source.display_name(found.input.record.input_number);
  return found;
}

std::int64_t class_number(const std::vector<std::string>& classes, const QString& name) {
  if (name.isEmpty()) return -1;
  const auto found = std::find(classes.begin(), classes.end(), name.toStdString());
  if (found != classes.end()) return found - classes.begin();
  std::string list;
  for (const std::string& own : classes) list += (list.empty() ? "" : ", ") + own;
  throw usage_error("the model has no class '" + name.toStdString() + "'; its classes: " + list);
}

ViewState view_of(const GuiOptions& options, const Exploration& record, const FoundRecord& found) {
  const Window window = window_of(found.range, found.input, found.file);
  ViewState state = options.view;
  state.begin = static_cast<double>(window.start);
  state.end = static_cast<double>(window.start + window.length);
  state.target_class = class_number(record.classes(), options.class_name);
  state.against_class = class_number(record.classes(), options.against);
  if (options.position > record.length()) {
    throw Error({.file = found.file, .record = found.input.record.name},
                "has " + std::to_string(record.length()) + " bases, so --position " +
                    std::to_string(options.position) + " does not exist");
  }
  if (options.position > 0) state.pinned = options.position - 1;
  if (options.factor > record.factors()) {
    throw usage_error("factor " + std::to_string(options.factor) +
                      " does not exist; the model has " + std::to_string(record.factors()));
  }
  if (options.factor > 0) {
    state.factor = options.factor - 1;
    state.all_factors = false;
  }
  return state;
}

/// Throws a usage Error if options needed by the view are missing.
void check_needs(const GuiOptions& options) {
  if (options.render == QLatin1String("spread") && options.position == 0) {
    throw usage_error("--render spread needs --position N, the base where the value starts");
  }
  if (options.render == QLatin1String("compare") && options.against.isEmpty() &&
      options.other.isEmpty()) {
    throw usage_error("--render compare needs --other RECORD or --against CLASS");
  }
  picture_format_of(options.output);
  check_output_place(options.output.toStdString());
}

void check_block(const GuiOptions& options, const ModelCard& card) {
  if (options.block > card.config.blocks) {
    throw usage_error("--block " + std::to_string(options.block) +
                      " does not exist; the model has " + std::to_string(card.config.blocks));
  }
}

/// Throws Error with the record's place if the model rejects it.
std::unique_ptr<Exploration> explore(const FoundRecord& found, const GuiOptions& options,
                                     const Workers& workers) {
  Explainer& explainer = workers.link_explainer->get();
  try {
    explainer.check(found.input.record.sequence);
  } catch (const Error& error) {
    throw Error({.file = found.file, .record = found.input.record.name}, error.what());
  }
  return std::make_unique<Exploration>(
      ExploredInput{.record = found.input.record,
                    .file = QString::fromStdString(found.file),
                    .card = explainer.card(),
                    .window = explainer.window(),
                    .choices = {.reversed = options.strand == QLatin1String("reverse"),
                                .block = options.block - 1}},
      workers);
}

}  // namespace

void run_render(const GuiOptions& options) {
  const auto panel = make_panel(options.render);
  check_needs(options);
  const FoundRecord found = find(options, options.record, options.region);
  const std::string model = options.model.toStdString();
  MemoryBudget budget(options.memory_bytes);
  TaskQueue links;
  TaskQueue answers;
  const Workers workers{links, answers, std::make_shared<LazyExplainer>(model, ExplainerOptions{}),
                        std::make_shared<LazyExplainer>(model, ExplainerOptions{}), budget};
  check_block(options, workers.link_explainer->get().card());
  auto record = explore(found, options, workers);
  const ViewState state = view_of(options, *record, found);
  Board board;
  board.set_record(std::move(record), state);
  if (!options.other.isEmpty()) {
    board.set_other(explore(find(options, options.other, QString()), options, workers));
  }
  save_picture({.panels = {{.panel = panel.get(), .height = options.size.height()}},
                .width = options.size.width(),
                .with_titles = false},
               board, options.output);
}

}  // namespace paramixer
