#!/usr/bin/env python3
"""typescript_client.py docs/openapi.yaml OUT.ts: writes the console's client, one function for each call and a type for each schema."""

import json
import sys

import description

HEAD = """// A client of Muster's API. tools/openapi/typescript_client.py makes this file from docs/openapi.yaml: change these.
import { request, type Given } from './lib/request';
"""

# What the console does not call: answers that are not JSON, and calls for other programs.
NOT_JSON = {"text/event-stream", "application/vnd.sqlite3", "text/plain", "text/html", "application/yaml"}


class Types:
    def __init__(self, described):
        self.described = described

    def of(self, schema):
        """The TypeScript type of a schema."""
        name = self.described.name_of(schema)
        if name:
            return name
        if "enum" in schema:
            return " | ".join(json.dumps(each) for each in schema["enum"])
        kinds = schema.get("type", "unknown")
        if isinstance(kinds, list):
            return " | ".join(self.of({**schema, "type": kind}) for kind in kinds)
        return getattr(self, "_" + kinds, lambda schema: "unknown")(schema)

    def _string(self, schema):
        return "string"

    def _integer(self, schema):
        return "number"

    _number = _integer

    def _boolean(self, schema):
        return "boolean"

    def _null(self, schema):
        return "null"

    def _array(self, schema):
        return f"Array<{self.of(schema['items'])}>"

    def _object(self, schema):
        required = set(schema.get("required", []))
        members = [
            f"{json.dumps(name)}{'' if name in required else '?'}: {self.of(member)}"
            for name, member in schema.get("properties", {}).items()
        ]
        more = schema.get("additionalProperties")
        if more:
            values = self.of(more) if isinstance(more, dict) and not members else "unknown"
            members.append(f"[member: string]: {values}")
        return "{ " + "; ".join(members) + " }" if members else "Record<string, never>"


def function_of(types, operation):
    places = [each["name"] for each in operation.path_parameters]
    query = [each for each in operation.query_parameters if each["name"] not in places]
    arguments = [f"{name}: string" for name in places]
    path = operation.path
    for name in places:
        path = path.replace("{" + name + "}", "${encodeURIComponent(" + name + ")}")
    given = []
    if query:
        members = "; ".join(f"{each['name']}{'' if each.get('required') else '?'}: string | number | boolean" for each in query)
        given.append(f"query: {{ {members} }}")
    if operation.body:
        given.append(f"body: {types.of(operation.body_content['schema'])}")
    is_optional = not operation.body and not any(each.get("required") for each in query)
    members = [each if each.startswith("body") else each.replace("query:", "query?:") if is_optional or
               not any(parameter.get("required") for parameter in query) else each for each in given]
    members.append("signal?: AbortSignal")
    arguments.append("given: { " + "; ".join(members) + " }" + (" = {}" if is_optional else ""))
    schema = operation.answer_type[1]["schema"]
    return (
        f"/** {operation.summary}. */\n"
        f"export function {operation.id}({', '.join(arguments)}): Promise<{types.of(schema)}> {{\n"
        f"  return request({json.dumps(operation.method)}, `{path}`, given as Given);\n}}\n"
    )


def main():
    source, target = sys.argv[1:]
    described = description.Description(source)
    types = Types(described)
    parts = [HEAD]
    for name, schema in described.schemas.items():
        parts.append(f"export type {name} = {types.of(schema)};\n")
    roles = {}
    for operation in described.operations:
        if operation.answer_type[0] in NOT_JSON:
            continue
        parts.append(function_of(types, operation))
        roles[operation.id] = operation.role
    parts.append("/** The role that each call needs. */\nexport const roles = " + json.dumps(roles, indent=2) + " as const;\n")
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(parts))


if __name__ == "__main__":
    main()
