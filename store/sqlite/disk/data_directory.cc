#include "store/sqlite/disk/data_directory.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "base/log/log.h"

namespace muster::sqlite {
namespace {

constexpr mode_t kOthersMayWrite = S_IWGRP | S_IWOTH;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr const char* kFiles[] = {"muster.lock",   "muster.db",         "muster.db-wal",
                                  "muster.db-shm", "muster.db-journal", "master.key"};

std::string user_name(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16 * 1024> text;
  ::getpwuid_r(user, &entry, text.data(), text.size(), &found);
  return found ? fmt::format("\"{}\"", found->pw_name) : fmt::format("number {}", user);
}

Result<> make_missing(std::string path) {
  std::error_code error;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (!error && ::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    error = std::error_code(errno, std::generic_category());
  if (!error) return {};
  return failure(Code::invalid, "cannot make the data directory " + path + ": " + error.message(),
                 "Give a directory that this user may write with -config-path");
}

Result<> check_owner(const std::string& what, const std::string& path, uid_t owner) {
  const uid_t us = ::geteuid();
  if (owner == us) return {};
  return failure(
      Code::invalid,
      fmt::format("the {} {} belongs to the user {}, and muster runs as {}", what, path, user_name(owner),
                  user_name(us)),
      fmt::format("Run muster as {}, give it a directory of its own with -config-path, or, if what is in "
                  "this one can be trusted, run `chown -R {} {}`",
                  user_name(owner), us, path));
}

Result<> make_private(const std::string& path, const struct stat& status) {
  if (!(status.st_mode & kOthers)) return {};
  if (::chmod(path.c_str(), status.st_mode & 07777 & ~kOthers) != 0)
    return failure(Code::invalid,
                   fmt::format("cannot take the rights of others on {} away: {}", path, std::strerror(errno)),
                   fmt::format("It holds tokens and keys: run `chmod go= {}`", path));
  log::warn("store.permissions_restricted",
            {{"path", path}, {"mode", fmt::format("{:04o}", status.st_mode & 07777)}});
  return {};
}

Result<> check_directory(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
    return failure(Code::invalid, "the data directory " + path + " is no directory",
                   "Give one with -config-path");
  MUSTER_TRY(check_owner("data directory", path, status.st_uid));
  if (status.st_mode & kOthersMayWrite)
    return failure(
        Code::invalid,
        fmt::format(
            "other users may write the data directory {} (mode {:04o}), so what is in it may be theirs", path,
            status.st_mode & 07777),
        fmt::format("Look at what is in it, and run `chmod 700 {}`; or give another one with -config-path",
                    path));
  return make_private(path, status);
}

Result<> check_file(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};  // it will be made
  if (!S_ISREG(status.st_mode))
    return failure(
        Code::invalid, path + (S_ISLNK(status.st_mode) ? " is a symbolic link" : " is no plain file"),
        "What muster keeps is in plain files: put the file itself there, or give another directory with -config-path");
  MUSTER_TRY(check_owner("file", path, status.st_uid));
  return make_private(path, status);
}

}  // namespace

Result<std::string> prepare_data_directory(const std::string& path) {
  MUSTER_TRY(make_missing(path));
  std::error_code error;
  const std::string real = std::filesystem::canonical(path, error).string();
  if (error)
    return failure(Code::invalid, "cannot use the data directory " + path + ": " + error.message(),
                   "Give a directory that this user may write with -config-path");
  MUSTER_TRY(check_directory(real));
  for (const char* file : kFiles) MUSTER_TRY(check_file(real + "/" + file));
  return real;
}

}  // namespace muster::sqlite
