#include "store/postgres/engine/connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/text/encoding.h"
#include "base/threads/wanted.h"

namespace muster::postgres {
namespace {

using namespace std::chrono_literals;

// Statements that are sent before their outcomes are read, so that neither side's buffers grow without end.
constexpr size_t kMostSent = 2000;
// How often a thread that waits looks whether its work is still wanted.
constexpr auto kLook = 100ms;

// A server that is suspended in the middle of a transaction loses it, and its locks: another one waits for
// its accounts.
constexpr Millis kSuspended = 10s;

constexpr int kBinary = 1;
constexpr std::string_view kTooLong = "57014";  // SQLSTATE of a statement that reached its limit

// The parameters as libpq takes them.
struct Arguments {
  explicit Arguments(const Values& values) : formats(values.size(), kBinary) {
    for (const auto& value : values) {
      types.push_back(static_cast<Oid>(value.type));
      data.push_back(value.is_null ? nullptr : value.bytes.data());
      lengths.push_back(static_cast<int>(value.bytes.size()));
    }
  }
  int count() const { return static_cast<int>(types.size()); }

  std::vector<Oid> types;
  std::vector<const char*> data;
  std::vector<int> lengths, formats;
};

std::string place_of(PGconn* connection) {
  const auto text = [](const char* value) { return std::string(value ? value : ""); };
  const std::string host = text(PQhost(connection)), port = text(PQport(connection));
  return "\"" + text(PQdb(connection)) + "\" on " + (host.empty() ? "the local socket" : host) +
         (port.empty() ? "" : ":" + port);
}

std::int64_t random_number() {
  std::int64_t number = 0;
  std::memcpy(&number, random_bytes(sizeof number).data(), sizeof number);
  return number;
}

// The names are of this connection only: behind a pooler that gives it another session, they are not found,
// instead of meaning another connection's statements.
std::string name_of_statement(std::int64_t connection, long long number) {
  return fmt::format("m{:x}_{}", static_cast<std::uint64_t>(connection), number);
}

// What the prepared statements do are look-ups by index, whatever is known of the tables: statistics of a
// table that was empty a minute ago would make the planner read all of it, each time. What may have to look
// at all rows (ask_built()) lets the planner choose.
constexpr const char* kSession =
    "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET datestyle = 'ISO'; SET jit = off; "
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
    "SET plan_cache_mode = force_generic_plan; SET default_transaction_isolation = 'read committed'; "
    "SET client_min_messages = warning; ";

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionSettings& settings, Fault* fault) {
  const auto refuse = [&](Fault why) {
    if (fault) *fault = why;
    return failure(std::move(why.error));
  };
  // `dbname` is the whole URL. Its parameters override those before it.
  const char* const keys[] = {"connect_timeout",
                              "application_name",
                              "keepalives_idle",
                              "keepalives_interval",
                              "tcp_user_timeout",
                              "dbname",
                              nullptr};
  const std::string limit = std::to_string(settings.connect_limit.count());
  const char* const values[] = {limit.c_str(), "muster", "10", "5", "20000", settings.url.c_str(), nullptr};
  std::unique_ptr<PGconn, Finish> made(PQconnectdbParams(keys, values, 1));
  if (!made)
    return refuse(
        {{Code::internal, "no memory for a connection to the database", "", {}}, Fault::Kind::final});
  if (PQstatus(made.get()) != CONNECTION_OK) return refuse(fault_of(made.get(), place_of(made.get())));
  std::unique_ptr<Connection> connection(new Connection(made.release(), settings));
  if (auto set = connection->set_up(); !set) {
    Fault why = connection->fault_.value_or(Fault{set.error(), Fault::Kind::final});
    why.error = why.error.while_doing("the database " + connection->place_);
    return refuse(std::move(why));
  }
  return connection;
}

Connection::Connection(PGconn* connection, const ConnectionSettings& settings)
    : connection_(connection), settings_(settings), id_(random_number()), place_(place_of(connection)) {
  PQsetNoticeProcessor(
      connection, [](void*, const char*) {}, nullptr);
}

Connection::~Connection() = default;

Result<> Connection::set_up() {
  return script(kSession + std::string("SET statement_timeout = ") +
                std::to_string(settings_.statement_limit.count()) +
                "; SET idle_in_transaction_session_timeout = " + std::to_string(kSuspended.count()))
      .map([](const Rows&) {});
}

void Connection::begin(bool is_writing) {
  fault_.reset();
  is_writing_ = is_writing;
  may_scan_ = false;
  is_cancelled_ = false;
}

Result<> Connection::fail(Fault fault) {
  if (!fault_) fault_ = std::move(fault);
  return failure(fault_->error);
}

Result<> Connection::send_failed() { return fail(fault_of("08006", PQerrorMessage(connection_.get()))); }

Result<> Connection::send(Sql sql, const Values& values, std::int64_t* number) {
  if (fault_) return failure(fault_->error);
  const Arguments arguments(values);
  const auto [known, is_new] = prepared_.try_emplace(sql.c_str(), name_of_statement(id_, ++named_));
  if (is_new) {
    if (PQsendPrepare(connection_.get(), known->second.c_str(), sql.c_str(), arguments.count(),
                      arguments.types.data()) == 0)
      return send_failed();
    sent_.push_back({.prepares = sql.c_str()});
  }
  if (PQsendQueryPrepared(connection_.get(), known->second.c_str(), arguments.count(), arguments.data.data(),
                          arguments.lengths.data(), arguments.formats.data(), kBinary) == 0)
    return send_failed();
  sent_.push_back({.number = number});
  if (sent_.size() >= kMostSent) return settle();
  return {};
}

Result<Rows> Connection::ask_built(const std::string& sql, const Values& values) {
  if (!std::exchange(may_scan_, true))
    MUSTER_TRY(
        run("SELECT set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true), "
            "set_config('enable_mergejoin', 'on', true), set_config('plan_cache_mode', 'auto', true)"));
  if (fault_) return failure(fault_->error);
  const Arguments arguments(values);
  if (PQsendQueryParams(connection_.get(), sql.c_str(), arguments.count(), arguments.types.data(),
                        arguments.data.data(), arguments.lengths.data(), arguments.formats.data(),
                        kBinary) == 0)
    MUSTER_TRY(send_failed());
  sent_.push_back({.is_built = true});
  return receive();
}

Result<> Connection::settle() {
  if (fault_) return failure(fault_->error);
  if (sent_.empty()) return {};
  MUSTER_TRY(receive());
  return {};
}

Result<> Connection::send_sync() {
  if (PQpipelineSync(connection_.get()) == 0) return send_failed();
  sent_.push_back({.is_sync = true});
  return {};
}

Result<Rows> Connection::receive() {
  Rows last;
  MUSTER_TRY(send_sync());
  while (!sent_.empty()) {
    const Sent sent = std::move(sent_.front());
    sent_.pop_front();
    PGresult* const result = next();
    if (!result) {
      sent_.clear();
      if (!fault_) (void)fail(fault_of("08006", PQerrorMessage(connection_.get())));
      break;
    }
    if (sent.is_sync) {
      PQclear(result);
      continue;
    }
    take(result, sent, last);
    if (PGresult* const end = next()) PQclear(end);
  }
  if (fault_) return failure(fault_->error);
  return last;
}

void Connection::end_with(Sql sql) {
  if (run(sql)) (void)send_sync();
}

Result<std::vector<std::string>> Connection::notifications() {
  if (PQconsumeInput(connection_.get()) == 0) MUSTER_TRY(send_failed());
  std::vector<std::string> payloads;
  while (PGnotify* const notification = PQnotifies(connection_.get())) {
    payloads.emplace_back(notification->extra);
    PQfreemem(notification);
  }
  return payloads;
}

Result<bool> Connection::await_notification(Millis limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    MUSTER_TRY(const auto payloads, notifications());
    if (!payloads.empty()) return true;
    const auto left = std::chrono::ceil<Millis>(deadline - std::chrono::steady_clock::now());
    if (left <= 0ms) return false;
    pollfd file{socket(), POLLIN, 0};
    ::poll(&file, 1, static_cast<int>(left.count()));
  }
}

