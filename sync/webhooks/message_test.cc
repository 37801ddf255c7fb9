#include "sync/webhooks/message.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "base/text/json.h"
#include "sync/webhooks/topics.h"
#include "tests/support/open_store.h"
#include "tests/support/temp_dir.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Time kMessageTime = from_millis(1'772'355'600'123);

class WebhookMessages : public testing::Test {
 protected:
  void SetUp() override {
    account_ =
        *store_->write(installation, [](Writer& w) { return w.create_account(AccountName("school")); });
    for (int i = 0; i < 3; ++i) devices_.push_back(make_device("S" + std::to_string(i)));
  }
  DeviceId make_device(const std::string& serial) {
    return *store_->write(account_, [&](Writer& w) -> Result<DeviceId> {
      Device device;
      device.account = account_;
      device.serial = Serial(serial);
      device.facts.model = "iPad <10>";
      device.facts.profile_status = "assigned";
      device.facts.profile_uuid = ProfileUuid("U1");
      device.desired = {Desired::By::rule, ProfileUuid("U2"), RuleId{}, {}};
      MUSTER_TRY(w.insert_device(device));
      return device.id;
    });
  }
  // Of the entry of the feed that these make.
  std::vector<Message> messages(const std::vector<HistoryEntry>& history) {
    const auto done = store_->write(account_, [&](Writer& w) { return w.add_histories(account_, history); });
    EXPECT_TRUE(done);
    return newest();
  }
  std::vector<Message> newest() {
    EXPECT_TRUE(store_->write(installation, [](Writer& w) { return w.number_feed(); }));
    const auto made = store_->read([](Reader& r) -> Result<std::vector<Message>> {
      MUSTER_TRY(const auto ends, r.feed_ends());
      MUSTER_TRY(const auto entries, r.feed_after(ends.newest.number - 1, 1));
      MUSTER_TRY(auto messages, messages_of(r, entries.at(0)));
      for (auto& message : messages) MUSTER_TRY(add_devices(r, message));
      return messages;
    });
    EXPECT_TRUE(made) << made.error().text();
    return *made;
  }
  std::vector<std::string> told(const std::vector<Message>& messages) {
    std::vector<std::string> told;
    for (const auto& message : messages) {
      std::string line(message.topic);
      for (const auto& event : message.devices) line += " " + event.device.serial.str();
      told.push_back(line);
    }
    return told;
  }
  HistoryEntry entry(size_t device, Kind kind, const std::string& detail = "") {
    return {devices_.at(device), kMessageTime, kind, detail};
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_ = *test::open_store(directory_.path());
  AccountId account_{};
  std::vector<DeviceId> devices_;
};

TEST_F(WebhookMessages, AreOneForEachTopicOfAPage) {
  EXPECT_THAT(
      told(messages({entry(0, Kind::arrived, "added, empty; 'lab' -> U2"), entry(1, Kind::arrived, "added"),
                     entry(1, Kind::uncovered), entry(2, Kind::arrived, "added; 'lab' -> U2")})),
      ElementsAre("device.arrived S0 S1 S2", "device.assigned S0 S2", "device.uncovered S1"));
}

TEST_F(WebhookMessages, TellWhatADeviceInherited) {
  const auto made =
      messages({entry(0, Kind::inherited, "replaces OLD: its note and hold were taken over"),
                entry(0, Kind::arrived, "added, empty"), entry(0, Kind::held, "taken over from OLD")});
  EXPECT_THAT(told(made), ElementsAre("device.inherited S0", "device.arrived S0", "device.held S0"));
  EXPECT_EQ(made[0].devices.at(0).entry.detail, "replaces OLD: its note and hold were taken over");
}

TEST_F(WebhookMessages, HaveWhatHappenedToADeviceInItsOrder) {
  const auto made = messages({entry(0, Kind::observed), entry(1, Kind::contested), entry(1, Kind::observed),
                              entry(0, Kind::contested), entry(0, Kind::observed), entry(2, Kind::observed)});
  EXPECT_THAT(told(made),
              ElementsAre("device.changed S0 S2", "device.contested S1 S0", "device.changed S1 S0"));
}

TEST_F(WebhookMessages, HaveTheSameIdsEachTime) {
  const auto first = messages({entry(0, Kind::arrived), entry(0, Kind::left)});
  const auto again = newest();
  ASSERT_THAT(first, SizeIs(2));
  ASSERT_THAT(again, SizeIs(2));
  EXPECT_NE(first[0].id, first[1].id);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(first[i].id, again[i].id);
  EXPECT_THAT(first[0].id, HasSubstr(std::to_string(to_millis(kMessageTime))))
      << "a database that was restored gives its numbers again";
}

TEST_F(WebhookMessages, HaveNoMoreDevicesThanSoMany) {
  std::vector<HistoryEntry> history;
  for (size_t i = 0; i < 2 * kMostInMessage + 1; ++i) {
    devices_.push_back(make_device("T" + std::to_string(i)));
    history.push_back(entry(devices_.size() - 1, Kind::confirmed, "U"));
  }
  const auto made = messages(history);
  ASSERT_THAT(made, SizeIs(3));
  EXPECT_THAT(made[0].devices, SizeIs(kMostInMessage));
  EXPECT_THAT(made[2].devices, SizeIs(1));
}

TEST_F(WebhookMessages, TellNothingOfAnAccountThatIsGone) {
  EXPECT_THAT(messages({entry(0, Kind::arrived)}), SizeIs(1));
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) { return w.remove_account(account_); }));
  EXPECT_THAT(newest(), IsEmpty());
}

