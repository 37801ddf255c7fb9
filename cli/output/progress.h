// The line on a terminal that shows how far a command is. Whatever takes longer than a second has one.
#pragma once

#include <condition_variable>
#include <iosfwd>
#include <mutex>
#include <string>
#include <thread>

namespace muster::cli {

class Progress {
 public:
  /// `err` must outlive it. Nothing is ever shown without a terminal.
  Progress(std::ostream& err, bool is_terminal) : err_(err), is_terminal_(is_terminal) {}

  /// Shows the text in the place of the one before; "" takes it away.
  void show(const std::string& text);

  /// While it lives, and from its second second on, the seconds that `what` takes are shown, unless the
  /// command shows a text of its own.
  class Waiting {
   public:
    Waiting(Progress& progress, std::string what);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    void count(const std::stop_token& stop, const std::string& what);

    Progress& progress_;
    std::mutex mutex_;
    std::condition_variable_any ended_;
    std::jthread thread_;
  };

 private:
  void write(const std::string& text);

  std::ostream& err_;
  const bool is_terminal_;
  std::mutex mutex_;
  bool has_own_text_ = false;
  bool is_shown_ = false;
};

}  // namespace muster::cli
