#include "tests/scenario/sentences.h"

#include <algorithm>

#include "tests/scenario/acts.h"
#include "tests/scenario/failed.h"

namespace muster::test {
namespace {

constexpr bool kBlock = true;

constexpr Sentence kSentences[] = {
    // The portal
    {"at Apple: there is/are SERIALS[ in ACCOUNT]", act::devices_arrive_silently},
    {"at Apple: SERIALS arrive/arrives[ in ACCOUNT][, dated DURATION ago]", act::devices_arrive},
    {"at Apple: SERIALS arrive/arrives silently[ in ACCOUNT]", act::devices_arrive_silently},
    {"at Apple: SERIALS arrive/arrives[ in ACCOUNT] with JSON", act::odd_devices_arrive},
    {"at Apple: every row of SERIALS has JSON", act::rows_are_odd},
    {"at Apple: SERIALS come/comes from another service[, dated DURATION ago]",
     act::devices_come_from_elsewhere},
    {"at Apple: SERIALS move/moves to ACCOUNT", act::devices_move},
    {"at Apple: SERIALS is/are removed[, dated DURATION ago]", act::devices_are_removed},
    {"at Apple: SERIALS leave/leaves the list silently", act::devices_leave_silently},
    {"at Apple: SERIALS is/are released", act::devices_are_released},
    {"at Apple: SERIALS is/are assigned to the service again[, dated DURATION ago]",
     act::devices_are_reassigned},
    {"at Apple: SERIALS change/changes[, dated DURATION ago]", act::devices_change},
    {"at Apple: SERIALS lose/loses the profile", act::devices_lose_their_profile},
    {"at Apple: SERIALS is/are throttled for DURATION", act::devices_are_throttled},
    {"at Apple: there is an account ACCOUNT", act::account_is_made},
    {"at Apple: the terms[ of ACCOUNT] are unsigned", act::terms_are_unsigned},
    {"at Apple: the terms[ of ACCOUNT] are signed", act::terms_are_signed},
    {"at Apple: access[ to ACCOUNT] is WORD", act::access_is_denied},
    {"at Apple: access[ to ACCOUNT] is given again", act::access_is_given},
    {"at Apple: another token replaces the one[ of ACCOUNT] in use", act::token_is_replaced},
    {"at Apple: all sessions end", act::sessions_end},
    {"at Apple: a page has N devices", act::page_size_is},
    {"at Apple: the switch WORD is VALUE", act::switch_is},

    // Apple's answers
    {"Apple answers CALL[ of ACCOUNT] with STATUS[ WORD][, Retry-After: TEXT], TIMES[, after N good]"
     "[, having done it]",
     act::answer_with_status},
    {"Apple breaks off CALL[ of ACCOUNT], TIMES[, after N good][, having done it]", act::break_off},
    {"Apple cuts the answer of CALL short, TIMES", act::cut_short},
    {"Apple takes DURATION to answer CALL[ of ACCOUNT], TIMES", act::be_slow},
    {"Apple does not answer CALL[ of ACCOUNT] at all, TIMES[, having done it]", act::never_answer},
    {"Apple answers CALL[ of ACCOUNT] with the body JSON, TIMES[, after N good]", act::answer_with_body},
    {"Apple answers CALL[ of ACCOUNT] with the body TEXT, TIMES[, after N good]", act::answer_with_body},
    {"Apple changes the answer of CALL[ of ACCOUNT] by JSON, TIMES[, after N good]", act::change_answer},
    {"Apple changes every row of CALL[ of ACCOUNT] by JSON, TIMES[, after N good]", act::change_rows},
    {"Apple rejects every CALL that contains SERIALS with STATUS[ WORD], TIMES", act::reject_serials},
    {"Apple says WORD of SERIALS in details, TIMES", act::say_word_in_details},
    {"Apple says WORD for every serial of CALL, TIMES", act::say_word_for_every_serial},
    {"Apple says WORD for SERIALS, TIMES", act::say_word_for_serials},
    {"Apple leaves SERIALS out of the answer, TIMES", act::leave_serials_out},
    {"Apple says SUCCESS and does nothing, TIMES", act::say_success_and_do_nothing},
    {"Apple repeats the cursor of CALL, TIMES", act::repeat_the_cursor},
    {"Apple's clock is DURATION ahead", act::put_clock_ahead},
    {"Apple is well again", act::be_well_again},
    {"Apple has been asked", act::wait_for_faults},

    // Muster and the users who use it
    {"Muster starts", act::start},
    {"Muster starts with FLAGS", act::start},
    {"Muster starts without a token", act::start_without_token},
    {"Muster starts with a webhook[ and FLAGS]", act::start_with_webhook},
    {"the webhook's program is down", act::webhook_is_down},
    {"the webhook's program is up again", act::webhook_is_up},
    {"Muster stops", act::stop},
    {"Muster is killed", act::kill},
    {"Muster will be killed when Apple has got CALL and not done it", act::kill_before_effect},
    {"Muster will be killed when Apple has done CALL and not answered", act::kill_after_effect},
    {"Muster will be killed right before commit N", act::kill_before_commit},
    {"Muster will be killed right after commit N", act::kill_after_commit},
    {"Muster will be killed right before call N to Apple", act::kill_before_call},
    {"Muster will be killed right after answer N of Apple", act::kill_after_call},
    {"Muster will fail inside at VALUE", act::fail_inside},
    {"the wall clock jumps DURATION back", act::set_clock_back},
    {"the wall clock jumps DURATION ahead", act::set_clock_ahead},
    {"sync now[ in ACCOUNT]", act::sync_now},
    {"sync now[ in ACCOUNT], without waiting", act::sync_now_without_waiting},
    {"sync now[ in ACCOUNT], N times at once", act::sync_now_many_times},
    {"sync now[ in ACCOUNT], answered within N milliseconds", act::sync_now_in_time},
    {"profile NAME[ for FILTER][ in ACCOUNT]", act::define_profile},
    {"rule FILTER gives NAME[ in ACCOUNT]", act::make_rule},
    {"rule FILTER gives a profile that Apple does not know", act::make_broken_rule},
    {"NAME is assigned to SERIALS by hand", act::assign_by_hand},
    {"the portal's token for ACCOUNT is imported[, good for DURATION]", act::import_token},
    {"file VALUE:", act::write_file, kBlock},
    {"$ COMMAND", act::run_command},
    {"in the database: COMMAND", act::run_sql},
    {"DURATION pass/passes", act::time_passes},

    // What must be true
    {"count from here", act::count_from_here},
    {"expect: AMOUNT CALL call/calls[ of ACCOUNT]", act::expect_calls},
    {"expect: AMOUNT calls[ of ACCOUNT]", act::expect_all_calls},
    {"expect: AMOUNT serial/serials in assign calls", act::expect_serials},
    {"expect: assign calls with NUMBERS serial/serials", act::expect_serials_of_calls},
    {"expect: at most N calls a minute[ of ACCOUNT]", act::expect_calls_a_minute},
    {"expect: every call speaks version N", act::expect_version},
    {"expect: status[ of ACCOUNT] STATE", act::expect_status},
    {"expect: status[ of ACCOUNT] says TEXT", act::expect_status_text},
    {"expect: AMOUNT device/devices STATE[ in ACCOUNT]", act::expect_devices_that},
    {"expect devices[ in ACCOUNT]:", act::expect_devices, kBlock},
    {"expect: AMOUNT line/lines of the log with TEXT", act::expect_log},
    {"expect: AMOUNT webhook event/events with TEXT", act::expect_webhook_events},
    {"expect: exit N", act::expect_exit},
    {"expect: it prints TEXT", act::expect_printed},
    {"expect: it does not print TEXT", act::expect_not_printed},
    {"expect: profile NAME has JSON at Apple", act::expect_profile_at_apple},
};

const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> kPatterns = [] {
    std::vector<Pattern> patterns;
    for (const auto& sentence : kSentences) patterns.emplace_back(sentence.pattern);
    return patterns;
  }();
  return kPatterns;
}

size_t common_start(const std::string& a, const std::string& b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

// The sentences that begin most like the line.
std::string nearest(const std::string& line) {
  size_t most = 0;
  for (const auto& sentence : kSentences) most = std::max(most, common_start(line, sentence.pattern));
  std::string list;
  for (const auto& sentence : kSentences)
    if (common_start(line, sentence.pattern) == most) list += std::string("\n    ") + sentence.pattern;
  return list;
}

}  // namespace

std::span<const Sentence> sentences() { return kSentences; }

Understood understand(const Step& step) {
  for (size_t i = 0; i < std::size(kSentences); ++i) {
    auto words = patterns()[i].match(step.text);
    if (!words) continue;
    if (kSentences[i].has_block && step.block.empty())
      throw Failed("indented lines must follow: " + step.text);
    if (!kSentences[i].has_block && !step.block.empty())
      throw Failed("no indented lines may follow: " + step.text);
    return {&kSentences[i], std::move(*words)};
  }
  throw Failed("no sentence reads \"" + step.text +
               "\"\n  tests/scenario/README.md explains them all; the nearest are" + nearest(step.text));
}

}  // namespace muster::test
