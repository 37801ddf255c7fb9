#!/usr/bin/env python3
"""embed.py docs/openapi.yaml OUT.cc: the description and its page as C++, for the build."""

import sys

import description
import page


def literal(text):
    ending = ')muster"'
    if ending in text:
        raise SystemExit(f"embed.py: the text has {ending} in it, which ends the C++ literal")
    return f'R"muster({text}{ending}'


def main():
    source, target = sys.argv[1:]
    described = description.Description(source)
    texts = {
        "openapi_yaml": described.text,
        "docs_page": page.Page(described).render(),
        "docs_policy": page.policy(),
    }
    functions = "\n".join(f"std::string_view {name}() {{\n  return {literal(text)};\n}}\n" for name, text in texts.items())
    with open(target, "w", encoding="utf-8") as file:
        file.write(f'#include "api/description.h"\n\nnamespace muster::api {{\n\n{functions}\n}}  // namespace muster::api\n')


if __name__ == "__main__":
    main()
