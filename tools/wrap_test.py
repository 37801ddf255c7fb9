#!/usr/bin/env python3
"""Tests of wrap.py."""

import unittest

import wrap

LONG = "word " * 30


def is_wrapped(lines):
    return all(len(line) <= wrap.WIDTH for line in lines)


class Wrap(unittest.TestCase):
    def test_a_comment(self):
        lines = wrap.wrap_cpp(["  /// " + LONG, "  int x;", "// short", "// lines"])
        self.assertTrue(is_wrapped(lines))
        self.assertTrue(all(line.startswith("  /// word") for line in lines[:2]))
        self.assertEqual(lines[2:], ["  int x;", "// short", "// lines"])

    def test_an_item_of_a_list(self):
        lines = wrap.wrap_cpp(["// - " + LONG, "//   " + LONG, "// - next"])
        self.assertTrue(is_wrapped(lines))
        self.assertTrue(lines[1].startswith("//   word"))
        self.assertEqual(lines[-1], "// - next")

    def test_names_with_what_they_are(self):
        lines = wrap.wrap_cpp(["//   GET     /path    " + LONG, "//   POST    /path    short"])
        self.assertTrue(is_wrapped(lines))
        self.assertTrue(lines[1].startswith("//" + " " * 20 + "word"))
        self.assertEqual(lines[-1], "//   POST    /path    short")

    def test_a_comment_behind_code(self):
        lines = wrap.wrap_cpp(["  int x = 0;  ///< " + LONG, '  f("http://a  // b' + "x" * 100 + '");'])
        self.assertTrue(lines[1].startswith(" " * 14 + "///< word"))
        self.assertEqual(lines[-1], '  f("http://a  // b' + "x" * 100 + '");')

    def test_code_is_one_word(self):
        lines = wrap.wrap_markdown([LONG[:105] + "`mdmctl get", "devices` and more"])
        self.assertEqual(lines[1], "`mdmctl get devices` and more")

    def test_examples_and_tables_stay(self):
        for example in ["    1      room   " + LONG, "| a | " + LONG + "|", "# " + LONG]:
            self.assertEqual(wrap.wrap_markdown(["Text:", "", example]), ["Text:", "", example])
        fenced = ["```", LONG, "```"]
        self.assertEqual(wrap.wrap_markdown(fenced), fenced)
        example = ["// So:", "//", "//   call(" + LONG + ");"]
        self.assertEqual(wrap.wrap_cpp(example), example)

    def test_what_is_wrapped_stays(self):
        for lines in [["// " + LONG * 3], ["//   name  " + LONG], ["x;  // " + LONG]]:
            once = wrap.wrap_cpp(lines)
            self.assertEqual(wrap.wrap_cpp(once), once)
        once = wrap.wrap_markdown(["- " + LONG, "  " + LONG, "", "1. " + LONG])
        self.assertEqual(wrap.wrap_markdown(once), once)


if __name__ == "__main__":
    unittest.main()
