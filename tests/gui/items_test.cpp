#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

#include "gui/items/record_filter.hpp"
#include "gui/items/record_table_model.hpp"
#include "gui/items/token_filter.hpp"
#include "gui/items/token_link_model.hpp"

namespace paramixer {
namespace {

/// Counts what the tester finds, by the warnings that it writes.
class Checked {
 public:
  explicit Checked(QAbstractItemModel& model)
      : tester_(&model, QAbstractItemModelTester::FailureReportingMode::Warning) {
    own_ = this;
    before_ = qInstallMessageHandler(&Checked::hear);
  }
  ~Checked() {
    qInstallMessageHandler(before_);
    own_ = nullptr;
    EXPECT_TRUE(heard_.isEmpty()) << heard_.join(QLatin1Char('\n')).toStdString();
  }

 private:
  static void hear(QtMsgType, const QMessageLogContext&, const QString& text) {
    own_->heard_.push_back(text);
  }

  static inline Checked* own_ = nullptr;
  QAbstractItemModelTester tester_;
  QtMessageHandler before_ = nullptr;
  QStringList heard_;
};

CatalogEntry entry_of(const std::string& name, std::int64_t length, std::int32_t best) {
  CatalogEntry entry{.name = name, .length = length};
  entry.prediction.best = best;
  if (best < 0) {
    entry.prediction.status = RecordStatus::kRejected;
    entry.prediction.reason = "too short";
  } else {
    entry.prediction.probabilities = {0.1F, 0.1F};
    entry.prediction.probabilities[static_cast<std::size_t>(best)] = 0.9F;
  }
  return entry;
}

const std::vector<CatalogEntry>& examples() {
  static const std::vector<CatalogEntry> all{entry_of("chr10", 900, 0), entry_of("chr2", 10000, 1),
                                             entry_of("Plasmid", 30, -1), entry_of("chr2", 5, 1)};
  return all;
}

QString text(const QAbstractItemModel& model, int row, int column) {
  return model.index(row, column).data().toString();
}

TEST(RecordTableModelTest, RecordsWithoutEvidenceAreUnclassifiedAndSayWhy) {
  CatalogEntry entry{.name = "r", .length = 4};
  entry.prediction.status = RecordStatus::kNoEvidence;
  entry.prediction.reason = "no evidence: 4 of 4 bases unknown";
  RecordTableModel records;
  records.set_classes({"a", "b"});
  records.append({entry});
  EXPECT_EQ(text(records, 0, RecordTableModel::kClass), "unclassified");
  EXPECT_EQ(text(records, 0, RecordTableModel::kProbability), "");
  EXPECT_EQ(text(records, 0, RecordTableModel::kStatus), "no evidence");
  EXPECT_TRUE(records.index(0, 0).data(Qt::ToolTipRole).toString().contains("4 of 4 bases"));
}

TEST(RecordTableModelTest, SatisfiesTheTesterThroughItsWholeLife) {
  RecordTableModel model;
  const Checked checked(model);
  model.set_classes({"red", "blue"});
  model.append(examples());
  model.append({});
  model.append(examples());
  EXPECT_EQ(model.rowCount(), 8);
  model.clear();
  model.append(examples());
  EXPECT_EQ(model.rowCount(), 4);
}

TEST(RecordTableModelTest, RowsSayWhatIsKnownOfARecord) {
  RecordTableModel model;
  model.set_classes({"red", "blue"});
  model.append(examples());
  EXPECT_EQ(text(model, 1, RecordTableModel::kName), "chr2");
  EXPECT_EQ(text(model, 1, RecordTableModel::kLength), "10,000");
  EXPECT_EQ(text(model, 1, RecordTableModel::kClass), "blue");
  EXPECT_EQ(text(model, 1, RecordTableModel::kProbability), "0.900");
  EXPECT_EQ(text(model, 1, RecordTableModel::kStatus), "ok");
  EXPECT_EQ(text(model, 2, RecordTableModel::kClass), "");
  EXPECT_EQ(text(model, 2, RecordTableModel::kProbability), "");
  EXPECT_EQ(text(model, 2, RecordTableModel::kStatus), "rejected");
  EXPECT_TRUE(model.index(2, 0).data(Qt::ToolTipRole).toString().contains("too short"));
  EXPECT_FALSE(model.index(0, RecordTableModel::kClass).data(Qt::DecorationRole).isNull());
}

TEST(RecordFilterTest, SatisfiesTheTesterWhileFiltersChange) {
  RecordTableModel model;
  RecordFilter filter(model);
  const Checked checked(filter);
  model.set_classes({"red", "blue"});
  model.append(examples());
  filter.set_name("CHR");
  filter.sort(RecordTableModel::kLength, Qt::DescendingOrder);
  model.append(examples());
  filter.set_class("blue");
  filter.set_status("ok");
  model.clear();
  EXPECT_EQ(filter.rowCount(), 0);
}

TEST(RecordFilterTest, FiltersByNameClassAndStatus) {
  RecordTableModel model;
  RecordFilter filter(model);
  model.set_classes({"red", "blue"});
  model.append(examples());
  filter.set_name("CHR");
  EXPECT_EQ(filter.rowCount(), 3);
  filter.set_class("blue");
  EXPECT_EQ(filter.rowCount(), 2);
  EXPECT_EQ(filter.record_row(0), 1);
  EXPECT_EQ(filter.shown_row(3), 1);
  EXPECT_EQ(filter.shown_row(0), -1);
  filter.set_name({});
  filter.set_class({});
  filter.set_status("rejected");
  ASSERT_EQ(filter.rowCount(), 1);
  EXPECT_EQ(filter.record_row(0), 2);
}

TEST(RecordFilterTest, SortsNumbersAsNumbers) {
  RecordTableModel model;
  RecordFilter filter(model);
  model.set_classes({"red", "blue"});
  model.append(examples());
  filter.sort(RecordTableModel::kLength);
  std::vector<int> rows;
  for (int row = 0; row < filter.rowCount(); ++row) rows.push_back(filter.record_row(row));
  EXPECT_EQ(rows, (std::vector<int>{3, 2, 0, 1}));
  filter.sort(-1);
  EXPECT_EQ(filter.record_row(0), 0);
}

TokenLinkModel::Table small_table() {
  LinkTables tables{.vocabulary = 3, .links = 2};
  tables.weights = {{1, 2, 3, 4, 5, 6}, {-1, -2, -3, -4, -5, -16}};
  return {std::make_shared<const LinkTables>(tables),
          LinkPattern(Protocol::kChord, 2).part(0, 2),
          {"AC", "AG", "TT"}};
}

TEST(TokenLinkModelTest, SatisfiesTheTesterAndShowsTheChosenFactor) {
  TokenLinkModel model;
  TokenFilter filter(model);
  const Checked checked(model);
  model.set_table(small_table());
  model.set_factor(1);
  EXPECT_EQ(model.rowCount(), 3);
  EXPECT_EQ(model.columnCount(), 2);
  EXPECT_EQ(model.largest(), 16.0F);
  EXPECT_EQ(model.index(2, 1).data(TokenLinkModel::kSortRole).toFloat(), -16.0F);
  EXPECT_EQ(model.headerData(2, Qt::Vertical).toString(), "TT");
  model.set_factor(2);  // There is none: nothing changes.
  EXPECT_EQ(model.index(0, 0).data(TokenLinkModel::kSortRole).toFloat(), -1.0F);
  filter.set_bases("a");
  EXPECT_EQ(filter.rowCount(), 2);
  model.set_table({});
  EXPECT_EQ(filter.rowCount(), 0);
}

TEST(RecordFilterTest, SortsEveryColumnByItsMeaning) {
  RecordTableModel records;
  records.set_classes({"b", "a"});
  std::vector<CatalogEntry> entries(3);
  const std::vector<std::string> names{"Zeta", "alpha", "Beta"};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].name = names[i];
    entries[i].length = std::vector<std::int64_t>{9, 100, 20}[i];
    entries[i].prediction.best = std::vector<std::int32_t>{0, 1, -1}[i];
    entries[i].prediction.probabilities = {0.9F, 0.3F};
  }
  entries[2].prediction.status = RecordStatus::kRejected;
  records.append(entries);
  RecordFilter filter(records);
  const auto order = [&](int column) {
    filter.sort(column);
    std::string text;
    for (int row = 0; row < filter.rowCount(); ++row) {
      text += std::to_string(filter.record_row(row));
    }
    return text;
  };
  EXPECT_EQ(order(RecordTableModel::kName), "120");
  EXPECT_EQ(order(RecordTableModel::kLength), "021");
  EXPECT_EQ(order(RecordTableModel::kProbability), "210");
  EXPECT_EQ(order(RecordTableModel::kStatus).back(), '2');
  EXPECT_EQ(order(RecordTableModel::kClass).substr(1), "10");
}

TEST(RecordFilterTest, AHundredThousandRecordsAreFilteredAtOnce) {
  constexpr int kRecords = 100'000;
  std::vector<CatalogEntry> entries(kRecords);
  for (int i = 0; i < kRecords; ++i) {
    entries[static_cast<std::size_t>(i)].name = "read_" + std::to_string(i);
  }
  RecordTableModel records;
  records.append(entries);
  RecordFilter filter(records);
  int changes = 0;
  const auto count = [&] { ++changes; };
  QObject::connect(&filter, &QAbstractItemModel::rowsRemoved, count);
  QObject::connect(&filter, &QAbstractItemModel::rowsInserted, count);
  QObject::connect(&filter, &QAbstractItemModel::layoutChanged, count);
  filter.set_name("7");
  EXPECT_EQ(filter.rowCount(), 100'000 - 59'049);
  filter.set_name("");
  EXPECT_EQ(filter.rowCount(), kRecords);
  // A change for every run of rows would be some ten thousand.
  EXPECT_EQ(changes, 2);
  filter.sort(RecordTableModel::kName, Qt::DescendingOrder);
  EXPECT_EQ(filter.index(0, RecordTableModel::kName).data().toString(), "read_99999");
}

}  // namespace
}  // namespace paramixer
