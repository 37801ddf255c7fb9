#include "base/threads/contain.h"

#include <gmock/gmock.h>

#include <memory>
#include <new>
#include <set>
#include <stdexcept>

namespace muster {
namespace {

using testing::HasSubstr;

TEST(Contain, GivesWhatTheWorkGives) {
  EXPECT_EQ(contain(Place::run, [] { return 7; }), 7);
  EXPECT_TRUE(contain(Place::run, [] {}));
  EXPECT_EQ(contain(Place::run, []() -> Result<int> { return 8; }), 8);
  const auto failed = contain(Place::run, []() -> Result<> { return failure(Code::conflict, "taken"); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::conflict) << "an error that the work gave is no exception";
  EXPECT_EQ(**contain(Place::run, [] { return std::make_unique<int>(9); }), 9);
}

TEST(Contain, MakesAnExceptionAnInternalError) {
  const auto failed = contain(
      Place::reader, []() -> Result<int> { throw std::runtime_error("odd"); }, [] { return "page 7"; });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::internal);
  EXPECT_THAT(failed.error().message, HasSubstr("page 7: odd"));
}

TEST(Contain, CountsByPlace) {
  const long long webhook = internal_errors(Place::webhook), handler = internal_errors(Place::handler);
  EXPECT_FALSE(contain(Place::webhook, [] { throw std::bad_alloc(); }));
  EXPECT_FALSE(contain(Place::webhook, [] { throw 42; }));
  EXPECT_EQ(internal_errors(Place::webhook), webhook + 2);
  EXPECT_EQ(internal_errors(Place::handler), handler);
}

TEST(Contain, ADescriptionThatFailsChangesNothing) {
  const auto failed = contain(
      Place::run, [] { throw std::runtime_error("odd"); }, []() -> std::string { throw std::bad_alloc(); });
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("odd"));
}

TEST(Contain, TellsOfWhatACoroutineCaught) {
  const auto error =
      contained(Place::handler, std::make_exception_ptr(std::runtime_error("odd")), "a connection");
  EXPECT_EQ(error.code, Code::internal);
  EXPECT_THAT(error.message, HasSubstr("a connection: odd"));
}

TEST(Place, EachHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (const Place place : kPlaces) words.insert(word(place));
  EXPECT_EQ(words.size(), kPlaces.size());
}

}  // namespace
}  // namespace muster
