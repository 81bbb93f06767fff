#include "gui/render/render_options.hpp"

#include <QCommandLineParser>
#include <QRegularExpression>
#include <array>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/number_range.hpp"
#include "gui/panel/panel_factory.hpp"

namespace paramixer {
namespace {

void add_options(QCommandLineParser& parser) {
  const auto add = [&](const char* name, const std::string& help, const char* value,
                       const QString& standard = {}) {
    parser.addOption({QString::fromLatin1(name), QString::fromStdString(help),
                      QString::fromLatin1(value), standard});
  };
  add("model", "Model file.", "FILE");
  add("input", "FASTA, FASTQ, SAM, BAM or CRAM; may be given several times.", "FILE");
  add("reference", "Reference sequences for CRAM files that need them.", "FASTA");
  add("record", "Record to open.", "NAME");
  add("region", "Part of the record, 1-based, both ends included.", "A-B");
  add("session", "Session file to open.", "FILE");
  add("memory", "Memory for computed answers, in MB (16 to 1048576).", "MB", "512");
  add("threads", "Threads, a number " + kThreadRange.text() + "; 0: all cores.", "N", "0");
  parser.addOption({QStringLiteral("render"),
                    QStringLiteral("Draw a view into --output without a window: ") +
                        panel_names().join(QStringLiteral(", ")) + QStringLiteral("."),
                    QStringLiteral("VIEW")});
  add("output", "Picture to write, .svg or .png.", "FILE");
  add("size", "Size of the picture.", "WxH", "1200x640");
  add("class", "Class to explain; default: the most probable.", "NAME");
  add("against", "Explain the difference from this class.", "NAME");
  add("other", "Second record of the view compare.", "NAME");
  add("strand", "Strand whose links are shown: forward or reverse.", "STRAND", "forward");
  add("block", "Block of the model.", "N", "1");
  add("position", "Pinned base of the views ring, receptive-field and spread.", "N", "0");
  add("factor", "Factor of ring and arcs; 0: arcs of all factors.", "N", "0");
  add("side", "Receptive field: " + joined_names(all_names<ProductSide>()) + ".", "SIDE", "row");
  parser.addOption(
      {QStringLiteral("no-residual"), QStringLiteral("Multiply the W_m without the residual.")});
  add("top", "Number of strongest links drawn as arcs.", "K",
      QString::number(ViewState{}.top_links));
  add("bins", "Bins of the receptive field's matrix.", "N",
      QString::number(ViewState{}.matrix_bins));
  add("palette", joined_names(all_names<PaletteName>()) + ".", "NAME", "blue-red");
  add("summary",
      "Value shown for a column of several bases: " + joined_names(all_names<ShownSummary>()) + ".",
      "NAME", "strongest");
  add("limit", "|weight| at full colour; 0: the largest in the record.", "X", "0");
  parser.addPositionalArgument(QStringLiteral("files"),
                               QStringLiteral("A model (.safetensors) and sequence files."),
                               QStringLiteral("[FILE...]"));
}

std::int64_t integer(const QCommandLineParser& parser, const QString& name, std::int64_t least,
                     std::int64_t most) {
  bool good = false;
  const qlonglong value = parser.value(name).toLongLong(&good);
  if (!good || value < least || value > most) {
    throw usage_error("--" + name.toStdString() + " expects a whole number from " +
                      std::to_string(least) + " to " + std::to_string(most) + "; got '" +
                      parser.value(name).toStdString() + "'");
  }
  return value;
}

constexpr NumberRange kLimits{0.0, 1e9};

double limit_from(const QCommandLineParser& parser) {
  bool good = false;
  const QString text = parser.value(QStringLiteral("limit"));
  const double value = text.toDouble(&good);
  if (!good || !kLimits.holds(value)) {
    throw usage_error("--limit expects a number " + kLimits.text() + "; got '" +
                      text.toStdString() + "'");
  }
  return value;
}

QSize size_from(const QString& text) {
  static const QRegularExpression form(QStringLiteral("^(\\d{2,5})x(\\d{2,5})$"));
  const auto match = form.match(text);
  if (!match.hasMatch()) {
    throw usage_error(
        "--size expects WIDTHxHEIGHT, each from 10 to 99999, such as 1200x640; got '" +
        text.toStdString() + "'");
  }
  return {match.captured(1).toInt(), match.captured(2).toInt()};
}

/// Positional files: models and sessions by their endings, all others are sequences.
void take_files(const QStringList& files, GuiOptions& options) {
  for (const QString& file : files) {
    if (file.endsWith(QLatin1String(".safetensors"))) {
      options.model = file;
    } else if (file.endsWith(QLatin1String(".paramixer"))) {
      options.session = file;
    } else {
      options.inputs.push_back(file);
    }
  }
}

void take_view(const QCommandLineParser& parser, GuiOptions& options) {
  const auto text = [&](const char* name) {
    return parser.value(QString::fromLatin1(name)).toStdString();
  };
  constexpr std::int64_t kMany = 1'000'000;
  options.position = integer(parser, QStringLiteral("position"), 0, INT64_MAX);
  options.factor = integer(parser, QStringLiteral("factor"), 0, 62);
  options.block = integer(parser, QStringLiteral("block"), 1, kMany);
  options.view.side = value_named<ProductSide>(text("side"));
  options.view.palette = value_named<PaletteName>(text("palette"));
  options.view.summary = value_named<ShownSummary>(text("summary"));
  options.view.top_links = integer(parser, QStringLiteral("top"), 1, kMany);
  options.view.matrix_bins = integer(parser, QStringLiteral("bins"), 1, kMostReceptiveFieldBins);
  options.view.color_limit = limit_from(parser);
  if (parser.isSet(QStringLiteral("no-residual"))) options.view.residual = Residual::kDrop;
  options.strand = parser.value(QStringLiteral("strand"));
  if (options.strand != QLatin1String("forward") && options.strand != QLatin1String("reverse")) {
    throw usage_error("--strand: expected forward or reverse");
  }
}

/// Options for pictures only; the window has controls for them.
constexpr std::array kOfPictures{"output",      "other",  "size",    "class",  "against",
                                 "position",    "factor", "side",    "top",    "bins",
                                 "no-residual", "limit",  "palette", "summary"};

void check(const QCommandLineParser& parser, const GuiOptions& options) {
  for (const QString& name : parser.optionNames()) {
    const bool is_empty = parser.values(name).contains(QString());
    if (is_empty && name != QLatin1String("render")) {
      throw usage_error("the value of --" + name.toStdString() + " is empty");
    }
  }
  if (parser.positionalArguments().contains(QString())) {
    throw usage_error("the name of an input is empty");
  }
  if (!parser.isSet(QStringLiteral("render"))) {
    for (const char* name : kOfPictures) {
      if (parser.isSet(QString::fromLatin1(name))) {
        throw usage_error("--" + std::string(name) + " needs --render VIEW");
      }
    }
    return;
  }
  if (!options.session.isEmpty())
    throw usage_error("--render does not draw sessions; give --model and --input");
  make_panel(options.render);
  if (options.model.isEmpty()) throw usage_error("--render needs --model FILE");
  if (options.inputs.isEmpty()) throw usage_error("--render needs --input FILE");
  if (options.output.isEmpty()) throw usage_error("--render needs --output FILE (.svg or .png)");
}

}  // namespace

GuiOptions parse_gui_options(const QStringList& arguments) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      QStringLiteral("Shows the mixing links and attributions of a trained Paramixer."));
  parser.addHelpOption();
  parser.addVersionOption();
  add_options(parser);
  if (!parser.parse(QStringList{QStringLiteral("paramixer-gui")} + arguments)) {
    throw usage_error(parser.errorText().toStdString() + " (paramixer-gui --help lists them)");
  }
  if (parser.isSet(QStringLiteral("help"))) parser.showHelp(0);
  if (parser.isSet(QStringLiteral("version"))) parser.showVersion();
  GuiOptions options{.model = parser.value(QStringLiteral("model")),
                     .inputs = parser.values(QStringLiteral("input")),
                     .reference = parser.value(QStringLiteral("reference")),
                     .record = parser.value(QStringLiteral("record")),
                     .region = parser.value(QStringLiteral("region")),
                     .session = parser.value(QStringLiteral("session")),
                     .memory_bytes = integer(parser, QStringLiteral("memory"), 16, 1 << 20) << 20,
                     .threads = static_cast<int>(integer(parser, QStringLiteral("threads"), 0,
                                                         std::llround(kThreadRange.most))),
                     .render = parser.value(QStringLiteral("render")),
                     .output = parser.value(QStringLiteral("output")),
                     .size = size_from(parser.value(QStringLiteral("size"))),
                     .class_name = parser.value(QStringLiteral("class")),
                     .against = parser.value(QStringLiteral("against")),
                     .other = parser.value(QStringLiteral("other"))};
  take_files(parser.positionalArguments(), options);
  take_view(parser, options);
  check(parser, options);
  return options;
}

}  // namespace paramixer
