// clients/python/muster.py: made from docs/openapi.yaml, and as docs/api.md shows it.
#include <gmock/gmock.h>

#include "base/os/files.h"
#include "tests/e2e/world/transcript.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

std::string source_text(const std::string& file) { return read_file(source(file)).value(); }

// The first indented block under a heading.
std::string block_under(const std::string& markdown, const std::string& heading) {
  std::string block;
  size_t at = markdown.find("\n    ", markdown.find("\n## " + heading + "\n")) + 1;
  while (markdown.compare(at, 4, "    ") == 0 || markdown[at] == '\n') {
    const size_t end = markdown.find('\n', at) + 1;
    block += markdown[at] == '\n' ? "\n" : markdown.substr(at + 4, end - at - 4);
    at = end;
  }
  return block;
}

class PythonClient : public World {
 protected:
  void SetUp() override {
    start_depsim();
    depsim().devices("add", {{"count", 4}, {"family", "iPad"}, {"baseline", true}});
    depsim().devices("add", {{"count", 2}, {"family", "Mac"}, {"baseline", true}});
    start_muster();
    await_baseline(6);
    write("muster.py", source_text("clients/python/muster.py"));
  }

  // A program of these lines, with a client `server` of this test's.
  ProgramResult python(const std::string& lines) {
    write("program.py",
          "import os, shutil, muster\n"
          "server = muster.Server(os.environ['SERVER_URL'], os.environ['APIKEY'])\n" +
              lines);
    return run("python3 program.py");
  }
  std::string output_of(const std::string& lines) {
    const auto result = python(lines);
    EXPECT_EQ(result.exit, 0) << result.err;
    return result.out;
  }
};

TEST(PythonClientFile, IsWhatTheScriptMakes) {
  const TempDir directory;
  const auto made = run_program({"python3", "-B", source("tools/openapi/python_client.py"),
                                 source("docs/openapi.yaml"), directory.file("muster.py")});
  ASSERT_EQ(made.exit, 0) << made.err;
  EXPECT_TRUE(read_file(directory.file("muster.py")).value() == source_text("clients/python/muster.py"))
      << "Run tools/openapi/python_client.py docs/openapi.yaml clients/python/muster.py";
}

TEST_F(PythonClient, DoesWhatTheReferenceShows) {
  const auto markdown = source_text("docs/api.md");
  const auto program = block_under(markdown, "Python");
  ASSERT_THAT(program, HasSubstr("muster.Server("));
  write("example.py", replace_all(replace_all(program, "http://127.0.0.1:8080", muster().url()),
                                  "change-me-please", kApiKey));
  const auto examples = examples_in(markdown, "Python");
  ASSERT_EQ(examples.size(), 1U);
  EXPECT_EQ(run_well(examples[0].command), examples[0].output);
}

TEST_F(PythonClient, SendsAndReadsEveryForm) {
  EXPECT_EQ(output_of("print(sorted(server.get_version()))"), "['version']\n");
  EXPECT_EQ(output_of("print(server.get_metrics().splitlines()[0])"), "# HELP muster_build_info 1\n");
  EXPECT_EQ(output_of("print(server.get_openapi().splitlines()[0])"), "openapi: 3.1.0\n");
  EXPECT_EQ(output_of("print(repr(server.sync_now()))"), "''\n");
  EXPECT_EQ(output_of("print(server.get_rules(counts=True)['covered_by_none'])"), "6\n");
  EXPECT_EQ(output_of("with server.get_backup() as copy, open('copy.db', 'wb') as file:\n"
                      "    shutil.copyfileobj(copy, file)\n"
                      "print(open('copy.db', 'rb').read(15).decode())"),
            "SQLite format 3\n");
}

TEST_F(PythonClient, NamesMayHaveAnyCharacter) {
  EXPECT_EQ(
      output_of("name = 'iPads/4b: 100% \\u00fc?'\n"
                "server.define_dep_profile({'profile_name': name, 'url': 'https://mdm.example.org/enroll'})\n"
                "print(server.get_profile(name)['name'] == name)"),
      "True\n");
}

TEST_F(PythonClient, ReadsPageAfterPage) {
  EXPECT_EQ(output_of("pages = server.pages(server.get_devices, 'devices', limit=4)\n"
                      "print(len({device['serial_number'] for device in pages}))"),
            "6\n");
}

TEST_F(PythonClient, RaisesWhatTheServerRefuses) {
  EXPECT_EQ(output_of("try:\n"
                      "    server.get_rules(account='nobody')\n"
                      "except muster.Error as error:\n"
                      "    print(error.status, 'nobody' in str(error))"),
            "404 True\n");
  EXPECT_EQ(output_of("try:\n"
                      "    muster.Server(os.environ['SERVER_URL'], 'wrong').get_rules()\n"
                      "except muster.Error as error:\n"
                      "    print(error.status, error)"),
            "401 the API key is wrong\n");
  const auto unknown = python("server.get_rules(acount='default')");
  EXPECT_NE(unknown.exit, 0);
  EXPECT_THAT(unknown.err, HasSubstr("acount"));
}

}  // namespace
}  // namespace muster::test
