#include "gui/window/session.hpp"

#include <QDir>
#include <QFile>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

QString touched(const test::TempDir& folder, const std::string& name) {
  const std::string path = folder.file(name);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << "x";
  return QString::fromStdString(path);
}

std::string message_of(const QString& path) {
  try {
    load_session(path);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

Session example(const test::TempDir& folder) {
  Session session{.model = touched(folder, "a/m.safetensors"),
                  .inputs = {touched(folder, "a/reads.fa")},
                  .record = SessionRecord{"r 1", 7},
                  .choices = {.reversed = true, .block = 1},
                  .theme = ThemeName::kDark,
                  .layout = QByteArray("layout")};
  session.view.begin = 12.5;
  session.view.end = 99.0;
  session.view.pinned = 42;
  session.view.target_class = 3;
  session.view.residual = Residual::kDrop;
  session.view.palette = PaletteName::kPurpleGreen;
  session.view.top_links = 77;
  return session;
}

TEST(SessionTest, ComesBackAsItWasSaved) {
  const test::TempDir folder;
  const Session saved = example(folder);
  const QString path = QString::fromStdString(folder.file("s.paramixer"));
  save_session(path, saved);
  const Session read = load_session(path);
  EXPECT_EQ(read.model, saved.model);
  EXPECT_EQ(read.inputs, saved.inputs);
  ASSERT_TRUE(read.record);
  EXPECT_EQ(read.record->name, "r 1");
  EXPECT_EQ(read.record->entry, 7);
  EXPECT_FALSE(read.other);
  EXPECT_TRUE(read.choices.reversed);
  EXPECT_EQ(read.choices.block, 1);
  EXPECT_EQ(read.view, saved.view);
  EXPECT_EQ(read.theme, ThemeName::kDark);
  EXPECT_EQ(read.layout, "layout");
}

TEST(SessionTest, AFolderCanBeMovedWithItsSession) {
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("s.paramixer"));
  save_session(path, example(folder));
  const std::string moved = folder.file("moved");
  std::filesystem::create_directory(moved);
  std::filesystem::rename(folder.file("a"), moved + "/a");
  std::filesystem::rename(folder.file("s.paramixer"), moved + "/s.paramixer");
  const Session read = load_session(QString::fromStdString(moved + "/s.paramixer"));
  EXPECT_EQ(read.model, QString::fromStdString(moved + "/a/m.safetensors"));
}

TEST(SessionTest, ASessionAloneCanBeMoved) {
  const test::TempDir folder;
  const test::TempDir elsewhere;
  const Session saved = example(folder);
  const QString path = QString::fromStdString(folder.file("s.paramixer"));
  save_session(path, saved);
  const QString copy = QString::fromStdString(elsewhere.file("s.paramixer"));
  ASSERT_TRUE(QFile::copy(path, copy));
  EXPECT_EQ(load_session(copy).model, saved.model);
}

TEST(SessionTest, SaysWhatIsWrongWithAFile) {
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("s.paramixer"));
  EXPECT_NE(message_of(path).find("cannot be read"), std::string::npos);
  std::ofstream(path.toStdString()) << "{\"model\": ";
  EXPECT_NE(message_of(path).find("is not a session"), std::string::npos);
  std::ofstream(path.toStdString()) << "{}";
  EXPECT_NE(message_of(path).find("is not a session"), std::string::npos);
  std::ofstream(path.toStdString()) << "{\"paramixer_session\": 99}";
  EXPECT_NE(message_of(path).find("newer"), std::string::npos);
  Session session = example(folder);
  save_session(path, session);
  std::filesystem::remove(session.model.toStdString());
  EXPECT_NE(message_of(path).find("no longer exists"), std::string::npos);
}

TEST(SessionTest, AFolderThatCannotBeWrittenToIsSaid) {
  const test::TempDir folder;
  EXPECT_THROW(
      save_session(QString::fromStdString(folder.file("no/such/s.paramixer")), example(folder)),
      Error);
}

}  // namespace
}  // namespace paramixer
