#include "apple/answers/decode.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apple/answers/failure.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"

namespace muster::apple {
namespace {

using Operation = DeviceReport::Operation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string page_of(const std::string& rows) {
  return R"({"devices":[)" + rows + R"(],"cursor":"c","more_to_follow":false})";
}

// A page of one row.
DeviceReport row(const std::string& json) {
  const auto page = decode_page(page_of(json));
  if (!page || page->devices.size() != 1) {
    ADD_FAILURE() << json << ": " << (page ? "no such row" : page.error().text());
    return {};
  }
  return page->devices[0];
}
DeviceFacts facts(const std::string& members) {
  return row(R"({"serial_number":"S",)" + members + "}").facts;
}

TEST(DecodePage, ReadsALiveRow) {
  const auto report = row(
      R"({"serial_number":"C112342756","description":"IPHONE 14 MIDNIGHT 128GB-ZDD","model":"iPhone 14","os":"iOS",)"
      R"("device_family":"iPhone","color":"MIDNIGHT","asset_tag":"SCH-1","profile_uuid":"95C2189CA0EFB3272AC8B3C66201F33",)"
      R"("profile_assign_time":"2025-04-29T18:06:53Z","profile_push_time":"2025-04-29T18:06:54Z","profile_status":"removed",)"
      R"("device_assigned_by":"admin@example.com","device_assigned_date":"2025-05-03T20:59:31Z","op_type":"modified",)"
      R"("op_date":"2025-05-03T20:59:31Z"})");
  EXPECT_EQ(report.serial, Serial("C112342756"));
  EXPECT_EQ(report.operation, Operation::modified);
  EXPECT_EQ(report.op_date, parse_rfc3339("2025-05-03T20:59:31Z"));
  DeviceFacts expected;
  expected.description = "IPHONE 14 MIDNIGHT 128GB-ZDD";
  expected.model = "iPhone 14";
  expected.os = "iOS";
  expected.family = "iPhone";
  expected.color = "MIDNIGHT";
  expected.asset_tag = "SCH-1";
  expected.profile_uuid = ProfileUuid("95C2189CA0EFB3272AC8B3C66201F33");
  expected.profile_status = "removed";
  expected.profile_assign_time = parse_rfc3339("2025-04-29T18:06:53Z");
  expected.profile_push_time = parse_rfc3339("2025-04-29T18:06:54Z");
  expected.assigned_by = "admin@example.com";
  expected.assigned_at = parse_rfc3339("2025-05-03T20:59:31Z");
  EXPECT_EQ(report.facts, expected);
}

TEST(DecodePage, ReadsASparseRow) {
  const auto report = row(
      R"({"serial_number":"C112342757","op_type":"deleted","op_date":"2025-05-04T09:12:00Z","released_by_replacement":true})");
  EXPECT_EQ(report.operation, Operation::deleted);
  EXPECT_EQ(report.facts.other, R"({"released_by_replacement":true})");
}

TEST(DecodePage, AbsentNullAndEmptyAreAlike) {
  for (const char* member : {R"("x":null)", R"("color":null)", R"("color":"")", R"("profile_push_time":"")",
                             R"("device_assigned_date":null)", R"("new_key":"")", R"("profile_uuid":null)",
                             R"("profile_status":"")", R"("op_type":null)", R"("op_date":"")"}) {
    const auto report = row(std::string(R"({"serial_number":"S",)") + member + "}");
    EXPECT_EQ(report.facts, DeviceFacts()) << member;
    EXPECT_EQ(report.operation, Operation::none) << member;
    EXPECT_EQ(report.op_date, std::nullopt) << member;
  }
}

TEST(DecodePage, WhatHasNoFieldIsKeptInItsOrder) {
  const std::string members =
      R"("imei":["01 129600 314225 1","2"],"eid":"89\"\\\u00e9\n","mdm_migration_deadline":"2026-01-01T00:00:00Z",)"
      R"("is_replacement_device":false,"new":{"a":[1,-2,3.5,18446744073709551615,null,{}],"b":[]})";
  const std::string other = facts(R"("color":"RED",)" + members).other;
  EXPECT_EQ(write_json(*parse_json(other)), write_json(*parse_json("{" + members + "}")));
}

TEST(DecodePage, AMalformedKeyCostsThatKeyOnly) {
  struct Case {
    const char* member;
    const char* other;
  };
  const Case kCases[] = {
      {R"("color":5)", R"({"color":5})"},
      {R"("color":["RED"])", R"({"color":["RED"]})"},
      {R"("model":{"a":1})", R"({"model":{"a":1}})"},
      {R"("profile_uuid":true)", R"({"profile_uuid":true})"},
      {R"("profile_assign_time":"yesterday")", R"({"profile_assign_time":"yesterday"})"},
      {R"("device_assigned_date":1746306115059)", R"({"device_assigned_date":1746306115059})"},
      {R"("profile_push_time":"2025-13-01T00:00:00Z")", R"({"profile_push_time":"2025-13-01T00:00:00Z"})"},
      {R"("op_date":"soon")", R"({"op_date":"soon"})"},
      {R"("description":["a"],"op_date":7)", R"({"description":["a"],"op_date":7})"},
  };
  for (const Case& c : kCases) {
    const auto report = row(std::string(R"({"serial_number":"S","os":"iOS",)") + c.member + "}");
    DeviceFacts expected;
    expected.os = "iOS";
    expected.other = c.other;
    EXPECT_EQ(report.facts, expected) << c.member;
    EXPECT_EQ(report.op_date, std::nullopt) << c.member;
  }
}

TEST(DecodePage, DatesInEveryFormThatIsSaidToOccur) {
  const auto expected = parse_rfc3339("2025-05-03T20:59:31Z");
  for (const char* date :
       {"2025-05-03T20:59:31Z", "2025-05-03T20:59:31", "2025-05-03T22:59:31+02:00", " 2025-05-03T20:59:31Z "})
    EXPECT_EQ(facts(fmt::format(R"("device_assigned_date":"{}")", date)).assigned_at, expected) << date;
  // depsim's "never"
  EXPECT_EQ(facts(R"("device_assigned_date":"0001-01-01T00:00:00Z")"), DeviceFacts());
  // op_date has whole seconds, so that comparing it cannot depend on who wrote a fraction
  EXPECT_EQ(row(R"({"serial_number":"S","op_date":"2025-05-03T20:59:31.999Z"})").op_date, expected);
}

TEST(DecodePage, Operations) {
  const std::tuple<const char*, Operation, const char*> kCases[] = {
      {R"("added")", Operation::added, ""},
      {R"("ADDED")", Operation::added, ""},
      {R"("Modified")", Operation::modified, ""},
      {R"("deleted")", Operation::deleted, ""},
      {R"("moved")", Operation::modified, R"({"op_type":"moved"})"},
      {"1", Operation::modified, R"({"op_type":1})"},
  };
  for (const auto& [word, operation, other] : kCases) {
    const auto report = row(fmt::format(R"({{"serial_number":"S","op_type":{}}})", word));
    EXPECT_EQ(report.operation, operation) << word;
    EXPECT_EQ(report.facts.other, other) << word;
  }
  EXPECT_EQ(row(R"({"serial_number":"S"})").operation, Operation::none);
}

TEST(DecodePage, TheFormOfSerialsAndUuidsDoesNotMatter) {
  const ProfileUuid ours("88FC4E378FEC3FF9C0B0C4B1A1C4E0DB");
  for (const char* uuid : {"88fc4e378fec3ff9c0b0c4b1a1c4e0db", "88FC4E37-8FEC-3FF9-C0B0-C4B1A1C4E0DB"}) {
    const auto report = row(
        fmt::format(R"({{"serial_number":" c02a ","profile_uuid":"{}","profile_status":"Assigned"}})", uuid));
    EXPECT_EQ(report.serial, Serial("C02A"));
    EXPECT_TRUE(report.facts.has_profile(ours)) << uuid;
  }
  const auto answers = decode_serial_answers(R"({"devices":{"c02a":"SUCCESS","\u00e9":"SUCCESS"}})");
  ASSERT_TRUE(answers);
  EXPECT_THAT(answers->answers, SizeIs(1));
  EXPECT_TRUE(answers->answer_for(Serial("C02A")).is_success());
  const auto details =
      decode_details(R"({"devices":{"c02a":{"response_status":"SUCCESS"},"a b":"SUCCESS"}})");
  ASSERT_TRUE(details);
  ASSERT_THAT(*details, SizeIs(1));
  EXPECT_EQ(details->at(Serial("C02A")).report.serial, Serial("C02A"));
  const auto defined = decode_defined_profile(R"({"profile_uuid":"88fc4e37-8fec-3ff9-c0b0-c4b1a1c4e0db"})");
  ASSERT_TRUE(defined);
  EXPECT_EQ(defined->uuid, ours);
}

TEST(DecodePage, NewWordsPassThrough) {
  const auto f = facts(R"("os":"glassOS","device_family":"Glasses","profile_status":"pending")");
  EXPECT_EQ(f.os, "glassOS");
  EXPECT_EQ(f.family, "Glasses");
  EXPECT_EQ(f.profile_status, "pending");
}

TEST(DecodePage, ARowWithoutASerialCostsThatRowOnly) {
  const std::pair<std::string, const char*> kCases[] = {
      {"null", "row 2 is null"},
      {"7", "row 2 is a number: 7"},
      {R"("C1")", "row 2 is a text"},
      {"[]", "row 2 is an array"},
      {"{}", "row 2 has no valid serial_number: {}"},
      {R"({"serial_number":null,"model":"x"})",
       R"(row 2 has no valid serial_number: {"serial_number":null,"model":"x"})"},
      {R"({"serial_number":""})", "no valid serial_number"},
      {R"({"serial_number":12345})", "no valid serial_number"},
      {R"({"serial_number":"a b"})", "no valid serial_number"},
      {R"({"serial_number":"a\u0000b"})", "no valid serial_number"},
      {R"({"serial_number":")" + std::string(65, 'A') + "\"}", "no valid serial_number"},
  };
  for (const auto& [odd, why] : kCases) {
    const auto page = decode_page(page_of(R"({"serial_number":"A"},)" + odd + R"(,{"serial_number":" B "})"));
    ASSERT_TRUE(page) << odd << page.error().text();
    ASSERT_THAT(page->devices, SizeIs(2)) << odd;
    EXPECT_EQ(page->devices[1].serial, Serial("B"));
    ASSERT_THAT(page->odd_rows, SizeIs(1)) << odd;
    EXPECT_THAT(page->odd_rows[0], HasSubstr(why));
  }
}

