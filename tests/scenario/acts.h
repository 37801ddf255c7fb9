// What the sentences do (sentences.cc says which does what). They throw Failed when something is not as it
// must be.
#pragma once

#include "tests/scenario/pattern.h"
#include "tests/scenario/script.h"
#include "tests/scenario/stage.h"

namespace muster::test::act {

// The portal and what stands in it: apple_acts.cc
void devices_arrive(Stage&, const Words&, const Step&);
void devices_arrive_silently(Stage&, const Words&, const Step&);
void devices_come_from_elsewhere(Stage&, const Words&, const Step&);
void odd_devices_arrive(Stage&, const Words&, const Step&);
void rows_are_odd(Stage&, const Words&, const Step&);
void devices_move(Stage&, const Words&, const Step&);
void devices_are_removed(Stage&, const Words&, const Step&);
void devices_leave_silently(Stage&, const Words&, const Step&);
void devices_are_released(Stage&, const Words&, const Step&);
void devices_are_reassigned(Stage&, const Words&, const Step&);
void devices_change(Stage&, const Words&, const Step&);
void devices_lose_their_profile(Stage&, const Words&, const Step&);
void devices_are_throttled(Stage&, const Words&, const Step&);
void account_is_made(Stage&, const Words&, const Step&);
void terms_are_unsigned(Stage&, const Words&, const Step&);
void terms_are_signed(Stage&, const Words&, const Step&);
void access_is_denied(Stage&, const Words&, const Step&);
void access_is_given(Stage&, const Words&, const Step&);
void token_is_replaced(Stage&, const Words&, const Step&);
void sessions_end(Stage&, const Words&, const Step&);
void page_size_is(Stage&, const Words&, const Step&);
void switch_is(Stage&, const Words&, const Step&);

// Apple's service, and what goes wrong with its answers: fault_acts.cc
void answer_with_status(Stage&, const Words&, const Step&);
void break_off(Stage&, const Words&, const Step&);
void cut_short(Stage&, const Words&, const Step&);
void be_slow(Stage&, const Words&, const Step&);
void never_answer(Stage&, const Words&, const Step&);
void say_word_for_serials(Stage&, const Words&, const Step&);
void say_word_for_every_serial(Stage&, const Words&, const Step&);
void leave_serials_out(Stage&, const Words&, const Step&);
void say_success_and_do_nothing(Stage&, const Words&, const Step&);
void repeat_the_cursor(Stage&, const Words&, const Step&);
void be_well_again(Stage&, const Words&, const Step&);
void wait_for_faults(Stage&, const Words&, const Step&);
void answer_with_body(Stage&, const Words&, const Step&);
void change_answer(Stage&, const Words&, const Step&);
void change_rows(Stage&, const Words&, const Step&);
void reject_serials(Stage&, const Words&, const Step&);
void say_word_in_details(Stage&, const Words&, const Step&);
void put_clock_ahead(Stage&, const Words&, const Step&);

// Muster and the users who use it: muster_acts.cc
void start(Stage&, const Words&, const Step&);
void start_without_token(Stage&, const Words&, const Step&);
void start_with_webhook(Stage&, const Words&, const Step&);
void webhook_is_down(Stage&, const Words&, const Step&);
void webhook_is_up(Stage&, const Words&, const Step&);
void stop(Stage&, const Words&, const Step&);
void kill(Stage&, const Words&, const Step&);
void run_sql(Stage&, const Words&, const Step&);
void kill_before_effect(Stage&, const Words&, const Step&);
void kill_after_effect(Stage&, const Words&, const Step&);
void kill_before_commit(Stage&, const Words&, const Step&);
void kill_after_commit(Stage&, const Words&, const Step&);
void kill_before_call(Stage&, const Words&, const Step&);
void kill_after_call(Stage&, const Words&, const Step&);
void fail_inside(Stage&, const Words&, const Step&);
void set_clock_back(Stage&, const Words&, const Step&);
void set_clock_ahead(Stage&, const Words&, const Step&);
void sync_now(Stage&, const Words&, const Step&);
void sync_now_without_waiting(Stage&, const Words&, const Step&);
void sync_now_many_times(Stage&, const Words&, const Step&);
void sync_now_in_time(Stage&, const Words&, const Step&);
void define_profile(Stage&, const Words&, const Step&);
void make_rule(Stage&, const Words&, const Step&);
void make_broken_rule(Stage&, const Words&, const Step&);
void assign_by_hand(Stage&, const Words&, const Step&);
void import_token(Stage&, const Words&, const Step&);
void write_file(Stage&, const Words&, const Step&);
void run_command(Stage&, const Words&, const Step&);
void time_passes(Stage&, const Words&, const Step&);

// What must be true: expect_acts.cc
void count_from_here(Stage&, const Words&, const Step&);
void expect_calls(Stage&, const Words&, const Step&);
void expect_all_calls(Stage&, const Words&, const Step&);
void expect_serials(Stage&, const Words&, const Step&);
void expect_serials_of_calls(Stage&, const Words&, const Step&);
void expect_calls_a_minute(Stage&, const Words&, const Step&);
void expect_version(Stage&, const Words&, const Step&);
void expect_status(Stage&, const Words&, const Step&);
void expect_status_text(Stage&, const Words&, const Step&);
void expect_devices_that(Stage&, const Words&, const Step&);
void expect_devices(Stage&, const Words&, const Step&);
void expect_log(Stage&, const Words&, const Step&);
void expect_webhook_events(Stage&, const Words&, const Step&);
void expect_exit(Stage&, const Words&, const Step&);
void expect_printed(Stage&, const Words&, const Step&);
void expect_not_printed(Stage&, const Words&, const Step&);
void expect_profile_at_apple(Stage&, const Words&, const Step&);

}  // namespace muster::test::act
