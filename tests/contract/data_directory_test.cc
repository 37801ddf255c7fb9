// Whose the data directory is: nobody else's files are read or written by way of it.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/sqlite/open.h"
#include "tests/support/temp_dir.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr uid_t kSomebody = 65534;

class DataDirectory : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return path_ + "/" + name; }

  std::string reason() const {
    const auto opened = sqlite::open(path_);
    if (opened) return "";
    EXPECT_EQ(opened.error().code, Code::invalid);
    return opened.error().text();
  }
  static mode_t mode(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
  }
  static std::string content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  const TempDir parent_;
  const std::string path_ = parent_.file("data");
};

TEST_F(DataDirectory, ThatOthersMayWriteIsRefused) {
  for (const mode_t rights : {0770U, 0702U, 01777U}) {
    std::filesystem::create_directory(path_);
    ::chmod(path_.c_str(), rights);
    EXPECT_THAT(reason(),
                AllOf(HasSubstr("other users may write"), HasSubstr(path_), HasSubstr("chmod 700")));
    EXPECT_TRUE(std::filesystem::is_empty(path_));
  }
}

TEST_F(DataDirectory, OfAnotherUserIsRefusedEvenByRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  std::filesystem::create_directory(path_);
  ASSERT_EQ(::chown(path_.c_str(), kSomebody, kSomebody), 0);
  EXPECT_THAT(reason(), AllOf(HasSubstr("belongs to the user"), HasSubstr(path_), HasSubstr("chown -R 0 ")));
  EXPECT_TRUE(std::filesystem::is_empty(path_));

  ASSERT_EQ(::chown(path_.c_str(), 0, 0), 0);
  ASSERT_EQ(reason(), "");
  ASSERT_EQ(::chown(file("muster.db").c_str(), kSomebody, kSomebody), 0);
  EXPECT_THAT(reason(), AllOf(HasSubstr(file("muster.db")), HasSubstr("belongs to the user")));
}

TEST_F(DataDirectory, WhoseFilesAreLinksIsRefused) {
  std::ofstream(parent_.file("victim")) << "a file of somebody's";
  for (const char* name : {"muster.lock", "muster.db", "muster.db-wal", "muster.db-shm", "master.key"}) {
    std::filesystem::create_directory(path_);
    std::filesystem::create_symlink(parent_.file("victim"), file(name));
    EXPECT_THAT(reason(), AllOf(HasSubstr(file(name)), HasSubstr("symbolic link")));
    EXPECT_EQ(content(parent_.file("victim")), "a file of somebody's");
    std::filesystem::remove_all(path_);
  }
  std::filesystem::create_directory(path_);
  std::filesystem::create_symlink(parent_.file("not-there"), file("muster.db"));
  EXPECT_THAT(reason(), HasSubstr("symbolic link"));
  EXPECT_FALSE(std::filesystem::exists(parent_.file("not-there")));
}

TEST_F(DataDirectory, IsClosedToOthersWhoCouldReadIt) {
  ASSERT_EQ(reason(), "");
  ::chmod(path_.c_str(), 0755);
  ::chmod(file("muster.db").c_str(), 0644);
  ::chmod(file("muster.lock").c_str(), 0666);
  ::chmod(file("master.key").c_str(), 0644);
  const auto store = sqlite::open(path_);
  ASSERT_TRUE(store) << store.error().text();
  ASSERT_TRUE(
      (*store)->write(installation, [](Writer& w) { return w.create_account(AccountName("school")); }));
  EXPECT_EQ(mode(path_), 0700U);
  for (const char* name : {"muster.lock", "muster.db", "muster.db-wal", "muster.db-shm", "master.key"})
    EXPECT_EQ(mode(file(name)), 0600U) << name;
}

TEST_F(DataDirectory, MayBeReachedByLinks) {
  std::filesystem::create_directory(parent_.file("real"));
  std::filesystem::create_directory_symlink(parent_.file("real"), parent_.file("link"));
  ASSERT_TRUE(sqlite::open(parent_.file("link/data/")));
  EXPECT_EQ(mode(parent_.file("real/data")), 0700U);
  std::filesystem::create_directory_symlink(parent_.file("real/data"), path_);
  EXPECT_EQ(reason(), "");
}

}  // namespace
}  // namespace muster::test
