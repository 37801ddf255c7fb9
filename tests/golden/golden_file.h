// A golden file: what a command gets, and what it must do with it, as one text.
//
//   == about              one line on what the case shows
//   == no config          mdmctl has no servers.json; without this line it knows the fake server and its key
//   == wrong key          ... it knows the fake server, with a key that is not accepted
//   == server down        nothing listens where the configuration points
//   == env NAME=VALUE     an environment variable; SERVER in the value stands for the fake server's URL
//   == file NAME          a file in the working directory, with the lines that follow
//   == answer METHOD TARGET STATUS [HEADER: VALUE]
//                         what the fake server answers; several for one target are given in turn
//   == stdin              what the next runs find on standard input
//   == run                a command line; single quotes hold a word together
//
// After each `run` stand its results: `exit`, `stdout`, `stderr`, `request` (one each, with the user and key
// it came with) and `wrote` (each file made or changed, with its mode). MUSTER_UPDATE_GOLDEN=1 writes them
// anew. In results the port is PORT, the working directory DIR, a carriage return <CR>.
#pragma once

#include <string>
#include <vector>

namespace muster::golden {

struct Section {
  std::string kind;      ///< the first word or words after `== `, e.g. `file`
  std::string argument;  ///< the rest of that line
  std::string body;      ///< the lines up to the next section, each with its newline
};

/// The sections of a golden file. A line before the first section, or an unknown kind, is an assertion
/// failure of the test under way.
std::vector<Section> parse(const std::string& text);

/// The file's text: parse() of it gives the same sections.
std::string render(const std::vector<Section>& sections);

/// True for a section that a run makes, false for one that a person writes.
bool is_result(const Section& section);

/// The words of a command line.
std::vector<std::string> split_words(const std::string& line);

}  // namespace muster::golden
