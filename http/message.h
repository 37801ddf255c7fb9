// A request and an answer, as the server and the client see them: bytes, no product words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace muster::http {

/// Header fields in order of arrival. Names compare without regard to case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// Replaces every field of that name.
  void set(std::string name, std::string value);
  /// The first field of that name, or nothing.
  std::optional<std::string> get(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).has_value(); }

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// The query of a URL, decoded, in order.
class Query {
 public:
  void add(std::string name, std::string value) { values_.emplace_back(std::move(name), std::move(value)); }
  std::optional<std::string> get(std::string_view name) const;

  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

struct Request {
  std::string method;  ///< upper case
  std::string target;  ///< as sent: path and query
  std::string path;    ///< percent-decoded
  Query query;
  Headers headers;
  std::string body;
  std::string peer;                     ///< address of the other side, for the log
  std::vector<std::string> parameters;  ///< what the route's {placeholders} matched, in order; see router.h
};

/// A file that is the body of an answer.
class BodyFile {
 public:
  /// `held` is let go with it.
  static std::shared_ptr<const BodyFile> take(Descriptor file, std::shared_ptr<const void> held = {});

  std::uint64_t size() const { return size_; }
  /// Reads the bytes from `at` on into the buffer; returns how many, and 0 when they cannot be read.
  size_t read(std::uint64_t at, char* buffer, size_t size) const;

 private:
  BodyFile(Descriptor file, std::uint64_t size, std::shared_ptr<const void> held)
      : file_(std::move(file)), size_(size), held_(std::move(held)) {}
  const Descriptor file_;
  const std::uint64_t size_;
  const std::shared_ptr<const void> held_;
};

/// A body that is made while it is sent, piece by piece: a list too long to be in memory, or what is yet to
/// happen.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  /// Makes the next piece, some 100 kB; nothing behind the last one. After an error the client sees that the
  /// rest is missing. An empty piece: there is none now, see when_more(). Never on two threads at once.
  virtual Result<std::optional<std::string>> next() = 0;
  /// Behind an empty piece: has `wake` called, once, when next() is to be asked again, which must be so
  /// within 45 s. On any thread, here too, but not any more once the body is destroyed. No thread waits
  /// meanwhile.
  virtual void when_more(std::function<void()> wake) { wake(); }
};

struct Response {
  int status = 200;
  Headers headers = {};
  std::string body = {};
  /// The body in place of `body`, when set. http::Client sets none.
  std::shared_ptr<BodyStream> stream = {};
  /// The body in place of `body`, when set: sent piece by piece, however large it is. A server's only.
  std::shared_ptr<const BodyFile> file = {};

  /// How the answer leaves; all but `whole` are faults that only a simulator asks for.
  enum class Delivery {
    whole,
    cut,    ///< the headers and half of the body, then the connection is reset
    reset,  ///< the connection is reset without an answer
  };
  Delivery delivery = Delivery::whole;
};

}  // namespace muster::http
