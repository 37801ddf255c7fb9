#include "tests/move/everything.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace muster::test {
namespace {

using namespace std::chrono_literals;

const Time kNow = from_millis(1'772'355'600'123);
const ProfileUuid kFirst("C1F123098EB5074580041E69883004C3"), kSecond("D1F123098EB5074580041E69883004C3");

std::vector<Serial> serials_of(AccountId account) {
  std::vector<Serial> serials;
  for (const char* name : {"TIED", "PLAIN", "ARRIVED", "CONTESTED", "GONE", "WAITING", "SENT", "Ünïcode"})
    serials.emplace_back(fmt::format("{}{}", name, static_cast<std::int64_t>(account)));
  return serials;
}

// The further lines say what makes a device special.
std::vector<Device> devices_of(AccountId account, RuleId rule) {
  std::vector<Device> devices;
  for (const auto& serial : serials_of(account)) {
    Device device;
    device.account = account;
    device.serial = serial;
    device.first_seen = kNow - 100h;
    device.facts = {.model = "MacBook Pro",
                    .description = "MBP \"13.3\" – ünïcode",
                    .color = devices.size() % 2 ? "SPACE GRAY" : "",
                    .asset_tag = devices.size() % 3 ? "" : "SCH 1",
                    .family = "Mac",
                    .os = "OSX",
                    .profile_status = "assigned",
                    .profile_uuid = kFirst,
                    .profile_assign_time = kNow - 2h,
                    .profile_push_time = kNow - 1h,
                    .assigned_by = "admin@example.com",
                    .assigned_at = kNow - 3h,
                    .other = R"({"mdm_migration_deadline":"2026-03-01T00:00:00Z"})"};
    device.baseline = ProfileShown{"empty", {}};
    devices.push_back(device);
  }
  devices[0].last_operation = DeviceReport::Operation::modified;
  devices[0].last_op_date = kNow - 5h;
  devices[0].asked_after = kNow - 4h;
  devices[1].facts = {};
  devices[1].baseline.reset();
  devices[2].arrived_at = kNow - 50h;
  devices[2].facts.profile_status = "";
  devices[3].contested_at = kNow - 3h;
  devices[3].desired = {Desired::By::rule, kFirst, rule, kNow - 4h};
  devices[4].tombstone = Tombstone{Tombstone::Reason::not_accessible, kNow - 2h};
  devices[4].arrival_due_before = kNow + 1h;
  devices[5].desired = {Desired::By::rule, kSecond, rule, kNow - 1h};
  devices[6].desired = {Desired::By::manual, kSecond, {}, kNow - 1h};
  devices[7].desired = {Desired::By::hold, {}, {}, kNow};
  return devices;
}

Result<> store_account(Writer& w, const std::string& name) {
  MUSTER_TRY(const AccountId account, w.create_account(AccountName(name)));
  MUSTER_TRY(w.put_base_url(account, "https://apple.example"));
  MUSTER_TRY(w.put_paused(account, true));
  MUSTER_TRY(w.put_inherit_replacements(account, true));
  MUSTER_TRY(w.put_token(account, {"CK", "CS", "AT", "AS", kNow + 1000h}));
  MUSTER_TRY(w.put_token(account, {"CK2", "CS2", "AT2", "AS2", kNow + 2000h}));
  MUSTER_TRY(w.put_key_pair(account, {"certificate\n", "key\n"}));
  MUSTER_TRY(w.put_apple_account(account, {"server", "uuid", "org", "admin", 500, "{}"}));
  MUSTER_TRY(w.put_clock_offset(account, Millis(-1500)));
  MUSTER_TRY(w.put_sync_state(account, {.changes = Cursor("c1"),
                                        .cursor_troubles = 2,
                                        .refetch_not_before = kNow,
                                        .list = Cursor("l1"),
                                        .list_under_way = true,
                                        .list_number = 17,
                                        .list_began = kNow - 1h,
                                        .next_list = kNow + 1h,
                                        .baseline_done = true,
                                        .baseline_began = kNow - 200h,
                                        .taken_over_since = kNow - 230h,
                                        .many_missing_since = kNow - 2h,
                                        .many_missing = 99}));
  MUSTER_TRY(w.put_run_record(account, {kNow - 2h, kNow - 1h, "did not work"}));
  MUSTER_TRY(w.put_health(account, {Health::State::throttled, kNow - 1h, "WORD", "message", "remedy",
                                    kNow - 30min, 3, kNow + 10min, kNow - 24h}));
  MUSTER_TRY(w.put_lane_trouble(account, Lane::questions,
                                LaneTrouble{.state = Health::State::unreachable,
                                            .since = kNow - 1h,
                                            .failures = 4,
                                            .retry_at = kNow + 1h,
                                            .word = "W",
                                            .message = "m",
                                            .remedy = "r"}));
  for (const auto& uuid : {kFirst, kSecond})
    MUSTER_TRY(w.put_profile({.account = account,
                              .uuid = uuid,
                              .name = "lab",
                              .version = uuid == kFirst ? 1 : 2,
                              .document = R"({"profile_name":"lab"})",
                              .defined_at = kNow - 10h,
                              .defined_by = "ann"}));
  MUSTER_TRY(w.set_current_profile(account, "lab", kFirst));
  MUSTER_TRY(w.set_current_profile(account, "lab", kSecond));
  MUSTER_TRY(w.put_profile_trouble(account, kFirst, ProfileTrouble{"NOT_FOUND", kNow - 1h, 2, kNow + 1h}));
  Rule rule{.account = account,
            .name = "labs",
            .filter = "model:MacBook*",
            .priority = 7,
            .scope = Rule::Scope::all,
            .profile = kSecond,
            .profile_name = "lab",
            .version = 3,
            .created_at = kNow - 9h,
            .updated_at = kNow - 8h,
            .enroll_within = 14 * 24h,
            .broken = "why"};
  MUSTER_TRY(w.put_rule(rule));
  Rule other{.account = account, .filter = "*", .created_at = kNow, .updated_at = kNow};
  MUSTER_TRY(w.put_rule(other));
  MUSTER_TRY(w.put_backfill(account, {Backfill::State::paused, static_cast<DeviceId>(3), 8, 2, kNow - 1h}));
  MUSTER_TRY(w.put_profile_moves(account, {{kFirst, kSecond}}));
  MUSTER_TRY(w.put_note(account, Serial("NOTED"), {"name", "owner", "group", "tag"}));
  MUSTER_TRY(w.put_note(account, Serial("PLAIN"), {.name = "ünï"}));
  SerialList list{.account = account, .name = "lab", .version = 4, .updated_at = kNow - 1h};
  MUSTER_TRY(w.put_serial_list(list));
  for (const auto& serial : serials_of(account)) MUSTER_TRY(w.add_to_list(list.id, serial));

  auto devices = devices_of(account, rule.id);
  for (auto& device : devices) MUSTER_TRY(w.insert_device(device));
  MUSTER_TRY(w.add_history(account, {devices[2].id, kNow - 50h, HistoryEntry::Kind::arrived, ""}));
  MUSTER_TRY(w.add_history(account, {devices[2].id, kNow - 49h, HistoryEntry::Kind::uncovered, ""}));
  MUSTER_TRY(
      w.add_history(account, {devices[5].id, kNow - 1h, HistoryEntry::Kind::decided, "'labs' -> D1F1"}));
  for (const auto* const device : {&devices[3], &devices[5], &devices[6]})
    MUSTER_TRY(w.put_assignment(
        {.device = device->id,
         .serial = device->serial,
         .account = account,
         .profile = kSecond,
         .state = device == &devices[3] ? Assignment::State::looking : Assignment::State::due,
         .urgency = Assignment::Urgency::retry,
         .attempts = 2,
         .next_try = kNow + 5min,
         .last_answer = "FAILED",
         .created_at = kNow - 1h}));
  SentBatch batch{.account = account,
                  .profile = kSecond,
                  .urgency = Assignment::Urgency::retry,
                  .first_try = kNow + 5min,
                  .last_try = kNow + 5min,
                  .first_device = devices[6].id,
                  .last_device = devices[6].id,
                  .sent_at = kNow};
  MUSTER_TRY(w.put_sent_batch(batch));
  const Question question{.account = account,
                          .kind = Question::Kind::tie,
                          .serial = devices[0].serial,
                          .operation = DeviceReport::Operation::modified,
                          .op_date = kNow - 5h,
                          .since = kNow - 4h,
                          .next_try = kNow + 1min,
                          .attempts = 1};
  Question replacement = question;
  replacement.kind = Question::Kind::replacement;
  MUSTER_TRY(w.put_questions(std::vector{question, replacement}));
  return w.add_event({.account = account, .created_at = kNow, .body = "{\"account\":\"" + name + "\"}"});
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

std::string text(const std::optional<Time>& time) { return time ? std::to_string(to_millis(*time)) : "-"; }
std::string text(Time time) { return std::to_string(to_millis(time)); }
template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T> std::string text(T value) {
  return std::to_string(static_cast<std::int64_t>(value));
}
std::string text(const std::string& value) { return "'" + value + "'"; }
template <class Tag>
std::string text(const Strong<Tag>& value) {
  return text(std::string(value.str()));
}

template <class... Ts>
std::string line(const Ts&... values) {
  std::string all;
  ((all += (all.empty() ? "" : " ") + text(values)), ...);
  return all;
}

using Lines = std::vector<std::string>;

std::string line_of(const Device& d) {
  const auto& f = d.facts;
  return line(d.id, d.serial, f.model, f.description, f.color, f.asset_tag, f.family, f.os, f.profile_status,
              f.profile_uuid, f.profile_assign_time, f.profile_push_time, f.assigned_by, f.assigned_at,
              f.other, d.last_operation, d.last_op_date, d.desired.by, d.desired.profile, d.desired.rule,
              d.desired.at, d.tombstone ? line(d.tombstone->reason, d.tombstone->at) : std::string("-"),
              d.first_seen, d.baseline ? line(d.baseline->status, d.baseline->uuid) : std::string("-"),
              d.arrived_at, d.arrival_due_before, d.asked_after, d.contested_at);
}

Result<> read_account(Reader& r, const Account& a, std::map<std::string, Lines>& all) {
  const auto add = [&](const char* subject, std::string what) {
    all[a.name.str() + ": " + subject].push_back(std::move(what));
  };
  const AccountId id = a.id;
  add("account", line(a.id, a.base_url, a.paused, a.inherit_replacements, a.worker, a.epoch));
  MUSTER_TRY(const auto token, r.token(id));
  if (token)
    add("token", line(token->consumer_key, token->consumer_secret, token->access_token, token->access_secret,
                      token->access_token_expiry));
  MUSTER_TRY(const auto pair, r.key_pair(id));
  if (pair) add("key pair", line(pair->certificate_pem, pair->private_key_pem));
  if (a.apple)
    add("apple", line(a.apple->server_name, a.apple->server_uuid, a.apple->org_name, a.apple->admin_id,
                      a.apple->page_limit, a.apple->json));
  if (a.clock_offset) add("clock", line(a.clock_offset->count()));
  MUSTER_TRY(const auto s, r.sync_state(id));
  add("sync", line(s.changes, s.cursor_troubles, s.refetch_not_before, s.list, s.list_under_way,
                   s.list_number, s.list_began, s.next_list, s.baseline_done, s.baseline_began,
                   s.taken_over_since, s.many_missing_since, s.many_missing));
  MUSTER_TRY(const auto run, r.run_record(id));
  add("run", line(run.last_success, run.last_attempt, run.last_error));
  MUSTER_TRY(const auto h, r.health(id));
  add("health",
      line(h.state, h.since, h.word, h.message, h.remedy, h.told, h.failures, h.not_before, h.reminded));
  MUSTER_TRY(const auto revision, r.config_revision(id));
  add("revision", line(revision));
  MUSTER_TRY(const auto troubles, r.lane_troubles(id));
  for (const auto& [lane, t] : troubles)
    add("lane", line(lane, t.state, t.since, t.failures, t.retry_at, t.word, t.message, t.remedy));
  MUSTER_TRY(const auto profiles, r.profiles(id));
  for (const auto& p : profiles)
    add("profiles",
        line(p.uuid, p.name, p.version, p.document, p.defined_at, p.defined_by, p.unknown_at_apple));
  MUSTER_TRY(const auto current, r.current_profile(id, "lab"));
  if (current) add("current profile", line(current->uuid));
  MUSTER_TRY(const auto unknown, r.profile_troubles(id));
  for (const auto& [uuid, t] : unknown)
    add("profile troubles", line(uuid, t.word, t.since, t.failures, t.retry_at));
  MUSTER_TRY(const auto rules, r.rules(id));
  for (const auto& rule : rules)
    add("rules",
        line(rule.id, rule.name, rule.filter, rule.priority, rule.scope, rule.profile, rule.profile_name,
             rule.version, rule.created_at, rule.updated_at, rule.enroll_within.count(), rule.broken));
  MUSTER_TRY(const auto b, r.backfill(id));
  add("backfill", line(b.state, b.position, b.planned, b.changed, b.began));
  MUSTER_TRY(const auto moves, r.profile_moves(id));
  for (const auto& [from, to] : moves) add("moves", line(from, to));
  MUSTER_TRY(const auto notes, r.note_page(id, Serial(""), 100));
  for (const auto& n : notes)
    add("notes", line(n.serial, n.note.name, n.note.owner, n.note.group, n.note.asset_tag));
  MUSTER_TRY(const auto lists, r.serial_lists(id));
  for (const auto& list : lists) {
    add("lists", line(list.id, list.name, list.version, list.updated_at, list.size));
    MUSTER_TRY(const auto members, r.serial_list_page(list.id, Serial(""), 100));
    for (const auto& serial : members) add("members", line(serial));
  }
  MUSTER_TRY(auto devices, r.devices(id, serials_of(id)));
  std::sort(devices.begin(), devices.end(), [](const auto& x, const auto& y) { return x.id < y.id; });
  std::vector<DeviceId> ids;
  for (const auto& device : devices) {
    ids.push_back(device.id);
    add("devices", line_of(device));
    MUSTER_TRY(const auto history, r.history(device.id));
    for (const auto& entry : history) add("history", line(entry.device, entry.at, entry.kind, entry.detail));
  }
  MUSTER_TRY(const auto page, r.device_page(id, Serial(""), 100));
  for (const auto& device : page) add("page", line(device.serial));
  MUSTER_TRY(const auto uncovered, r.uncovered_page(id, Serial(""), 100));
  for (const auto& device : uncovered) add("uncovered", line(device.serial));
  MUSTER_TRY(const auto counts, r.device_counts(id));
  add("counts", line(counts.devices, counts.uncovered, counts.contested));
  MUSTER_TRY(const auto by_profile, r.devices_by_profile(id));
  for (const auto& [uuid, count] : by_profile) add("by profile", line(uuid, count));
  MUSTER_TRY(const auto waiting, r.assignment_count(id));
  add("assignments", line(waiting));
  MUSTER_TRY(auto assignments, r.assignments(ids));
  std::sort(assignments.begin(), assignments.end(),
            [](const auto& x, const auto& y) { return x.device < y.device; });
  for (const auto& w : assignments)
    add("assignments", line(w.device, w.serial, w.profile, w.state, w.urgency, w.attempts, w.next_try,
                            w.last_answer, w.created_at));
  MUSTER_TRY(const auto batches, r.sent_batches(id));
  for (const auto& s2 : batches)
    add("batches", line(s2.id, s2.profile, s2.urgency, s2.first_try, s2.last_try, s2.first_device,
                        s2.last_device, s2.sent_at));
  for (const auto kind : {Question::Kind::tie, Question::Kind::missing, Question::Kind::replacement}) {
    MUSTER_TRY(const auto questions, r.questions(id, kind, kNow + 1000h, 100));
    for (const auto& q : questions)
      add("questions", line(q.kind, q.serial, q.operation, q.op_date, q.since, q.next_try, q.attempts));
  }
  return {};
}

}  // namespace

void store_everything(Store& store) {
  must(store.write(installation, [](Writer& w) -> Result<> {
    MUSTER_TRY(w.create_account(kDefaultAccount));
    MUSTER_TRY(const auto gone, w.create_account(AccountName("gone")));
    MUSTER_TRY(store_account(w, "school"));
    MUSTER_TRY(store_account(w, "lab"));
    Device device;
    device.account = gone;
    device.serial = Serial("TOERASE");
    MUSTER_TRY(w.insert_device(device));
    MUSTER_TRY(w.remove_account(gone));
    MUSTER_TRY(const auto last, w.create_account(AccountName("last")));
    MUSTER_TRY(w.remove_account(last));
    MUSTER_TRY(w.erase_account(last));
    ApiKey key{.name = "ci",
               .id = KeyId("0123456789"),
               .digest = "digest",
               .role = Role::operate,
               .is_for_all_accounts = false,
               .accounts = {AccountName("lab"), AccountName("school")},
               .created_at = kNow - 1h,
               .created_by = "ann",
               .expires_at = kNow + 1000h};
    MUSTER_TRY(w.put_api_key(key));
    for (const int number : {1, 2, 3})
      MUSTER_TRY(w.add_audit({.link = {number, "digest"},
                              .at = kNow + number * 1h,
                              .actor = {"ci", "192.0.2.1", "ann", "request", "lab"},
                              .change = {"rule.saved", "ünï", "{}", "{\"a\":1}"}}));
    MUSTER_TRY(w.remove_old_audit(kNow + 90min, 100));
    MUSTER_TRY(w.put_key_use(key.id, {kNow - 2h, "192.0.2.1"}));
    const Receiver receiver{.id = ReceiverId{4'000'000'007},
                            .name = "chat",
                            .url = "https://example.org/hook",
                            .secret = "secret",
                            .old_secret = "old secret",
                            .old_secret_until = kNow + 1h,
                            .format = Receiver::Format::slack,
                            .topics = {"device.*", "audit"},
                            .accounts = {AccountName("lab")},
                            .created_at = kNow,
                            .created_by = "ann",
                            .status = Receiver::Status::disabled,
                            .status_reason = "it was rejected",
                            .revision = 0,
                            .progress = {.failures = 3, .failing_for = 2h, .attempts = 9, .lost = 1}};
    MUSTER_TRY(w.put_receiver(receiver));
    const Delivery delivery{.number = 9, .at = kNow, .message = "m", .type = "device.gone", .status = 400};
    const DeadLetter letter{.number = 9, .at = kNow, .message = "m", .type = "device.gone", .body = "{}"};
    MUSTER_TRY(w.claim_receiver(receiver.id, 1, 1h));
    MUSTER_TRY(const bool is_kept,
               w.put_progress(receiver, 1, std::span(&delivery, 1), std::span(&letter, 1)));
    if (!is_kept) return failure(Code::internal, "the receiver has another sender");
    MUSTER_TRY(const auto school, w.account(AccountName("school")));
    MUSTER_TRY(w.put_device_lock({.account = school->id,
                                  .serial = Serial("LOCKED"),
                                  .code = "3UM43-PUYVY",
                                  .made_at = kNow,
                                  .made_by = "ann",
                                  .unanswered = 1,
                                  .word = "SUCCESS",
                                  .answered_at = kNow + 1h,
                                  .locked_at = kNow + 2h}));
    const Enrollment here{.serial = Serial("ENROLLED"),
                          .udid = "UDID",
                          .account = school->id,
                          .authenticated_at = kNow,
                          .enrolled_at = kNow + 1h,
                          .last_seen = kNow + 2h,
                          .rule = RuleId{1},
                          .profile = ProfileUuid("P")};
    const Enrollment stranger{
        .serial = Serial("STRANGER"), .udid = "OTHER", .ended_at = kNow, .last_seen = kNow};
    MUSTER_TRY(w.put_enrollments(std::vector{here, stranger}));
    MUSTER_TRY(w.put_late_look(school->id, LateLook{kNow, 3}));
    MUSTER_TRY(w.end_session("digest of a session", kNow + 1h, kNow));
    MUSTER_TRY(w.add_to_day(school->id, kNow - 24h, {.arrived = 3, .calls = 5, .paused = 60s}));
    MUSTER_TRY(w.add_to_day(school->id, kNow, {.assigned = 2, .calls = 4, .failed_calls = 1}));
    MUSTER_TRY(w.put_enrollment_webhook({.secret = "enrollment secret",
                                         .old_secret = "the one before",
                                         .old_secret_until = kNow + 1h,
                                         .made_at = kNow,
                                         .made_by = "ann"}));
    return w.put_api_key(
        {.name = "all", .id = KeyId("other"), .digest = "d", .role = Role::metrics, .created_at = kNow});
  }));
}

std::map<std::string, std::vector<std::string>> everything_in(Store& store) {
  return must(store.read([](Reader& r) -> Result<std::map<std::string, Lines>> {
    std::map<std::string, Lines> all;
    MUSTER_TRY(const auto accounts, r.accounts());
    for (const auto& account : accounts) MUSTER_TRY(read_account(r, account, all));
    MUSTER_TRY(const auto removed, r.removed_accounts());
    for (const AccountId account : removed) {
      all["removed"].push_back(line(account));
      MUSTER_TRY(const auto devices, r.devices_to_erase(account, 100));
      for (const DeviceId device : devices) all["to erase"].push_back(line(device));
    }
    MUSTER_TRY(const auto start, r.audit_start());
    if (start.number > 0) all["audit"].push_back(line(start.number, start.digest));
    MUSTER_TRY(const auto audit, r.audit_after(0, 100));
    for (const auto& e : audit)
      all["audit"].push_back(line(e.link.number, e.link.digest, e.at, e.actor.key, e.actor.address,
                                  e.actor.said, e.actor.request, e.actor.account, e.change.action,
                                  e.change.object, e.change.before, e.change.after));
    MUSTER_TRY(const auto keys, r.api_keys());
    for (const auto& key : keys) {
      std::string names;
      for (const auto& account : key.accounts) names += account.str() + " ";
      all["keys"].push_back(
          line(key.name, key.id, key.digest, key.role, key.is_for_all_accounts, names, key.created_at,
               key.created_by, key.expires_at,
               key.last_use ? line(key.last_use->day, key.last_use->address) : std::string("-")));
    }
    MUSTER_TRY(const bool has_ended, r.has_ended("digest of a session"));
    if (has_ended) all["sessions"].push_back("ended");
    MUSTER_TRY(const auto receivers, r.receivers());
    for (const auto& of : receivers) {
      all["receivers"].push_back(line(of.id, of.name, of.url, of.secret, of.old_secret, of.old_secret_until,
                                      of.format, of.topics.size(), of.accounts.size(), of.status,
                                      of.status_reason, of.progress.failures, of.progress.lost));
      MUSTER_TRY(const auto deliveries, r.deliveries(of.id, 100, 100));
      for (const auto& each : deliveries)
        all["deliveries"].push_back(line(each.number, each.at, each.message, each.type, each.status));
      MUSTER_TRY(const auto letters, r.dead_letters(of.id, 0, 100));
      for (const auto& each : letters)
        all["dead letters"].push_back(line(each.number, each.at, each.message, each.type));
    }
    for (const auto& account : accounts) {
      MUSTER_TRY(const auto lock, r.device_lock(account.id, Serial("LOCKED")));
      if (lock)
        all["locks"].push_back(line(lock->account, lock->code, lock->made_at, lock->made_by, lock->unanswered,
                                    lock->word, lock->answered_at, lock->locked_at));
    }
    const std::vector<Serial> told_of{Serial("ENROLLED"), Serial("STRANGER")};
    MUSTER_TRY(auto enrollments, r.enrollments(told_of));
    std::sort(enrollments.begin(), enrollments.end(),
              [](const Enrollment& a, const Enrollment& b) { return a.serial < b.serial; });
    for (const auto& each : enrollments)
      all["enrollments"].push_back(line(each.serial, each.udid, each.account, each.authenticated_at,
                                        each.enrolled_at, each.ended_at, each.last_seen, each.rule,
                                        each.profile));
    for (const auto& account : accounts) {
      MUSTER_TRY(const auto late, r.late_look(account.id));
      if (late) all["late"].push_back(line(account.id, late->told_until, late->devices));
      MUSTER_TRY(const auto given, r.devices_by_rule(account.id));
      for (const auto& of : given)
        for (const auto& [status, devices] : of.by_status)
          all["given"].push_back(line(account.id, of.rule, of.title, static_cast<int>(status), devices));
    }
    for (const auto& account : accounts) {
      MUSTER_TRY(const auto days, r.day_counts(account.id, Time{}));
      for (const auto& [day, counts] : days)
        all["days"].push_back(line(account.id, day, counts.arrived, counts.assigned, counts.calls,
                                   counts.failed_calls, counts.paused.count()));
    }
    for (const auto& account : accounts) {
      MUSTER_TRY(const auto counts, r.enrolled_by_rule(account.id));
      for (const auto& of : counts)
        all["enrolled"].push_back(line(account.id, of.rule, of.title, of.devices));
    }
    MUSTER_TRY(const auto webhook, r.enrollment_webhook());
    if (webhook)
      all["enrollment webhook"].push_back(line(webhook->secret, webhook->old_secret,
                                               webhook->old_secret_until, webhook->made_at,
                                               webhook->made_by));
    MUSTER_TRY(const auto events, r.oldest_events(100));
    for (const auto& event : events)
      all["events"].push_back(line(event.id, event.account, event.created_at, event.body));
    return all;
  }));
}

}  // namespace muster::test
