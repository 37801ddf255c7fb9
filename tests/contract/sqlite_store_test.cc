// The SQLite store passes the battery, and keeps the promises of its own: one process, one schema.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "store/sqlite/open.h"
#include "store/sqlite/schema.h"
#include "tests/contract/store_contract.h"

namespace muster::test {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(Backend{"sqlite", sqlite::open}),
                         [](const auto& backend) { return backend.param.name; });

namespace {

void run_sql(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
}

TEST(SqliteStore, KeepsASecondOneOut) {
  TempDir directory;
  const auto first = sqlite::open(directory.path());
  ASSERT_TRUE(first);
  const auto second = sqlite::open(directory.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_NE(second.error().message.find("in use"), std::string::npos) << second.error().message;
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos)
      << second.error().message;
}

TEST(SqliteStore, OpensAgainWhenTheFirstIsGone) {
  TempDir directory;
  ASSERT_TRUE(sqlite::open(directory.path()));
  EXPECT_TRUE(sqlite::open(directory.path()));
}

TEST(SqliteStore, RefusesANewerSchemaAndLeavesItAlone) {
  TempDir directory;
  ASSERT_TRUE(sqlite::open(directory.path()));
  run_sql(directory.file("muster.db"), "PRAGMA user_version = 99");
  const auto opened = sqlite::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::conflict);
  EXPECT_NE(opened.error().text().find("schema 99"), std::string::npos) << opened.error().text();
  EXPECT_NE(opened.error().hint.find("newer muster"), std::string::npos) << opened.error().hint;
  run_sql(directory.file("muster.db"),
          ("PRAGMA user_version = " + std::to_string(sqlite::schema_steps().size())).c_str());
  EXPECT_TRUE(sqlite::open(directory.path()));
}

TEST(SqliteStore, RefusesAnotherProgramsDatabase) {
  TempDir directory;
  run_sql(directory.file("muster.db"), "PRAGMA user_version = 1; CREATE TABLE t (x)");
  const auto opened = sqlite::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text().find("another program"), std::string::npos) << opened.error().text();
}

TEST(SqliteStore, RefusesAFileThatIsNoDatabase) {
  TempDir directory;
  std::ofstream(directory.file("muster.db")) << std::string(8192, 'x');
  const auto opened = sqlite::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text().find("damaged"), std::string::npos) << opened.error().text();
}

TEST(SqliteStore, MakesItsDirectoryForItsOwnerOnly) {
  TempDir parent;
  const std::string directory = parent.file("a/b");
  ASSERT_TRUE(sqlite::open(directory));
  struct stat info {};
  ASSERT_EQ(::stat(directory.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
  ASSERT_EQ(::stat((directory + "/muster.db").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0077, 0U);
}

TEST(SqliteStore, NamesADirectoryThatCannotBeMade) {
  TempDir parent;
  std::ofstream(parent.file("file")) << "x";
  const auto opened = sqlite::open(parent.file("file/below"));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text().find("file/below"), std::string::npos) << opened.error().text();
}

}  // namespace
}  // namespace muster::test
