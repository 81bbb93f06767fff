#include "gui/window/session.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr int kFormat = 1;
constexpr const char* kFormatKey = "paramixer_session";

QJsonObject path_json(const QString& path, const QDir& folder) {
  const QString absolute = QFileInfo(path).absoluteFilePath();
  return {{QStringLiteral("relative"), folder.relativeFilePath(absolute)},
          {QStringLiteral("absolute"), absolute}};
}

QJsonValue record_json(const std::optional<SessionRecord>& record) {
  if (!record) return QJsonValue::Null;
  return QJsonObject{{QStringLiteral("name"), record->name},
                     {QStringLiteral("entry"), record->entry}};
}

QJsonObject view_json(const ViewState& view) {
  QJsonObject json{{QStringLiteral("begin"), view.begin},
                   {QStringLiteral("end"), view.end},
                   {QStringLiteral("factor"), static_cast<qint64>(view.factor)},
                   {QStringLiteral("all_factors"), view.all_factors},
                   {QStringLiteral("target_class"), static_cast<qint64>(view.target_class)},
                   {QStringLiteral("against_class"), static_cast<qint64>(view.against_class)},
                   {QStringLiteral("residual"), view.residual == Residual::kKeep},
                   {QStringLiteral("row"), view.side == ProductSide::kTranspose},
                   {QStringLiteral("summary"), static_cast<int>(view.summary)},
                   {QStringLiteral("palette"), static_cast<int>(view.palette)},
                   {QStringLiteral("color_limit"), view.color_limit},
                   {QStringLiteral("top_links"), static_cast<qint64>(view.top_links)},
                   {QStringLiteral("matrix_bins"), static_cast<qint64>(view.matrix_bins)}};
  if (view.pinned) json.insert(QStringLiteral("pinned"), static_cast<qint64>(*view.pinned));
  return json;
}

/// Reads a session's JSON; every error names the file.
class SessionReader {
 public:
  explicit SessionReader(const QString& path) : path_(path), folder_(QFileInfo(path).dir()) {}

  Session read() const {
    const QJsonObject json = parsed();
    Session session;
    session.model = file_of(json.value(QLatin1String("model")));
    for (const QJsonValue& input : json.value(QLatin1String("inputs")).toArray()) {
      session.inputs.push_back(file_of(input));
    }
    const QJsonValue reference = json.value(QLatin1String("reference"));
    if (reference.isObject()) session.reference = file_of(reference);
    session.record = record_of(json.value(QLatin1String("record")));
    session.other = record_of(json.value(QLatin1String("other")));
    session.choices.reversed = json.value(QLatin1String("reversed")).toBool();
    session.choices.block = integer(json, "block", 0, 1 << 20);
    session.view = view_of(json.value(QLatin1String("view")).toObject());
    session.theme =
        json.value(QLatin1String("dark")).toBool() ? ThemeName::kDark : ThemeName::kLight;
    session.layout =
        QByteArray::fromBase64(json.value(QLatin1String("layout")).toString().toLatin1());
    return session;
  }

 private:
  Error broken(const std::string& what) const {
    return Error({.file = path_.toStdString()},
                 what + "; choose a file written by File > Save session");
  }

