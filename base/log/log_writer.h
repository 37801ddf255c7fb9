// Who writes the log's lines.
#pragma once

#include <memory>
#include <string>
#include <thread>

namespace muster::log {

class Output;  // log_writer.cc

/// As long as there is one, nobody who logs waits for whoever reads standard error. A line that is not taken
/// at once is kept, 1 MiB of them at most, and a thread writes it when it can. Lines beyond that are dropped
/// and counted, and the line `log.dropped` says how many, once there is room again. Without a Writer whoever
/// logs writes, and waits: for tools.
class Writer {
 public:
  /// Throws std::system_error when its thread cannot be started. One at a time, in a process that ignores
  /// SIGPIPE.
  Writer();
  /// Waits for half a second at most until what was kept is written.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

 private:
  const std::shared_ptr<Output> output_;  // the thread's too, which may outlive us in a call that waits
  std::thread thread_;
};

/// So many were dropped since the start of the process. Any thread.
long long lines_dropped();

/// Writes a line, its newline included, or keeps it. For log.cc.
void put_line(std::string line);

}  // namespace muster::log
