#include "sim/apple/listing.h"

#include <algorithm>

#include "sim/apple/cursor.h"
#include "sim/world/codec.h"
#include "sim/world/row.h"

namespace muster::sim {
namespace {

constexpr size_t kRowBytes = 640;  // a row of an iPhone at version 10 has about 610

size_t page_size(const Settings& settings, const PageRequest& request) {
  return static_cast<size_t>(std::min(request.limit.value_or(settings.page_default), settings.page_limit));
}

// A page under construction: rows, then the four members around them.
class Page {
 public:
  explicit Page(size_t rows) {
    json_.reserve(std::min<size_t>(rows, 1000) * kRowBytes + 512);
    json_ = "{\"devices\":[";
  }

  void add(const World& world, const Device& device, const DeviceState& state, const RowForm& form) {
    if (rows_++ > 0) json_ += ',';
    append_row(json_, world, device, state, form);
  }
  void add(const ReadyRows::Block& block) {
    json_ += block.text;
    rows_ += block.rows;
  }
  size_t rows() const { return rows_; }

  PageAnswer finish(const Settings& settings, const PageRequest& request, const Cursor& next, bool more) && {
    const bool says_more = more || request.repeat_cursor;
    json_ += "],\"fetched_until\":\"";
    append_date(json_, next.last_operation_ms);
    json_ += settings.text_more_to_follow ? "\",\"more_to_follow\":\"" : "\",\"more_to_follow\":";
    json_ += says_more ? "true" : "false";
    json_ += settings.text_more_to_follow ? "\",\"cursor\":" : ",\"cursor\":";
    append_json_string(json_, request.repeat_cursor && request.cursor ? *request.cursor : next.text());
    json_ += '}';
    return {.word = {}, .json = std::move(json_), .rows = rows_};
  }