bool Connection::looks_alive() {
  pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
  while (!is_lost() && ::poll(&socket, 1, 0) > 0)
    if (PQconsumeInput(connection_.get()) == 0) return false;
  return !is_lost();
}

void Connection::take(PGresult* result, const Sent& sent, Rows& last) {
  Rows rows(result);
  const auto status = PQresultStatus(result);
  const bool is_good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  if (!is_good) {
    if (sent.prepares) prepared_.erase(sent.prepares);
    if (fault_ || status == PGRES_PIPELINE_ABORTED) return;
    Fault fault = fault_of(result);
    const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (sent.is_built && state && std::string_view(state) == kTooLong)
      fault = {{Code::too_large, "the filters take too long over so many devices", "Make them shorter", {}},
               Fault::Kind::final};
    if (is_cancelled_) fault = {{Code::cancelled, "stopped before it was done", "", {}}, Fault::Kind::final};
    (void)fail(std::move(fault));
    return;
  }
  if (sent.number && rows.size() > 0) *sent.number = rows[0].integer(0);
  last = std::move(rows);
}

// The next result; null between those of two statements, or when the connection is lost.
PGresult* Connection::next() {
  while (PQisBusy(connection_.get()) != 0)
    if (!wait()) return nullptr;
  return PQgetResult(connection_.get());
}

// Sends what is left to send, and reads what has come. False when the connection is lost.
bool Connection::wait() {
  const auto give_up = std::chrono::steady_clock::now() + settings_.statement_limit + settings_.patience;
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left < 0) return false;
    pollfd socket{PQsocket(connection_.get()), static_cast<short>(left > 0 ? POLLIN | POLLOUT : POLLIN), 0};
    const int ready = ::poll(&socket, 1, static_cast<int>(kLook.count()));
    if (ready > 0) {
      if (PQconsumeInput(connection_.get()) == 0) return false;
      if (left == 0 || PQisBusy(connection_.get()) == 0) return true;
      continue;
    }
    cancel_if_unwanted();
    if (std::chrono::steady_clock::now() < give_up) continue;
    (void)fail(fault_of("08006", "the database server no longer answers"));
    return false;
  }
}

void Connection::cancel_if_unwanted() {
  if (is_cancelled_ || Wanted::still(is_writing_)) return;
  is_cancelled_ = true;
  char reason[256];
  if (PGcancel* const cancel = PQgetCancel(connection_.get())) {
    PQcancel(cancel, reason, sizeof reason);
    PQfreeCancel(cancel);
  }
}

// libpq's pipeline takes one statement at a time.
Result<Rows> Connection::script(const std::string& sql) {
  MUSTER_TRY(leave_pipeline());
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0) MUSTER_TRY(send_failed());
  Rows last;
  while (PGresult* const result = next()) {
    last = Rows(result);
    const auto status = last.status();
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) (void)fail(fault_of(result));
  }
  if (fault_) return failure(fault_->error);
  MUSTER_TRY(enter_pipeline());
  return last;
}

Result<> Connection::leave_pipeline() {
  MUSTER_TRY(settle());
  PQexitPipelineMode(connection_.get());
  PQsetnonblocking(connection_.get(), 0);
  return {};
}

Result<> Connection::enter_pipeline() {
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) == 0)
    return send_failed();
  return {};
}

}  // namespace muster::postgres
