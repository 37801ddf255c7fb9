#!/usr/bin/env python3
"""python_client.py docs/openapi.yaml clients/python/muster.py: writes the Python client, one method for each call."""

import keyword
import sys
import textwrap

import description

HEAD = '''"""A client of Muster's API, for Python 3.9 or later. It needs nothing but this file.

    import muster

    server = muster.Server("https://muster.example.com", "API-KEY")
    for device in server.pages(server.get_devices, "devices", filter="family = iPad"):
        print(device["serial_number"])

Each call is a method, and returns the answer as a dict. An answer that is an error raises muster.Error.
tools/openapi/python_client.py makes this file from docs/openapi.yaml: change these.
"""

import base64
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request


class Error(Exception):
    """The server answered with an error; `status` is that of HTTP."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key is for the server that was named, and no other."""

    def redirect_request(self, request, file, code, message, headers, url):
        return None


class Server:
    def __init__(self, url, key, *, context=None, timeout=330):
        """`context`: an ssl.SSLContext, for a certificate that the system does not know. `timeout`: in seconds; a call that
        waits for Apple may take some minutes."""
        self._url = url.rstrip("/")
        self._authorization = "Basic " + base64.b64encode(f"micromdm:{key}".encode()).decode()
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))

    def pages(self, call, member, **arguments):
        """The entries of every page: `call` is a method with a `cursor`, `member` the one of its answer that has them."""
        while True:
            answer = call(**arguments)
            yield from answer[member]
            if "next_cursor" not in answer:
                return
            arguments["cursor"] = answer["next_cursor"]

    def _open(self, method, path, query, body, more_headers=()):
        query = {name: _text(value) for name, value in query.items() if value is not None}
        url = self._url + path + ("?" + urllib.parse.urlencode(query, doseq=True) if query else "")
        headers = {"Authorization": self._authorization, **dict(more_headers)}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/octet-stream"
        elif body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        try:
            return self._opener.open(urllib.request.Request(url, body, headers, method=method), timeout=self._timeout)
        except urllib.error.HTTPError as error:
            with error:
                raise Error(error.code, _reason(error)) from None

    def _events(self, method, path, query):
        last = None
        while True:
            try:
                headers = {"Last-Event-ID": last} if last else {}
                with self._open(method, path, query, None, headers) as answer:
                    event = {}
                    for line in answer:
                        name, _, value = line.decode().rstrip("\\n").partition(": ")
                        event[name] = value
                        if line != b"\\n":
                            continue
                        last = event.get("id", last)
                        if "data" in event:
                            yield {"id": event.get("id"), "type": event["event"], **json.loads(event["data"])}
                        event = {}
            except (http.client.HTTPException, OSError):
                pass  # the server is away for a while
            time.sleep(2)

    def _call(self, method, path, query, body=None):
        with self._open(method, path, query, body) as answer:
            text = answer.read().decode()
            is_json = answer.headers.get_content_type() == "application/json"
        return json.loads(text) if is_json else text
'''

TAIL = '''

def _text(value):
    """Of a query's parameter, or of each of its values."""
    if isinstance(value, (list, tuple)):
        return [_text(each) for each in value]
    return str(int(value)) if isinstance(value, bool) else str(value)


def _given(**members):
    """Those that are not left out."""
    return {name: value for name, value in members.items() if value is not None}


def _segment(text):
    return urllib.parse.quote(text, safe="")


def _reason(error):
    text = error.read().decode(errors="replace")
    try:
        return json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        return text.strip() or error.reason
'''

WIDTH = 110


def argument_of(name):
    """`Opts` is an argument `opts`."""
    argument = name.lower()
    return argument + "_" if keyword.iskeyword(argument) else argument


def wrapped(text, indent):
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent)


class Method:
    def __init__(self, described, operation):
        self.described, self.operation = described, operation
        self.places = [each["name"] for each in operation.path_parameters]
        self.parameters = [each for each in operation.query_parameters if each["name"] not in self.places]
        schema = described.resolve(operation.body_content["schema"]) if operation.body else {}
        self.takes_document = operation.takes_file or bool(schema.get("additionalProperties"))
        self.members = {} if self.takes_document else schema.get("properties", {})
        self.needed = set(schema.get("required", [])) if not self.takes_document else set()
        self.needed |= {each["name"] for each in self.parameters if each.get("required")}
        names = [argument_of(name) for name in [*self.places, *[each["name"] for each in self.parameters], *self.members]]
        if len(set(names)) != len(names):
            raise SystemExit(f"python_client.py: {operation.id} has two arguments of one name: {names}")

    def signature(self):
        positional = ["self", *map(argument_of, self.places)] + (["document"] if self.takes_document else [])
        named = [each["name"] for each in self.parameters] + list(self.members)
        needed = [argument_of(name) for name in named if name in self.needed]
        optional = [argument_of(name) + "=None" for name in named if name not in self.needed]
        arguments = positional + (["*", *needed, *optional] if named else [])
        line = f"    def {self.operation.id}({', '.join(arguments)}):"
        if len(line) <= WIDTH:
            return line
        return f"    def {self.operation.id}(\n" + wrapped(", ".join(arguments), " " * 8) + "\n    ):"

    def text(self):
        operation = self.operation
        parts = [f'        """{operation.summary}.', ""]
        if operation.text:
            parts += [wrapped(operation.text, " " * 8), ""]
        for name, text in self.argument_texts():
            parts.append(textwrap.fill(f"{argument_of(name)}: {' '.join(text.split())}", WIDTH, initial_indent=" " * 8,
                                       subsequent_indent=" " * 12))
        while parts[-1] == "":
            parts.pop()
        if len(parts) == 1:
            return parts[0] + '"""'
        return "\n".join(parts) + '\n        """'

    def argument_texts(self):
        for parameter in self.operation.path_parameters + self.parameters:
            yield parameter["name"], parameter["description"].replace("`1`: ", "true: ")
        for name, member in self.members.items():
            yield name, member.get("description") or self.described.resolve(member).get("description", "")
        if self.takes_document:
            yield "document", self.described.resolve(self.operation.body_content["schema"])["description"]

    def code(self):
        path = self.operation.path
        for name in self.places:
            path = path.replace("{" + name + "}", "{_segment(" + argument_of(name) + ")}")
        path = f'f"{path}"' if self.places else f'"{path}"'
        query = ", ".join(f'"{each["name"]}": {argument_of(each["name"])}' for each in self.parameters)
        arguments = [f'"{self.operation.method}"', path, "{" + query + "}"]
        if self.takes_document:
            arguments.append("document")
        elif self.members:
            arguments.append("_given(" + ", ".join(f"{name}={argument_of(name)}" for name in self.members) + ")")
        if self.operation.answer_type[0] == "application/vnd.sqlite3":
            call, arguments = "_open", [*arguments, "None"]
        elif self.operation.answer_type[0] == "text/event-stream":
            call = "_events"
        else:
            call = "_call"
        line = f"        return self.{call}({', '.join(arguments)})"
        if len(line) <= WIDTH:
            return line
        lines = "".join(wrapped(each + ",", " " * 12) + "\n" for each in arguments)
        return f"        return self.{call}(\n{lines}        )"

    def render(self):
        return f"\n{self.signature()}\n{self.text()}\n{self.code()}\n"


def render(described):
    return HEAD + "".join(Method(described, each).render() for each in described.operations) + TAIL


def main():
    source, target = sys.argv[1:]
    with open(target, "w", encoding="utf-8") as file:
        file.write(render(description.Description(source)))


if __name__ == "__main__":
    main()