 private:
  std::string json_;
  size_t rows_ = 0;
};

PageAnswer refuse(const char* word) { return {.word = word, .json = {}, .rows = 0}; }

// Throttled devices' operations come late: when the cool-down is over they enter the log as if they were new.
void release_hidden(World& world, Account& account, long long now_ms) {
  auto is_over = [&](const Event& event) { return world.device(event.device).throttled_until_ms <= now_ms; };
  for (Event& event : account.hidden) {
    if (!is_over(event)) continue;
    event.ms = account.next_event_ms(now_ms);
    account.append_event(event);
  }
  std::erase_if(account.hidden, is_over);
}

bool earlier(const Event& event, long long ms) { return event.ms < ms; }

// Where in the log a sync with this cursor continues.
size_t first_event(const Account& account, const Cursor& cursor, bool redeliver) {
  const auto begin = account.events.begin();
  if (!cursor.fetch_complete)  // by switch: everything since that fetch began
    return static_cast<size_t>(std::lower_bound(begin, account.events.end(), cursor.request_ms + 1, earlier) -
                               begin);
  const auto same_ms = std::lower_bound(begin, account.events.end(), cursor.last_operation_ms, earlier);
  if (redeliver && cursor.offset == 0) return static_cast<size_t>(same_ms - begin);
  if (cursor.offset == 0)
    return static_cast<size_t>(
        std::lower_bound(same_ms, account.events.end(), cursor.last_operation_ms + 1, earlier) - begin);
  return std::min(static_cast<size_t>(same_ms - begin) + static_cast<size_t>(cursor.offset),
                  account.events.size());
}

// The cursor after the events before `next`; the last one delivered is next - 1.
Cursor cursor_after(const Account& account, size_t next) {
  Cursor cursor;
  cursor.fetch_complete = true;
  cursor.last_operation_ms = account.events[next - 1].ms;
  if (next < account.events.size() && account.events[next].ms == cursor.last_operation_ms) {
    const auto same_ms =
        std::lower_bound(account.events.begin(), account.events.end(), cursor.last_operation_ms, earlier);
    cursor.offset = static_cast<long long>(next) - (same_ms - account.events.begin());
  }
  return cursor;
}

}  // namespace

PageAnswer fetch_page(World& world, Account& account, const Settings& settings, long long now_ms,
                      const PageRequest& request) {
  Cursor next;
  next.limit = request.limit.value_or(0);
  if (request.cursor) {
    const auto cursor = Cursor::parse(*request.cursor);
    if (!cursor) return refuse("INVALID_CURSOR");
    if (cursor->fetch_complete) return refuse("EXHAUSTED_CURSOR");
    if (now_ms - cursor->request_ms > settings.cursor_lifetime.count()) return refuse("INVALID_CURSOR");
    next.request_ms = cursor->request_ms;
    next.offset = cursor->offset;
  } else {
    next.request_ms = account.take_snapshot(now_ms);
  }

  const size_t limit = page_size(settings, request);
  Page page(std::min(limit, account.list.size()));
  const RowForm form{.version = request.version, .lower_uuids = settings.lower_uuids};
  bool more = false;
  auto index = static_cast<size_t>(next.offset);
  if (const auto ready = account.ready_rows.from(index, limit, form.version); ready.rows > 0) {
    page.add(ready);
    index += ready.rows;
    next.last_operation_ms = std::max(0LL, world.device(account.list[index - 1].device).state.assigned_ms);
  }
  for (; index < account.list.size(); ++index) {
    const ListEntry& entry = account.list[index];
    if (entry.listed_ms > next.request_ms) break;
    const Departure* departure = entry.departure == 0 ? nullptr : &account.departures[entry.departure - 1];
    if (departure && departure->ms <= next.request_ms) continue;
    if (page.rows() == limit) {
      more = true;
      break;
    }
    const Device& device = world.device(entry.device);
    const DeviceState& state = departure ? departure->state : device.state;
    page.add(world, device, state, form);
    next.last_operation_ms = std::max(0LL, state.assigned_ms);
  }
  if (more) {
    next.offset = static_cast<long long>(index);
  } else {
    // Sync continues from when the fetch began.
    next.offset = 0;
    next.last_operation_ms = next.request_ms;
    next.request_ms = std::max(now_ms, next.request_ms);
    next.fetch_complete = true;
  }
  return std::move(page).finish(settings, request, next, more);
}

PageAnswer sync_page(World& world, Account& account, const Settings& settings, long long now_ms,
                     const PageRequest& request) {
  if (!request.cursor) return refuse("CURSOR_REQUIRED");
  const auto cursor = Cursor::parse(*request.cursor);
  if (!cursor) return refuse("INVALID_CURSOR");
  if (now_ms - cursor->request_ms > settings.cursor_lifetime.count()) return refuse("EXPIRED_CURSOR");
  if (!cursor->fetch_complete && settings.incomplete_cursor == "invalid") return refuse("INVALID_CURSOR");

  release_hidden(world, account, now_ms);
  ++account.syncs;
  const bool redeliver = settings.redeliver_every > 0 && account.syncs % settings.redeliver_every == 0;
  const size_t first = first_event(account, *cursor, redeliver);
  const size_t limit = page_size(settings, request);
  const size_t end = std::min(first + limit, account.events.size());

  Page page(end - first);
  for (size_t i = first; i < end; ++i) {
    const Event& event = account.events[i];
    page.add(world, world.device(event.device), event.state,
             {.version = request.version,
              .event = &event,
              .sparse_deleted = settings.sparse_deleted,
              .lower_uuids = settings.lower_uuids});
  }
  Cursor next;
  if (end > first) {
    next = cursor_after(account, end);
    account.cursor_given(next.last_operation_ms);
  } else {
    next.fetch_complete = true;
    next.last_operation_ms = account.take_snapshot(now_ms);
  }
  next.limit = request.limit.value_or(0);
  next.request_ms = std::max(now_ms, next.last_operation_ms);
  return std::move(page).finish(settings, request, next, end < account.events.size());
}

}  // namespace muster::sim
