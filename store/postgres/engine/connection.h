// One connection to PostgreSQL, by libpq's pipeline mode: statements that give nothing back are sent without
// waiting for their outcome, which comes with the next question. A page of a list costs a few round trips,
// however many statements it takes.
#pragma once

#include <libpq-fe.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "store/postgres/engine/fault.h"
#include "store/postgres/engine/rows.h"
#include "store/postgres/engine/sql.h"
#include "store/postgres/engine/value.h"

namespace muster::postgres {

struct ConnectionSettings {
  std::string url;  ///< as libpq reads it: postgresql://... or key=value pairs
  Millis statement_limit{60'000};
  Millis patience{10'000};                ///< beyond that limit, until the server is given up
  std::chrono::seconds connect_limit{5};  ///< for each host
};

/// What a COPY TO STDOUT gives at once: the header, a row or the trailer, or several of them.
class CopiedBytes {
 public:
  CopiedBytes(char* bytes, size_t size) : bytes_(bytes), size_(size) {}
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  struct Free {
    void operator()(char* bytes) const { PQfreemem(bytes); }
  };
  std::unique_ptr<char, Free> bytes_;
  size_t size_;
};

struct AllKnownNumbers;  // dictionary.h

class Connection {
 public:
  /// Connects and sets up the session. On failure `fault`, if given, gets the error and what it means.
  static Result<std::unique_ptr<Connection>> open(const ConnectionSettings& settings, Fault* fault = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// A transaction begins: an earlier one's fault is over. `is_writing`: see Wanted.
  void begin(bool is_writing);

  /// Sends a statement; it stays prepared, here and below. A failure comes with one of the next calls.
  template <class... Ts>
  Result<> run(Sql sql, const Ts&... values) {
    return send(sql, values_of(values...));
  }
  Result<> run_with(Sql sql, const Values& values) { return send(sql, values); }
  /// The same; the first column of its first row comes into `number` when its outcome is there. Until then,
  /// at the latest with settle(), `number` must be there.
  template <class... Ts>
  Result<> run_for(std::int64_t& number, Sql sql, const Ts&... values) {
    return send(sql, values_of(values...), &number);
  }

  /// Runs all that was sent and this statement; gives its rows.
  template <class... Ts>
  Result<Rows> ask(Sql sql, const Ts&... values) {
    MUSTER_TRY(send(sql, values_of(values...)));
    return receive();
  }
  Result<Rows> ask_with(Sql sql, const Values& values) {
    MUSTER_TRY(send(sql, values));
    return receive();
  }
  /// The same, for a statement that was put together: it is not kept prepared. It may look at all devices:
  /// the planner chooses how. Code::too_large when it reaches its limit.
  Result<Rows> ask_built(const std::string& sql, const Values& values);

  /// All rows, each through `map(const Row&)`.
  template <class Map, class... Ts>
  auto all(Sql sql, Map&& map, const Ts&... values)
      -> Result<std::vector<std::invoke_result_t<Map, const Row&>>> {
    MUSTER_TRY(const auto rows, ask(sql, values...));
    return rows.each(map);
  }
  /// The first row, or nothing.
  template <class Map, class... Ts>
  auto first(Sql sql, Map&& map, const Ts&... values)
      -> Result<std::optional<std::invoke_result_t<Map, const Row&>>> {
    MUSTER_TRY(const auto rows, ask(sql, values...));
    if (rows.size() == 0) return std::nullopt;
    return std::optional(map(rows[0]));
  }

  /// Runs all that was sent.
  Result<> settle();
  /// Lets the server begin with what was sent.
  void flush() { PQflush(connection_.get()); }
  /// Sends a statement that ends a transaction and cannot fail; its outcome is read by the next one.
  void end_with(Sql sql);
  /// For LISTEN: its socket, and the payloads of the notifications that have come. Code::storage when it is
  /// lost.
  int socket() const { return PQsocket(connection_.get()); }
  Result<std::vector<std::string>> notifications();
  /// Whether one comes within `limit`, without any being asked for.
  Result<bool> await_notification(Millis limit);
  /// Whether the server has not closed the connection meanwhile.
  bool looks_alive();

  /// Several statements without values, outside of the pipeline and of transactions: the schema. Gives the
  /// rows of the last.
  Result<Rows> script(const std::string& sql);

  /// Begins a COPY in binary form (copy.h), outside of the pipeline; nothing else can be asked before its
  /// end. FROM STDIN: pieces of any size, then end_copy(). TO STDOUT: next_copied(), until it gives nothing.
  Result<> begin_copy(const std::string& sql);
  Result<> put_copied(std::string_view bytes);
  Result<> end_copy();
  Result<std::optional<CopiedBytes>> next_copied();

  /// The first failure since begin().
  const std::optional<Fault>& fault() const { return fault_; }
  bool is_lost() const { return PQstatus(connection_.get()) == CONNECTION_BAD; }
  /// Forgets the fault, so that ROLLBACK can be sent.
  void forget_fault() { fault_.reset(); }

  /// Server and database, without secrets.
  const std::string& place() const { return place_; }
  /// Of this connection among all of all servers: random.
  std::int64_t id() const { return id_; }
  /// What was learned of the server's texts. It goes with the connection: what a server that was killed had
  /// committed in passing is gone, and on another one the numbers may stand for something else.
  std::shared_ptr<AllKnownNumbers>& known_numbers() { return known_numbers_; }
  /// The server's process, as the server said when it was connected; a pooler says something else.
  int process() const { return PQbackendPID(connection_.get()); }

 private:
  struct Sent {
    const char* prepares = nullptr;  // the text of the statement that this prepares
    bool is_sync = false;
    bool is_built = false;  // put together: it may look at all devices
    std::int64_t* number = nullptr;
  };
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };

  Connection(PGconn* connection, const ConnectionSettings& settings);
  Result<> set_up();
  Result<> leave_pipeline();
  Result<> enter_pipeline();
  Result<> finish_copy();
  Result<> send(Sql sql, const Values& values, std::int64_t* number = nullptr);
  Result<> send_failed();
  Result<> send_sync();
  Result<Rows> receive();
  void take(PGresult* result, const Sent& sent, Rows& last);
  PGresult* next();
  bool wait();
  Result<> fail(Fault fault);
  void cancel_if_unwanted();

  std::unique_ptr<PGconn, Finish> connection_;
  const ConnectionSettings settings_;
  const std::int64_t id_;
  std::shared_ptr<AllKnownNumbers> known_numbers_;
  std::string place_;
  std::unordered_map<const char*, std::string> prepared_;  // the statements' names, by text
  long long named_ = 0;
  std::deque<Sent> sent_;
  std::optional<Fault> fault_;
  bool is_writing_ = false;
  bool may_scan_ = false;  // the planner may look at all rows, until the transaction ends
  bool is_cancelled_ = false;
};

}  // namespace muster::postgres