TEST(DecodePage, ManyMalformedRowsAreCounted) {
  std::string rows = R"({"serial_number":"A"})";
  for (int i = 0; i < 250; ++i) rows += ",0";
  const auto page = decode_page(page_of(rows));
  ASSERT_TRUE(page);
  ASSERT_THAT(page->odd_rows, SizeIs(kOddRowsDescribed + 1));
  EXPECT_EQ(page->odd_rows.back(), "and 150 more rows");
}

TEST(DecodePage, MalformedRowsAreCutAtACharacter) {
  const auto page = decode_page(page_of(R"({"model":")" + std::string(185, 'x') + R"(éééééééééé"})"));
  ASSERT_TRUE(page);
  ASSERT_THAT(page->odd_rows, SizeIs(1));
  EXPECT_TRUE(parse_json("\"" + page->odd_rows[0].substr(page->odd_rows[0].find('x')) + "\""));
}

TEST(DecodePage, BrokenCharactersCostThatTextOnly) {
  for (const char* model : {"caf\xE9", R"(\uD800)", "tab\there", R"(\uDC00\uD800)"}) {
    const auto page = decode_page(page_of(
        fmt::format(R"({{"serial_number":"A","model":"{}"}},{{"serial_number":"B","model":"ok"}})", model)));
    ASSERT_TRUE(page) << model << page.error().text();
    ASSERT_THAT(page->devices, SizeIs(2));
    EXPECT_FALSE(page->devices[0].facts.model.empty());
    EXPECT_EQ(page->devices[1].facts.model, "ok");
  }
  EXPECT_TRUE(decode_page("\xEF\xBB\xBF" + page_of("")));
}

