// Who writes the log's lines.
#pragma once

#include <memory>
#include <string>
#include <thread>

namespace muster::log {

class Output;  // log_writer.cc

/// While a Writer exists, logging never blocks on the reader of standard error. Lines that cannot be written
/// at once are buffered, up to 1 MiB, and a thread writes them later. Further lines are dropped and counted;
/// the line `log.dropped` reports how many once there is room again. Without a Writer, logging writes
/// directly and may block: for tools.
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
