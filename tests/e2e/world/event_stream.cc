#include "tests/e2e/world/event_stream.h"

#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <stdexcept>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "tests/e2e/world/described_api.h"
#include "tests/support/json_schema.h"
#include "tests/support/process.h"

namespace muster::test {
namespace {

void expect_as_described(const ReceivedEvent& event) {
  const auto& document = described_api().document();
  const auto& events = document.at("paths")
                           .at("/api/v1/events")
                           .at("get")
                           .at("responses")
                           .at("200")
                           .at("x-events")
                           .as_object();
  const auto* schema = events.if_contains(event.type);
  if (!schema) {
    ADD_FAILURE() << "docs/openapi.yaml has no events of the type " << event.type;
    return;
  }
  for (const auto& fault : schema_faults(document, *schema, event.data))
    ADD_FAILURE() << event.type << ": " << fault << "\n" << boost::json::serialize(event.data);
}

}  // namespace

std::string ReceivedEvent::account() const {
  const auto* name = data.if_contains("account");
  return name ? std::string(name->as_string()) : "";
}

EventStream::EventStream(unsigned short port, const std::string& key, const std::string& query,
                         const std::string& last)
    : connection_(port) {
  connection_.send("GET /api/v1/events" + query +
                   " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic " +
                   base64_encode("micromdm:" + key) + "\r\n" +
                   (last.empty() ? "" : "Last-Event-ID: " + last + "\r\n") + "\r\n");
}

// Decodes whole chunks of what has come.
bool EventStream::read_more() {
  const auto some = connection_.read_some();
  if (some.empty()) return false;
  chunks_ += some;
  if (head_.empty()) {
    const size_t end = chunks_.find("\r\n\r\n");
    if (end == std::string::npos) return true;
    head_ = chunks_.substr(0, end);
    chunks_.erase(0, end + 4);
  }
  for (;;) {
    const size_t line = chunks_.find("\r\n");
    if (line == std::string::npos) return true;
    size_t size = 0;
    std::from_chars(chunks_.data(), chunks_.data() + line, size, 16);
    if (chunks_.size() < line + 2 + size + 2) return true;
    text_ += chunks_.substr(line + 2, size);
    chunks_.erase(0, line + 2 + size + 2);
  }
}

std::optional<ReceivedEvent> EventStream::next() {
  // Heartbeats come all the time.
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    const size_t end = text_.find("\n\n");
    if (end == std::string::npos) {
      if (!read_more()) return std::nullopt;
      continue;
    }
    const auto event = parse(text_.substr(0, end + 1));
    text_.erase(0, end + 2);
    if (event) return event;
  }
  return std::nullopt;
}

std::optional<ReceivedEvent> EventStream::parse(const std::string& block) {
  ReceivedEvent event;
  bool has_data = false;
  for (size_t begin = 0; begin < block.size();) {
    const size_t end = block.find('\n', begin);
    const std::string line = block.substr(begin, end - begin);
    begin = end + 1;
    const auto value = [&](const std::string& name) -> std::optional<std::string> {
      if (!line.starts_with(name + ": ")) return std::nullopt;
      return line.substr(name.size() + 2);
    };
    if (line.starts_with(":")) has_comment_ = true;
    if (const auto id = value("id")) last_id_ = event.id = *id;
    if (const auto type = value("event")) event.type = *type;
    if (const auto data = value("data")) {
      event.data = parse_json(*data).value().as_object();
      has_data = true;
    }
  }
  if (!has_data) return std::nullopt;
  expect_as_described(event);
  return event;
}

bool EventStream::await_comment() {
  for (has_comment_ = false; !has_comment_;) {
    const size_t end = text_.find("\n\n");
    if (end == std::string::npos && !read_more()) return false;
    if (end == std::string::npos) continue;
    parse(text_.substr(0, end + 1));
    text_.erase(0, end + 2);
  }
  return true;
}

ReceivedEvent EventStream::await(const std::string& type,
                                 const std::function<bool(const ReceivedEvent&)>& condition) {
  std::string seen;
  while (auto event = next()) {
    if (event->type == type && (!condition || condition(*event))) return *std::move(event);
    seen += event->type + " " + boost::json::serialize(event->data) + "\n";
  }
  throw std::runtime_error("no event " + type + " came, but\n" + seen + head_ + "\n" + text_ + chunks_);
}

std::vector<ReceivedEvent> EventStream::until_end() {
  std::vector<ReceivedEvent> events;
  while (auto event = next()) events.push_back(*std::move(event));
  return events;
}

}  // namespace muster::test
