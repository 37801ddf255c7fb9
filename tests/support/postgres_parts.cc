#include "tests/support/postgres_parts.h"

#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/support/eventually.h"
#include "tests/support/places.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/process.h"

namespace muster::test {
namespace {

// A command of postgres_cluster.sh.
void act(std::vector<std::string> words, const std::string& kind = {}) {
  words.insert(words.begin(), source("tests/support/postgres_cluster.sh"));
  const auto done = run_program(words, {}, {{"MUSTER_TEST_CLUSTER_KIND", kind}}, std::chrono::seconds(90));
  if (done.exit != 0) throw std::runtime_error(words[1] + " failed: " + done.out + done.err);
}

std::string owner() { return std::to_string(::getpid()); }

// The servers have a user of their own.
void let_others_in(const TempDir& directory) {
  namespace fs = std::filesystem;
  fs::permissions(directory.path(), fs::perms::others_exec | fs::perms::group_exec, fs::perm_options::add);
}

std::string url_on(const std::string& hosts) { return "postgresql://muster@/muster?host=" + hosts; }

std::string ask(const std::string& url, const std::string& sql) {
  auto answer = PostgresCluster::administer(url, sql);
  if (!answer.empty()) answer.pop_back();  // the line's end
  return answer;
}

}  // namespace

ArchivedCluster::ArchivedCluster() : socket_(directory_.file("first")) {
  let_others_in(directory_);
  act({"start", socket_, owner()}, "archived");
  std::filesystem::create_directory(directory_.file("backups"));
  std::filesystem::permissions(directory_.file("backups"), std::filesystem::perms::all);
}

ArchivedCluster::~ArchivedCluster() {
  (void)run_program({source("tests/support/postgres_cluster.sh"), "stop", socket_});
}

std::string ArchivedCluster::url() const { return url_on(socket_); }

void ArchivedCluster::make_base_backup() { act({"backup", socket_, directory_.file("backups/base")}); }

std::string ArchivedCluster::moment() const { return ask(url(), "SELECT clock_timestamp()"); }

void ArchivedCluster::archive_all() {
  const auto last = ask(url(), "SELECT pg_walfile_name(pg_switch_wal())");
  if (!eventually([&] { return ask(url(), "SELECT last_archived_wal FROM pg_stat_archiver") >= last; }))
    throw std::runtime_error(last + " is not archived");
}

void ArchivedCluster::recover(const std::string& moment) {
  const auto first = std::exchange(socket_, directory_.file("second"));
  act({"kill", first});
  act({"recover", socket_, directory_.file("backups/base"), first + "/archive", moment, owner()});
  act({"stop", first});
}

PostgresPair::PostgresPair() : sockets_{directory_.file("a"), directory_.file("b")} {
  let_others_in(directory_);
  act({"start", primary(), owner()}, "replicated");
  add_standby();
}

PostgresPair::~PostgresPair() {
  for (const auto& socket : sockets_)
    (void)run_program({source("tests/support/postgres_cluster.sh"), "stop", socket});
}

std::string PostgresPair::url_by(const std::array<std::string, 2>& sockets) {
  return url_on(sockets[0] + "," + sockets[1] + "&target_session_attrs=read-write");
}

void PostgresPair::kill_primary() { act({"kill", primary()}); }
void PostgresPair::boot_primary() { act({"boot", primary()}); }
void PostgresPair::promote() {
  act({"promote", standby()});
  primary_ = 1 - primary_;
}
void PostgresPair::add_standby() { act({"standby", standby(), primary(), owner()}); }
void PostgresPair::kill_standby() { act({"kill", standby()}); }
void PostgresPair::boot_standby() { act({"boot", standby()}); }

SmallCluster::SmallCluster() : socket_(directory_.file("small")) {
  let_others_in(directory_);
  act({"start", socket_, owner()}, "small");
}

SmallCluster::~SmallCluster() {
  (void)run_program({source("tests/support/postgres_cluster.sh"), "stop", socket_});
}

bool SmallCluster::can_be_made() {
  return run_program({"unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"}).exit == 0;
}

std::string SmallCluster::url() const { return url_on(socket_); }
void SmallCluster::fill(long long bytes) { act({"fill", socket_, std::to_string(bytes)}); }
void SmallCluster::empty() { act({"empty", socket_}); }

Pooler::Pooler(const std::string& server, const std::string& mode) : socket_(directory_.file("pooler")) {
  let_others_in(directory_);
  act({"pooler", socket_, server, mode, owner()});
}

Pooler::~Pooler() { (void)run_program({source("tests/support/postgres_cluster.sh"), "stop", socket_}); }

std::string Pooler::url_of(const std::string& url) const {
  return url.substr(0, url.find("?host=")) + "?host=" + socket_;
}

}  // namespace muster::test
