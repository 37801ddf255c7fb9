// What operators do with PostgreSQL, done for real in directories of the test's own: standbys, base backups,
// poolers. All throw when something does not work.
#pragma once

#include <array>
#include <string>

#include "tests/support/temp_dir.h"

namespace muster::test {

/// A cluster of the test's own that can be backed up and recovered.
class ArchivedCluster {
 public:
  ArchivedCluster();
  ~ArchivedCluster();
  ArchivedCluster(const ArchivedCluster&) = delete;
  ArchivedCluster& operator=(const ArchivedCluster&) = delete;

  /// The database `muster` of it, for a role that is no superuser.
  std::string url() const;
  void make_base_backup();
  /// The moment, by the database's clock, up to which recover() brings back what was written.
  std::string moment() const;
  /// All that was written so far can be recovered: it is in the archive.
  void archive_all();
  /// The cluster is gone, and another one takes its place: what the backup and the archive have of it, up to
  /// that moment. It has another URL.
  void recover(const std::string& moment);

 private:
  const TempDir directory_;
  std::string socket_;
};

/// A primary and its synchronous standby, which takes its place when it is killed.
class PostgresPair {
 public:
  PostgresPair();
  ~PostgresPair();
  PostgresPair(const PostgresPair&) = delete;
  PostgresPair& operator=(const PostgresPair&) = delete;

  /// The database `muster` on whichever is the primary, for a role that is no superuser.
  std::string url() const { return url_by(sockets_); }
  /// The same by other ways to the two.
  static std::string url_by(const std::array<std::string, 2>& sockets);
  /// The directories of the sockets of the two, whichever is the primary.
  const std::array<std::string, 2>& sockets() const { return sockets_; }

  void kill_primary();
  /// Starts it again, as it was.
  void boot_primary();
  /// The standby becomes the primary, in place of the one that was killed.
  void promote();
  /// The one that was killed comes back as a standby.
  void add_standby();
  void kill_standby();
  void boot_standby();

 private:
  const std::string& primary() const { return sockets_[primary_]; }
  const std::string& standby() const { return sockets_[1 - primary_]; }

  const TempDir directory_;
  std::array<std::string, 2> sockets_;
  size_t primary_ = 0;
};

/// A cluster whose disk can be full.
class SmallCluster {
 public:
  SmallCluster();
  ~SmallCluster();
  SmallCluster(const SmallCluster&) = delete;
  SmallCluster& operator=(const SmallCluster&) = delete;

  /// Whether this process may mount a file system.
  static bool can_be_made();
  /// The database `muster` of it, for a role that is no superuser.
  std::string url() const;
  /// Leaves so much room.
  void fill(long long bytes);
  void empty();

 private:
  const TempDir directory_;
  const std::string socket_;
};

/// PgBouncer in front of a cluster.
class Pooler {
 public:
  /// `server`: the directory of the cluster's socket. `mode`: its pool_mode.
  Pooler(const std::string& server, const std::string& mode);
  ~Pooler();
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  /// The same database through the pooler.
  std::string url_of(const std::string& url) const;

 private:
  const TempDir directory_;
  const std::string socket_;
};

}  // namespace muster::test
