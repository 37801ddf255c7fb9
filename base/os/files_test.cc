#include "base/os/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/temp_dir.h"

namespace muster {
namespace {

using testing::HasSubstr;

TEST(Files, AreWrittenAndRead) {
  test::TempDir directory;
  const std::string path = directory.file("a/b/file");
  const std::string content = std::string("with a \0 byte", 13) + std::string(200'000, 'x');
  ASSERT_TRUE(write_file(path, content, 0600));
  EXPECT_EQ(read_file(path), content);
  ASSERT_TRUE(write_file(path, ""));
  EXPECT_EQ(read_file(path), "");
}

TEST(Files, KeepTheirModeAndLeaveNothingBeside) {
  test::TempDir directory;
  ASSERT_TRUE(write_file(directory.file("secret"), "x", 0600));
  struct stat info {};
  ASSERT_EQ(::stat(directory.file("secret").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) count += entry.exists();
  EXPECT_EQ(count, 1u);
}

TEST(Files, ThatCannotBeReadSayWhy) {
  test::TempDir directory;
  const auto missing = read_file(directory.file("none"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
  EXPECT_EQ(missing.error().message, "cannot open " + directory.file("none") + ": No such file or directory");

  const auto folder = read_file(directory.path());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, Code::invalid);
  EXPECT_THAT(folder.error().message, HasSubstr("Is a directory"));

  ASSERT_TRUE(write_file(directory.file("long"), "12345"));
  EXPECT_TRUE(read_file(directory.file("long"), 5));
  EXPECT_EQ(read_file(directory.file("long"), 4).error().code, Code::too_large);
}

TEST(Files, ThatCannotBeWrittenLeaveTheOldOne) {
  test::TempDir directory;
  ASSERT_TRUE(write_file(directory.file("file"), "old"));
  const auto below_a_file = write_file(directory.file("file/x"), "new");
  ASSERT_FALSE(below_a_file);
  EXPECT_THAT(below_a_file.error().message, HasSubstr(directory.file("file")));
  EXPECT_EQ(read_file(directory.file("file")), "old");

  std::filesystem::create_directories(directory.file("folder/inside"));
  EXPECT_FALSE(write_file(directory.file("folder"), "new"));
  EXPECT_TRUE(std::filesystem::is_directory(directory.file("folder/inside")));
}

TEST(Files, ThatAreLinksAreReplacedWhereTheyLead) {
  test::TempDir directory;
  ASSERT_TRUE(write_file(directory.file("file"), "old"));
  std::filesystem::create_symlink("file", directory.file("link"));
  ASSERT_TRUE(write_file(directory.file("link"), "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(directory.file("link")));
  EXPECT_EQ(read_file(directory.file("file")), "new");
}

// Run as root, `-o /dev/stdout` once made a file of the device.
TEST(Files, AreNeitherReadNorReplacedWhereSomethingElseIs) {
  test::TempDir directory;
  const std::string pipe = directory.file("pipe"), link = directory.file("link");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::filesystem::create_symlink("pipe", link);
  for (const auto& path : {pipe, link}) {
    const auto written = write_file(path, "new");
    ASSERT_FALSE(written) << path;
    EXPECT_THAT(written.error().message, HasSubstr("not a regular file"));
    EXPECT_TRUE(std::filesystem::is_fifo(path));
    const auto text = read_regular_file(path, 100);
    ASSERT_FALSE(text) << path;
    EXPECT_THAT(text.error().message, HasSubstr("not a regular file"));
  }
  ASSERT_TRUE(write_file(directory.file("file"), "12345"));
  EXPECT_EQ(read_regular_file(directory.file("file"), 5), "12345");
  EXPECT_EQ(read_regular_file(directory.file("file"), 4).error().code, Code::too_large);
  EXPECT_EQ(read_regular_file("-", 5).error().code, Code::not_found);
}

}  // namespace
}  // namespace muster