TEST(DecodePage, MoreToFollowAndTheCursor) {
  struct Case {
    const char* members;
    bool more;
    bool complete;
  };
  const Case kCases[] = {
      {R"("more_to_follow":true)", true, true},
      {R"("more_to_follow":false)", false, true},
      {R"("more_to_follow":"true")", true, true},
      {R"("more_to_follow":" False ")", false, true},
      {R"("more_to_follow":false,"fetched_until":"0001-01-01T00:00:00Z","new":[{}],"new":{})", false, true},
      {R"("more_to_follow":null)", false, false},
      {R"("more_to_follow":"")", false, false},
      {R"("more_to_follow":"maybe")", false, false},
      {R"("more_to_follow":1)", false, false},
      {R"("more_to_follow":[])", false, false},
      {R"("new":1)", false, false},
  };
  for (const Case& c : kCases) {
    const auto page =
        decode_page(std::string(R"({"devices":[{"serial_number":"A"}],"cursor":"c",)") + c.members + "}");
    ASSERT_TRUE(page) << c.members << page.error().text();
    EXPECT_EQ(page->more_to_follow, c.more) << c.members;
    EXPECT_EQ(page->complete, c.complete) << c.members;
    EXPECT_EQ(page->cursor, Cursor("c")) << c.members;
    EXPECT_THAT(page->devices, SizeIs(1)) << c.members;
  }
}

