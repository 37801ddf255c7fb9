#include "tests/handover/old_nanodep.h"

#include <algorithm>
#include <stdexcept>

#include "apple/session/token.h"
#include "base/os/files.h"
#include "base/text/json.h"
#include "tests/support/manual_clock.h"

namespace muster::test {
namespace {

constexpr int kPage = 1000;

template <class T>
T done(Result<T> result) {
  if (!result) throw std::runtime_error("the old server: " + result.error().text());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace

OldNanodep::OldNanodep(const Depsim& depsim, std::string directory)
    : depsim_(depsim), directory_(std::move(directory)) {}

void OldNanodep::set(const std::string& name, const std::string& ending, const std::string& value) const {
  done(write_file(directory_ + "/dep_names/" + name + ending, value));
}

std::string OldNanodep::value(const std::string& name, const std::string& ending) const {
  const auto content = read_file(directory_ + "/dep_names/" + name + ending);
  return content ? *content : "";
}

void OldNanodep::add(const std::string& name) {
  const auto token = depsim_.get("/control/accounts/" + name + "/token");
  for (const char* part : {"consumer_key", "consumer_secret", "access_token", "access_secret"})
    set(name, std::string(".") + part, std::string(token.at(part).as_string()));
  set(name, ".access_token_expiry", "2031-02-03T04:05:06Z");
  set(name, ".config", R"({"base_url":")" + depsim_.url() + R"("})");
  const auto pair = done(apple::make_key_pair("depserver", kNow, 1));
  for (const std::string staged : {"", "_staging"}) {
    set(name, ".cert" + staged, pair.certificate_pem);
    set(name, ".key" + staged, pair.private_key_pem);
  }
}

apple::Service& OldNanodep::service(const std::string& name) {
  auto& service = services_[name];
  if (!service) {
    const Token token{value(name, ".consumer_key"),
                      value(name, ".consumer_secret"),
                      value(name, ".access_token"),
                      value(name, ".access_secret"),
                      {}};
    service = std::make_unique<apple::Service>(depsim_.url(), token, client_, clock_);
  }
  return *service;
}

std::string OldNanodep::assign_by(const std::string& name, const std::string& profile_name) {
  const auto defined = done(service(name).define_profile(write_json(
      boost::json::object{{"profile_name", profile_name}, {"url", "https://mdm.example.org/mdm/enroll"}})));
  set(name, ".assigner_profile", defined.uuid.str());
  set(name, ".assigner_profile_mod_time", "2026-01-02T03:04:05Z");
  return defined.uuid.str();
}

void OldNanodep::sync(const std::string& name) {
  const std::string stored = value(name, ".cursor");
  const bool fetches = stored.empty();
  for (Cursor cursor(stored);;) {
    auto answer = done(fetches ? service(name).fetch_devices(cursor, kPage)
                               : service(name).sync_devices(cursor, kPage));
    const auto page = done(std::move(answer).read());
    std::vector<Serial> added;
    for (const auto& row : page.devices)
      if (fetches || row.operation == DeviceReport::Operation::added) added.push_back(row.serial);
    const ProfileUuid profile(value(name, ".assigner_profile"));
    if (!added.empty() && !profile.empty()) done(service(name).assign(profile, added));
    cursor = page.cursor;
    set(name, ".cursor", cursor.str());
    if (!page.more_to_follow) return;
  }
}

}  // namespace muster::test
