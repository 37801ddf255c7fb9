#!/usr/bin/env python3
"""Wraps prose at 110 columns: the comments of C++ sources, and Markdown.

    tools/wrap.py [--check] FILE...

Only paragraphs with a longer line, or with `code` that goes on in the next line, are changed. Tables, headings and
examples stay as they are. With --check, it changes nothing, names the first such line of each file, and exits with 1 if
there are any.
"""

import re
import sys

WIDTH = 110
ITEM = re.compile(r"(?:[-*]|\d+\.) +")
LABEL = re.compile(r"(?:\S+(?: \S+)* {2,})+(?=\S)")  # `name   what it is`, as in a table without lines


def words_of(text):
    """The words of a text; `code` is one, unless it is long."""
    if text.count("`") % 2:
        return text.split()
    words = []
    for part in re.findall(r"(?:`[^`]*`|[^\s`])+", text):
        words += [" ".join(part.split())] if len(part) <= WIDTH // 2 else part.split()
    return words


def fill(words, first, rest):
    """The words in lines, the first one begun with `first` and all others with `rest`."""
    lines = [first + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= WIDTH or word in "-*+" or re.fullmatch(r"\d+\.|[#>|].*", word):
            lines[-1] += " " + word
        else:
            lines.append(rest + word)
    return lines


def indent_of(text):
    return len(text) - len(text.lstrip())


def is_example(text, in_comment):
    if in_comment:
        return indent_of(text) >= 2 and not LABEL.match(text.lstrip())
    return indent_of(text) >= 4


def wrap(texts, prefix, in_comment):
    """The lines `texts`, which stand behind `prefix`, in paragraphs."""
    done, at = [], 0
    while at < len(texts):
        text = texts[at]
        begin, at = at, at + 1
        body = text.lstrip()
        if not body or body[0] in "|#<" or is_example(text, in_comment):
            done.append(text)
            continue
        mark = ITEM.match(body) or (LABEL.match(body) if in_comment and indent_of(text) else None)
        hang = indent_of(text) + (len(mark[0]) if mark else 0)
        while at < len(texts):
            more = texts[at].lstrip()
            if not more or indent_of(texts[at]) != hang or more[0] in "|#<" or ITEM.match(more):
                break
            if not mark and hang and LABEL.match(more):
                break
            at += 1
        lines = texts[begin:at]
        is_wide = any(len(prefix + line) > WIDTH for line in lines)
        if is_wide or any(line.count("`") % 2 for line in lines):
            head = text[: indent_of(text)] + (mark[0] if mark else "")
            words = words_of(" ".join([text[len(head) :]] + lines[1:]))
            wrapped = fill(words, prefix + head, prefix + " " * hang)
            lines = [line[len(prefix) :] for line in wrapped]
        done += lines
    return done


def wrap_markdown(lines):
    done, block, is_fenced = [], [], False
    for line in lines + [""]:
        if line.startswith("```"):
            is_fenced = not is_fenced
        if line and not is_fenced and not line.startswith("```"):
            block.append(line)
            continue
        done += wrap(block, "", False) + [line]
        block = []
    return done[:-1]


COMMENT = re.compile(r"(\s*)(///?<?)(?: (.*))?$")


def trailing(line):
    """Where the comment behind the code of a line begins, or None."""
    for found in re.finditer(r"(?<=\S)  (?=///?<? )", line):
        if line[: found.start()].count('"') % 2 == 0:
            return found.end()
    return None


def wrap_cpp(lines):
    done, at = [], 0
    while at < len(lines):
        line = lines[at]
        comment = COMMENT.match(line)
        if not comment:
            column = trailing(line) if len(line) > WIDTH else None
            at += 1
            if column is None:
                done.append(line)
                continue
            mark, text = line[column:].split(" ", 1)
            while at < len(lines) and lines[at].startswith(" " * column + mark + " "):
                text += " " + lines[at][column + len(mark) + 1 :]
                at += 1
            done += fill(text.split(), line[:column] + mark + " ", " " * column + mark + " ")
            continue
        prefix = comment[1] + comment[2]
        texts = []
        while at < len(lines) and (more := COMMENT.match(lines[at])) and more[1] + more[2] == prefix:
            texts.append(more[3] or "")
            at += 1
        done += [(prefix + " " + text).rstrip() for text in wrap(texts, prefix + " ", True)]
    return done


def main(arguments):
    is_check = arguments[:1] == ["--check"]
    is_well = True
    for path in arguments[is_check:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        lines = text.split("\n")
        wrapped = wrap_markdown(lines) if path.endswith(".md") else wrap_cpp(lines)
        if wrapped == lines:
            continue
        is_well = False
        if is_check:
            number = next(i for i, (a, b) in enumerate(zip(lines, wrapped)) if a != b) + 1
            print(f"{path}:{number}: prose is not wrapped at {WIDTH} columns. Run `./dev fmt`")
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(wrapped))
    return 0 if is_well or not is_check else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