TEST(DecodePage, WithoutAnArrayOfDevicesItIsIncomplete) {
  for (const char* devices : {R"("devices":null,)", R"("devices":"",)", ""}) {
    const auto page = decode_page(fmt::format(R"({{{}"cursor":"c","more_to_follow":true}})", devices));
    ASSERT_TRUE(page) << devices << page.error().text();
    EXPECT_THAT(page->devices, IsEmpty());
    EXPECT_TRUE(page->more_to_follow);
    EXPECT_FALSE(page->complete) << devices;
  }
  const auto page = decode_page(page_of(""));
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->complete);
}

TEST(DecodePage, WhatCannotBeUnderstoodAsAWholeIsBroken) {
  const std::pair<const char*, const char*> kCases[] = {
      {"", "empty"},
      {"   ", "incomplete"},
      {"ACCESS_DENIED", "not JSON"},
      {"<html></html>", "not JSON"},
      {"[]", "an array, expected an object"},
      {"null", "null, expected an object"},
      {R"({"devices":[)", "incomplete"},
      {R"({"devices":[]} x)", "text after"},
      {"{}", "cursor is missing"},
      {R"({"devices":[],"more_to_follow":false})", "cursor is missing"},
      {R"({"devices":[],"more_to_follow":true,"cursor":""})", "cursor is missing"},
      {R"({"devices":[],"more_to_follow":true,"cursor":" "})", "cursor is missing"},
      {R"({"devices":[{"serial_number":"A"}],"more_to_follow":false,"cursor":null})", "cursor is missing"},
      {R"({"devices":[],"more_to_follow":"true","cursor":7})", "cursor is missing"},
      {R"({"devices":[],"more_to_follow":true,"cursor":"c","cursor":"d"})", "duplicate key `cursor`"},
      {R"({"devices":[],"more_to_follow":true,"cursor":"c","cursor":null})", "duplicate key `cursor`"},
      {R"({"devices":[],"more_to_follow":true,"cursor":"c","devices":[]})", "duplicate key `devices`"},
      {R"({"devices":[],"more_to_follow":true,"cursor":"c","more\u005fto_follow":true})",
       "duplicate key `more_to_follow`"},
      // Numbers this large take the other way through the parsers.
      {R"({"devices":[],"x":"\"{","devices":[{"y":1e999999}],"more_to_follow":true,"cursor":"c"})",
       "duplicate key"},
      {R"({"devices":{"A":{}},"cursor":"c"})", "`devices` is an object"},
      {R"({"devices":"none","cursor":"c"})", "`devices` is a text"},
  };
  for (const auto& [body, why] : kCases) {
    const auto page = decode_page(body);
    ASSERT_FALSE(page) << body;
    const Error error = broken_answer(page.error(), "POST /server/devices", 200);
    EXPECT_EQ(error.code, Code::remote) << body;
    EXPECT_THAT(error.message, HasSubstr(why)) << body;
    EXPECT_EQ(classify(error), Failure::wait) << body;
  }
}

