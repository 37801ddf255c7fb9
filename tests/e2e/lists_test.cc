// Lists of serial numbers and notes on devices.
#include <gmock/gmock.h>

#include <chrono>

#include "base/text/json.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Lists : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "4"});
    start_muster();
    await_baseline(4);
    serials_ = depsim().serials();
  }
  std::string covered(const std::string& filter) {
    return run_well("mdmctl get dep-devices -o csv -filter '" + filter + "' | tail -n +2 | cut -d, -f1");
  }
  std::vector<std::string> serials_;
};

TEST_F(Lists, AFilterAsksThem) {
  write("lab.csv", serials_[2] + "\r\n" + serials_[0] + "\r\nNOTYETHERE\r\n");
  EXPECT_EQ(run_well("mdmctl apply device-list -name lab -f lab.csv"),
            "made list 'lab': 3 added, 0 removed, 3 serial numbers in it\n");
  EXPECT_EQ(covered("serial in @lab"), serials_[0] + "\n" + serials_[2] + "\n");
  EXPECT_EQ(covered("not serial in @lab"), serials_[1] + "\n" + serials_[3] + "\n");
  EXPECT_EQ(run_well("echo " + serials_[0] + " | mdmctl apply device-list -name lab -f - -remove"),
            "changed list 'lab': 0 added, 1 removed, 2 serial numbers in it\n");
  EXPECT_EQ(covered("serial in @lab"), serials_[2] + "\n");
  EXPECT_EQ(run_well("mdmctl get device-list -name lab | wc -l"), "2\n");
  EXPECT_THAT(run_well("mdmctl get device-lists"), HasSubstr("lab   2        2"));
}

TEST_F(Lists, AFilterAsksNotes) {
  write("notes.csv",
        "serial,owner,group\n" + serials_[1] + ",\"Löwe, Ada\",4b\n" + serials_[3] + ",Eva,4a\n");
  EXPECT_EQ(run_well("mdmctl apply device-notes -f notes.csv"),
            "notes: 2 added, 0 changed, 0 removed, 0 as they were\n");
  EXPECT_EQ(covered("note.owner ~ *Ada and note.group = \"4B\""), serials_[1] + "\n");
  run_well("mdmctl get device-notes -o csv > again.csv && mdmctl apply device-notes -f again.csv");
  EXPECT_EQ(run_well("mdmctl apply device-notes -f again.csv -dry-run"),
            "dry run, nothing is changed: notes: 0 added, 0 changed, 0 removed, 2 as they were\n");
  EXPECT_THAT(run_well("mdmctl get device-notes"), HasSubstr("Löwe, Ada"));
}

TEST_F(Lists, AreTakenWhollyOrNotAtAll) {
  write("bad.csv", serials_[0] + "\niPad Pro\n" + serials_[1] + "\n\xFC\n");
  EXPECT_THAT(run_badly("mdmctl apply device-list -name lab -f bad.csv"),
              AllOf(HasSubstr("bad.csv: line 4 is not UTF-8"), HasSubstr("CSV UTF-8")));
  write("bad.csv", serials_[0] + "\niPad Pro\n" + serials_[1] + "\n");
  EXPECT_THAT(run_badly("mdmctl apply device-list -name lab -f bad.csv"),
              HasSubstr("line 2: \"iPad Pro\" is not a serial number"));
  EXPECT_THAT(run_badly("mdmctl get device-list -name lab"), HasSubstr("there is no list lab"));
}

TEST_F(Lists, StayWhileARuleAsksThem) {
  write("lab.csv", serials_[0] + "\n");
  run_well("mdmctl apply device-list -name lab -f lab.csv");
  const auto uuid = define_profile();
  run_well("mdmctl apply dep-autoassigner -filter 'serial in @lab' -uuid " + uuid);
  EXPECT_THAT(run_badly("mdmctl remove device-list -name lab"), HasSubstr("the rule 'serial in @lab'"));
  run_well("mdmctl remove dep-autoassigner -filter 'serial in @lab'");
  EXPECT_EQ(run_well("mdmctl remove device-list -name lab"), "removed list 'lab'\n");
}

TEST_F(Lists, FiftyThousandRowsAreTaken) {
  run_well("seq -f 'C%08.0f' 50000 > big.csv; seq -f 'C%08.0f,Cart,Ada,4b,N' 50000 > notes.csv");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(run_well("mdmctl apply device-list -name big -f big.csv"),
            "made list 'big': 50000 added, 0 removed, 50000 serial numbers in it\n");
  const auto middle = std::chrono::steady_clock::now();
  EXPECT_EQ(run_well("mdmctl apply device-notes -f notes.csv"),
            "notes: 50000 added, 0 changed, 0 removed, 0 as they were\n");
  const auto end = std::chrono::steady_clock::now();
  RecordProperty("list_ms", static_cast<int>((middle - begin) / std::chrono::milliseconds(1)));
  RecordProperty("notes_ms", static_cast<int>((end - middle) / std::chrono::milliseconds(1)));
  EXPECT_EQ(run_well("mdmctl get device-list -name big | wc -l"), "50000\n");
  EXPECT_EQ(run_well("mdmctl get device-notes -o csv | wc -l"), "50001\n");
}

}  // namespace
}  // namespace muster::test
