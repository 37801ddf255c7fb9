#!/usr/bin/env python3
"""embed.py OUT.cc [DIST]: the console's files as C++, each also compressed. Without DIST there are none."""

import gzip
import os
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
PLAIN = {byte for byte in range(0x20, 0x7F)} - set(b'"\\?')


def literal(data):
    """Octal escapes have three digits at most, so that no digit behind one belongs to it."""
    text = "".join(chr(byte) if byte in PLAIN else f"\\{byte:03o}" for byte in data)
    lines, at = [], 0
    while at < len(text):
        end = min(at + 4000, len(text))
        while end < len(text) and "\\" in text[end - 3 : end]:
            end -= 1  # no line break within an escape
        lines.append(f'    "{text[at:end]}"')
        at = end
    return "\n".join(lines) or '    ""'


def entry(root, path):
    with open(os.path.join(root, path), "rb") as file:
        data = file.read()
    kind = TYPES[os.path.splitext(path)[1]]
    address = "/" if path == "index.html" else "/" + path
    packed = gzip.compress(data, 9, mtime=0)
    return (
        f'  {{"{address}", "{kind}",\n   std::string_view(\n{literal(data)}, {len(data)}),\n'
        f"   std::string_view(\n{literal(packed)}, {len(packed)})}},\n"
    )


def main():
    target, roots = sys.argv[1], sys.argv[2:]
    entries = []
    for root in roots:
        paths = [os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names]
        entries = [entry(root, path) for path in sorted(paths)]
    files = f"const ConsoleFile kFiles[] = {{\n{''.join(entries)}}};\n" if entries else ""
    answer = "kFiles" if entries else "{}"
    with open(target, "w", encoding="ascii") as file:
        file.write(
            '#include "api/console/files.h"\n\nnamespace muster::api {\nnamespace {\n\n'
            f"{files}\n}}  // namespace\n\n"
            f"std::span<const ConsoleFile> console_files() {{ return {answer}; }}\n\n}}  // namespace muster::api\n"
        )


if __name__ == "__main__":
    main()