TEST(DecodePage, AGlanceAgreesWithTheWholePage) {
  for (const char* body :
       {R"({"devices":[{"serial_number":"A","imei":["1"]}],"cursor":"c","more_to_follow":true})",
        R"({"devices":[],"cursor":"c","more_to_follow":false})",
        R"({"devices":[],"cursor":"c","more_to_follow":"maybe"})", R"({"devices":[],"cursor":"c"})",
        R"({"devices":null,"new":[1],"cursor":"c","more_to_follow":true})"}) {
    const PageAnswer answer("POST /devices/sync", body);
    const auto glance = answer.glance();
    const auto page = PageAnswer(answer).read();
    ASSERT_TRUE(page && glance) << body;
    EXPECT_EQ(glance->cursor, page->cursor) << body;
    EXPECT_EQ(glance->more_to_follow, page->more_to_follow) << body;
    EXPECT_EQ(glance->complete, page->complete) << body;
  }
  for (const char* body : {R"({"devices":[],"more_to_follow":false})", "{}", "[]", "", "<html>[]</html>",
                           R"({"devices":[],"cursor":"c","more_to_follow":true,"cursor":"d"})"})
    EXPECT_FALSE(PageAnswer("POST /devices/sync", body).glance()) << body;
}

TEST(DecodePage, DeepNestingIsNoDanger) {
  EXPECT_EQ(facts(R"("new":)" + std::string(50, '[') + std::string(50, ']')).other,
            R"({"new":)" + std::string(50, '[') + std::string(50, ']') + "}");
  EXPECT_FALSE(decode_page(page_of(R"({"serial_number":"A","new":)" + std::string(1'000'000, '['))));
}

TEST(DecodePage, EveryCutIsRefusedAndNoneCrashes) {
  const std::string body = page_of(
      R"({"serial_number":"A","model":"caf\u00e9","imei":["1"],"x":-1.5e3},{"serial_number":"B","op_type":"added"})");
  ASSERT_TRUE(decode_page(body));
  for (size_t length = 0; length < body.size(); ++length)
    EXPECT_FALSE(decode_page(body.substr(0, length))) << length;
}

TEST(DecodeDetails, LeavesTheJsonOutWhereNobodyShowsIt) {
  const std::string answer =
      R"({"devices":{"A":{"model":"iPad"},"B":{"model":"iPad"},"b":{"model":"Mac"},"C":{"x":1},"c":{"x":1}}})";
  const auto details = decode_details(answer, DetailsJson::left_out);
  ASSERT_TRUE(details) << details.error().text();
  EXPECT_EQ(details->at(Serial("A")).json, "");
  EXPECT_TRUE(details->at(Serial("A")).response_status.is_success());
  EXPECT_EQ(details->at(Serial("B")).response_status.kind, AnswerWord::Kind::unknown) << "two that differ";
  EXPECT_TRUE(details->at(Serial("C")).response_status.is_success());
}

