#include "cli/handover/mysql_dsn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace muster::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MysqlDsn, HasTheFormsOfGosDriver) {
  EXPECT_EQ(parse_mysql_dsn("nanodep:pw@tcp(db.example.org:3307)/nanodep?parseTime=true"),
            (MysqlAddress{.user = "nanodep",
                          .password = "pw",
                          .host = "db.example.org",
                          .port = 3307,
                          .database = "nanodep"}));
  EXPECT_EQ(parse_mysql_dsn("root@unix(/run/mysqld/mysqld.sock)/dep"),
            (MysqlAddress{.user = "root", .socket = "/run/mysqld/mysqld.sock", .database = "dep"}));
  EXPECT_EQ(parse_mysql_dsn("u@tcp([::1]:3306)/d"),
            (MysqlAddress{.user = "u", .host = "::1", .database = "d"}));
  EXPECT_EQ(parse_mysql_dsn("u@tcp(db)/d"), (MysqlAddress{.user = "u", .host = "db", .database = "d"}));
  EXPECT_EQ(parse_mysql_dsn("/d"), (MysqlAddress{.database = "d"}));
  EXPECT_EQ(parse_mysql_dsn("u@tcp/d?tls=true"),
            (MysqlAddress{.user = "u", .database = "d", .tls = true, .verified_tls = true}));
}

TEST(MysqlDsn, APasswordMayHaveAnyCharacter) {
  EXPECT_EQ(parse_mysql_dsn("u:p@ss/w:rd?@tcp(h:1)/d"),
            (MysqlAddress{.user = "u", .password = "p@ss/w:rd?", .host = "h", .port = 1, .database = "d"}));
}

TEST(MysqlDsn, WhatIsWrongIsSaidWithoutThePassword) {
  for (const auto* dsn :
       {"u:secret@tcp(h:3306)", "u:secret@tcp(h:3306)/", "u:secret@tcp(h:99999)/d", "u:secret@tcp(h:1/d",
        "u:secret@udp(h:1)/d", "u:secret@tcp([::1/d", "u:secret@tcp(h)/d?tls=mine", ""}) {
    const auto parsed = parse_mysql_dsn(dsn);
    ASSERT_FALSE(parsed) << dsn;
    EXPECT_EQ(parsed.error().code, Code::invalid) << dsn;
    EXPECT_THAT(parsed.error().text(), HasSubstr("user:password@tcp(host:3306)/database")) << dsn;
    EXPECT_THAT(parsed.error().text(), Not(HasSubstr("secret"))) << dsn;
  }
}

}  // namespace
}  // namespace muster::cli