  QJsonObject parsed() const {
    QFile file(path_);
    if (!file.open(QIODevice::ReadOnly)) {
      throw Error({.file = path_.toStdString()},
                  "cannot be read: " + file.errorString().toStdString());
    }
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &problem);
    if (problem.error != QJsonParseError::NoError || !document.isObject()) {
      throw broken("is not a session (" + problem.errorString().toStdString() + ")");
    }
    const QJsonObject json = document.object();
    const int format = json.value(QLatin1String(kFormatKey)).toInt();
    if (format < 1) throw broken("is not a session: it lacks '" + std::string(kFormatKey) + "'");
    if (format > kFormat) {
      throw Error({.file = path_.toStdString()},
                  "was written by a newer paramixer-gui (format " + std::to_string(format) +
                      "); this one reads up to " + std::to_string(kFormat));
    }
    return json;
  }

  QString file_of(const QJsonValue& value) const {
    const QJsonObject json = value.toObject();
    const QString relative = json.value(QLatin1String("relative")).toString();
    const QString absolute = json.value(QLatin1String("absolute")).toString();
    if (relative.isEmpty() && absolute.isEmpty()) throw broken("lacks a required file name");
    const QString beside = QDir::cleanPath(folder_.absoluteFilePath(relative));
    if (!relative.isEmpty() && QFile::exists(beside)) return beside;
    if (QFile::exists(absolute)) return absolute;
    throw Error({.file = path_.toStdString()},
                "its file " + absolute.toStdString() +
                    " no longer exists; restore it, or put it beside the session");
  }

  static std::optional<SessionRecord> record_of(const QJsonValue& value) {
    if (!value.isObject()) return std::nullopt;
    const QJsonObject json = value.toObject();
    return SessionRecord{json.value(QLatin1String("name")).toString(),
                         json.value(QLatin1String("entry")).toInteger(-1)};
  }

  /// `standard` replaces values that an older file lacks.
  std::int64_t integer(const QJsonObject& json, const char* key, std::int64_t least,
                       std::int64_t most, std::optional<std::int64_t> standard = {}) const {
    const qint64 value = json.value(QLatin1String(key)).toInteger(standard.value_or(least));
    if (value < least || value > most) throw broken(std::string("has an invalid '") + key + "'");
    return value;
  }

  ViewState view_of(const QJsonObject& json) const {
    const ViewState standard;
    ViewState view;
    constexpr std::int64_t kMost = std::int64_t{1} << 40;
    view.begin = json.value(QLatin1String("begin")).toDouble(0.0);
    view.end = json.value(QLatin1String("end")).toDouble(static_cast<double>(kMost));
    if (json.contains(QLatin1String("pinned"))) view.pinned = integer(json, "pinned", 0, kMost);
    view.factor = integer(json, "factor", 0, 62);
    view.all_factors = json.value(QLatin1String("all_factors")).toBool(true);
    view.target_class = integer(json, "target_class", -1, kMost);
    view.against_class = integer(json, "against_class", -1, kMost);
    view.residual =
        json.value(QLatin1String("residual")).toBool(true) ? Residual::kKeep : Residual::kDrop;
    view.side = json.value(QLatin1String("row")).toBool(true) ? ProductSide::kTranspose
                                                              : ProductSide::kProduct;
    view.summary = static_cast<ShownSummary>(integer(json, "summary", 0, 2));
    view.palette = static_cast<PaletteName>(integer(json, "palette", 0, 2));
    view.color_limit = json.value(QLatin1String("color_limit")).toDouble(standard.color_limit);
    view.top_links = integer(json, "top_links", 1, 1'000'000, standard.top_links);
    view.matrix_bins =
        integer(json, "matrix_bins", 1, kMostReceptiveFieldBins, standard.matrix_bins);
    return view;
  }

  QString path_;
  QDir folder_;
};

}  // namespace

void save_session(const QString& path, const Session& session) {
  const QDir folder = QFileInfo(path).absoluteDir();
  QJsonArray inputs;
  for (const QString& input : session.inputs) inputs.push_back(path_json(input, folder));
  QJsonObject json{{QLatin1String(kFormatKey), kFormat},
                   {QStringLiteral("model"), path_json(session.model, folder)},
                   {QStringLiteral("inputs"), inputs},
                   {QStringLiteral("record"), record_json(session.record)},
                   {QStringLiteral("other"), record_json(session.other)},
                   {QStringLiteral("reversed"), session.choices.reversed},
                   {QStringLiteral("block"), static_cast<qint64>(session.choices.block)},
                   {QStringLiteral("view"), view_json(session.view)},
                   {QStringLiteral("dark"), session.theme == ThemeName::kDark},
                   {QStringLiteral("layout"), QString::fromLatin1(session.layout.toBase64())}};
  if (!session.reference.isEmpty()) {
    json.insert(QStringLiteral("reference"), path_json(session.reference, folder));
  }
  const QByteArray text = QJsonDocument(json).toJson();
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit()) {
    throw Error(
        {.file = path.toStdString()},
        "cannot be written: " + file.errorString().toStdString() + "; choose a writable folder");
  }
}

Session load_session(const QString& path) { return SessionReader(path).read(); }

}  // namespace paramixer