TEST(DecodeDetails, TakesTheSerialFromTheKey) {
  const auto details = decode_details(
      R"({"devices":{"A":{"model":"iPad","op_date":"","response_status":"SUCCESS"},"B":{"response_status":"NOT_ACCESSIBLE"},)"
      R"("C":{"serial_number":"OTHER","model":"Mac"},"D":"NOT_ACCESSIBLE","E":null,"F":{},"G":[],"H":{"response_status":5}}})");
  ASSERT_TRUE(details) << details.error().text();
  ASSERT_THAT(*details, SizeIs(5));
  const auto& a = details->at(Serial("A"));
  EXPECT_TRUE(a.response_status.is_success());
  EXPECT_EQ(a.report.serial, Serial("A"));
  EXPECT_EQ(a.report.facts.model, "iPad");
  EXPECT_EQ(a.report.facts.other, "");
  EXPECT_EQ(a.json, R"({"model":"iPad","op_date":"","response_status":"SUCCESS"})");
  EXPECT_EQ(details->at(Serial("B")).response_status.text, "NOT_ACCESSIBLE");
  EXPECT_EQ(details->at(Serial("C")).response_status.text, "SUCCESS");
  EXPECT_EQ(details->at(Serial("C")).report.serial, Serial("C"));
  EXPECT_EQ(details->at(Serial("D")).response_status.text, "NOT_ACCESSIBLE");
  EXPECT_EQ(details->at(Serial("H")).response_status, (AnswerWord{AnswerWord::Kind::unknown, "5"}));
}

TEST(DecodeDetails, TwoDifferentEntriesForOneSerialProveNothing) {
  const auto details = decode_details(
      R"({"devices":{"A":{"response_status":"SUCCESS"},"A":{"response_status":"NOT_ACCESSIBLE"},)"
      R"("B":{"model":"x"},"B":{"model":"y"},"C":{"model":"x"},"C":{"model":"x"}}})");
  ASSERT_TRUE(details) << details.error().text();
  EXPECT_EQ(details->at(Serial("A")).response_status,
            (AnswerWord{AnswerWord::Kind::unknown, "two answers: SUCCESS, NOT_ACCESSIBLE"}));
  EXPECT_EQ(details->at(Serial("B")).response_status.kind, AnswerWord::Kind::unknown);
  EXPECT_TRUE(details->at(Serial("C")).response_status.is_success());
}

TEST(DecodeDetails, EmptyAndBroken) {
  EXPECT_TRUE(decode_details(R"({"devices":{}})")->empty());
  EXPECT_TRUE(decode_details("{}")->empty());
  EXPECT_FALSE(decode_details(R"({"devices":[]})"));
  EXPECT_FALSE(decode_details(R"({"devices":{"A":{"response_status":"SUCCESS"}},"devices":{}})"));
  EXPECT_FALSE(decode_details(R"({"devices":{)"));
}

TEST(DecodeSerialAnswers, KeepsEveryWord) {
  using Kind = AnswerWord::Kind;
  const auto answers = decode_serial_answers(
      R"({"devices":{"A":"SUCCESS","B":" not_accessible","C":"NEW_WORD","D":null,"E":"","F":{"status":"FAILED"},)"
      R"("G":"Throttled","H":"FAILED","I":"SUCCESS","I":"FAILED","J":"SUCCESS","J":"success"}})");
  ASSERT_TRUE(answers);
  EXPECT_THAT(answers->answers,
              ElementsAre(std::pair(Serial("A"), AnswerWord{Kind::success, "SUCCESS"}),
                          std::pair(Serial("B"), AnswerWord{Kind::not_accessible, "NOT_ACCESSIBLE"}),
                          std::pair(Serial("C"), AnswerWord{Kind::unknown, "NEW_WORD"}),
                          std::pair(Serial("F"), AnswerWord{Kind::unknown, R"({"status":"FAILED"})"}),
                          std::pair(Serial("G"), AnswerWord{Kind::throttled, "THROTTLED"}),
                          std::pair(Serial("H"), AnswerWord{Kind::failed, "FAILED"}),
                          std::pair(Serial("I"), AnswerWord{Kind::unknown, "two answers: SUCCESS, FAILED"}),
                          std::pair(Serial("J"), AnswerWord{Kind::success, "SUCCESS"})));
  EXPECT_EQ(answers->answer_for(Serial("C")).text, "NEW_WORD");
  EXPECT_EQ(answers->answer_for(Serial("D")), AnswerWord());
  EXPECT_EQ(answers->retry_after, std::nullopt);
}

