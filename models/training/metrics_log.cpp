#include "models/training/metrics_log.hpp"

#include <iomanip>
#include <sstream>
#include <vector>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr const char* kHeader =
    "step,epochs,seconds,learning_rate,length,factors,train_loss,train_accuracy,valid_log_loss,"
    "valid_accuracy,valid_balanced_accuracy,valid_macro_f1";

/// Lines of an earlier run up to a step, without its header.
std::vector<std::string> rows_until(const std::string& path, std::int64_t step) {
  std::vector<std::string> rows;
  std::ifstream stream(path);
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) {
    std::int64_t row_step = 0;
    if (std::istringstream(line) >> row_step && row_step <= step) rows.push_back(line);
  }
  return rows;
}

}  // namespace

MetricsLog::MetricsLog(const std::string& path, std::int64_t resume_step) : path_(path) {
  if (path.empty()) return;
  std::vector<std::string> rows;
  if (resume_step > 0) rows = rows_until(path, resume_step);
  stream_.open(path, std::ios::trunc);
  stream_ << kHeader << '\n';
  for (const auto& row : rows) stream_ << row << '\n';
  if (!stream_.flush()) throw Error({path, "", {}}, "the metrics log cannot be written");
}

void MetricsLog::write(const MetricsRow& row, const ClassificationMetrics& valid) {
  if (path_.empty()) return;
  stream_ << std::setprecision(6) << row.step << ',' << row.epochs << ',' << row.seconds << ','
          << row.learning_rate << ',' << row.length << ',' << row.factors << ',' << row.train_loss
          << ',' << row.train_accuracy << ',' << valid.log_loss << ',' << valid.accuracy << ','
          << valid.balanced_accuracy << ',' << valid.macro_f1 << '\n';
  if (!stream_.flush()) throw Error({path_, "", {}}, "the metrics log cannot be written");
}

}  // namespace paramixer