TEST_F(WebhookMessages, HaveOurForm) {
  const auto made = messages({entry(0, Kind::answered, "FAILED U2")});
  const auto body = parse_json(body_of(made.at(0), Receiver::Format::muster))->as_object();
  EXPECT_EQ(body.at("type"), "device.failed");
  EXPECT_EQ(body.at("id"), boost::json::value(made.at(0).id));
  EXPECT_EQ(body.at("timestamp"), "2026-03-01T09:00:00.123Z");
  const auto& data = body.at("data").as_object();
  EXPECT_EQ(data.at("account"), "school");
  EXPECT_EQ(
      boost::json::serialize(data.at("devices")),
      R"([{"serial_number":"S0","at":"2026-03-01T09:00:00.123Z","detail":"FAILED U2","model":"iPad <10>",)"
      R"("profile_status":"assigned","profile_uuid":"U1","desired_profile_uuid":"U2"}])");
}

TEST_F(WebhookMessages, HaveNanodepsForm) {
  const auto made = messages({entry(0, Kind::left, "deleted")});
  const auto body = parse_json(body_of(made.at(0), Receiver::Format::nanodep))->as_object();
  EXPECT_EQ(body.at("topic"), "dep.SyncDevices");
  EXPECT_EQ(body.at("event_id"), boost::json::value(made.at(0).id));
  EXPECT_EQ(body.at("created_at"), "2026-03-01T09:00:00Z");
  const auto& event = body.at("device_response_event").as_object();
  EXPECT_EQ(event.at("dep_name"), "school");
  const auto& device = event.at("device_response").at("devices").at(0);
  EXPECT_EQ(device.at("serial_number"), "S0");
  EXPECT_EQ(device.at("op_type"), "deleted");
  EXPECT_EQ(device.at("op_date"), "2026-03-01T09:00:00Z");
}

TEST_F(WebhookMessages, HaveATextForAChat) {
  EXPECT_EQ(
      body_of(messages({entry(0, Kind::uncovered, "no rule <covers> it")}).at(0), Receiver::Format::slack),
      R"json({"text":"Muster, school: 1 device arrived, covered by no rule: S0 (no rule &lt;covers&gt; it)"})json");
  EXPECT_EQ(body_of(messages({entry(0, Kind::left), entry(1, Kind::left)}).at(0), Receiver::Format::slack),
            R"({"text":"Muster, school: 2 devices left: S0, S1"})");
}

TEST_F(WebhookMessages, TellOtherThings) {
  const auto tell = [&](FeedType type, const std::string& body, bool is_of_account) {
    EXPECT_TRUE(store_->write(installation, [&](Writer& w) {
      return w.add_to_feed({.position = {0, kMessageTime},
                            .account = is_of_account ? account_ : AccountId{},
                            .type = type,
                            .body = body});
    }));
    return newest();
  };
  EXPECT_THAT(tell(FeedType::arrivals, R"({"arrived":1})", true), IsEmpty()) << "the devices' own do";
  const auto state = tell(FeedType::state, R"({"state":"expired","state_before":"ok"})", true);
  ASSERT_THAT(state, SizeIs(1));
  EXPECT_EQ(state[0].topic, "account.state");
  EXPECT_EQ(state[0].account, AccountName("school"));
  EXPECT_EQ(body_of(state[0], Receiver::Format::slack), R"({"text":"Muster, school: ok -&gt; expired"})");
  const auto audit =
      tell(FeedType::audit, R"({"account":"school","action":"rule.saved","object":"*"})", false);
  EXPECT_EQ(audit.at(0).account, AccountName("school"));
  const auto list = tell(FeedType::first_list, R"({"devices":1000000})", true);
  EXPECT_EQ(body_of(list.at(0), Receiver::Format::slack),
            R"({"text":"Muster, school: the first list has 1000000 devices"})");
  EXPECT_THAT(body_of(list.at(0), Receiver::Format::nanodep), HasSubstr("dep.FetchDevices"));
}

TEST(WebhookTopics, AreWantedByNameOrBeginning) {
  Receiver receiver;
  EXPECT_TRUE(wants(receiver, "device.gone")) << "all";
  receiver.topics = {"device.*", "account.state"};
  EXPECT_TRUE(wants(receiver, "device.gone"));
  EXPECT_TRUE(wants(receiver, "account.state"));
  EXPECT_FALSE(wants(receiver, "account.first_list"));
  EXPECT_TRUE(wants(receiver, kTestTopic));
  receiver.format = Receiver::Format::nanodep;
  EXPECT_TRUE(wants(receiver, "device.gone"));
  EXPECT_FALSE(wants(receiver, "device.held")) << "NanoDEP has no word for it";
}

TEST(WebhookTopics, AreChecked) {
  EXPECT_TRUE(check_topics({"device.*", "audit.entry"}, Receiver::Format::muster));
  const auto unknown = check_topics({"device.arived"}, Receiver::Format::muster);
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().text(), HasSubstr("Did you mean device.arrived?"));
  EXPECT_FALSE(check_topics({"nothing.*"}, Receiver::Format::muster));
  EXPECT_FALSE(check_topics({"audit.entry"}, Receiver::Format::nanodep));
}

}  // namespace
}  // namespace muster::sync