TEST(DecodeSerialAnswers, RetryAfterSeconds) {
  const std::pair<const char*, std::optional<long long>> kCases[] = {
      {"0", 0},     {"86400", 86400}, {"\"60\"", 60}, {"60.9", 60},
      {"null", {}}, {"\"soon\"", {}}, {"-1", {}},     {"99999999999", 30LL * 24 * 3600},
      {"[1]", {}},  {"1e300", {}},
  };
  for (const auto& [text, seconds] : kCases) {
    const auto answers =
        decode_serial_answers(fmt::format(R"({{"devices":{{}},"retry_after_seconds":{}}})", text));
    ASSERT_TRUE(answers) << text;
    EXPECT_EQ(answers->retry_after.has_value(), seconds.has_value()) << text;
    if (seconds && answers->retry_after) {
      EXPECT_EQ(answers->retry_after->count(), *seconds) << text;
    }
  }
}

TEST(DecodeDefinedProfile, NeedsAUuidOnly) {
  const auto defined = decode_defined_profile(R"({"profile_uuid":"88FC4E378FEC3FF9C0B0C4B1A1C4E0DB"})");
  ASSERT_TRUE(defined);
  EXPECT_EQ(defined->uuid, ProfileUuid("88FC4E378FEC3FF9C0B0C4B1A1C4E0DB"));
  EXPECT_TRUE(defined->devices.answers.empty());
  for (const char* body :
       {"{}", R"({"profile_uuid":""})", R"({"profile_uuid":5})", R"({"profile_uuid":"U","devices":[1]})"})
    EXPECT_FALSE(decode_defined_profile(body)) << body;
}

TEST(DecodeAccount, ReadsWhatWeActOnAndKeepsAll) {
  const std::string body =
      R"j({"server_name":"MDM (new)","server_uuid":"677CC1AA","facilitator_id":"f@e.org","org_name":"Org","org_type":"edu",)j"
      R"("urls":[{"uri":"/server/devices","http_method":["POST"],"limit":{"default":100,"maximum":1000}},)"
      R"({"uri":"/devices/sync","limit":{"maximum":"500"}},{"uri":"/account"},5]})";
  const auto account = decode_account(body);
  ASSERT_TRUE(account) << account.error().text();
  EXPECT_EQ(account->server_name, "MDM (new)");
  EXPECT_EQ(account->server_uuid, "677CC1AA");
  EXPECT_EQ(account->admin_id, "f@e.org");
  EXPECT_EQ(account->org_name, "Org");
  EXPECT_EQ(account->page_limit, 500);
  EXPECT_EQ(account->json, body);
}

TEST(DecodeAccount, APageLimitThatIsNotSaidIsTheUsualOne) {
  const std::pair<const char*, int> kCases[] = {
      {R"("urls":[])", 1000},
      {R"("urls":null)", 1000},
      {R"("urls":[{"uri":"/server/devices","limit":null}])", 1000},
      {R"("urls":[{"uri":"/server/devices","limit":{"maximum":0}}])", 1000},
      {R"("urls":[{"uri":"/server/devices","limit":{"maximum":5000}}])", 5000},
      {R"("urls":[{"uri":"/server/devices","limit":{"maximum":99999999999}}])", 5000},
      {R"("urls":[{"uri":"/profile","limit":{"maximum":7}}])", 1000},
  };
  for (const auto& [urls, limit] : kCases)
    EXPECT_EQ(decode_account(fmt::format(R"({{"server_uuid":"U",{}}})", urls))->page_limit, limit) << urls;
  EXPECT_FALSE(decode_account("{}"));
}

}  // namespace
}  // namespace muster::apple
