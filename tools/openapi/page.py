"""The page of /api/docs: docs/openapi.yaml as HTML that loads nothing else and has no script."""

import base64
import hashlib
import html
import json
import re

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --link: #0a58ca; }
@media (prefers-color-scheme: dark) { :root { --link: #7ab3ff; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line);
  font-size: 13px; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; }
nav strong { display: block; margin-top: .5rem; }
main { padding: 1.5rem 2.5rem 4rem; max-width: 62rem; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
h2 { margin: 3rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { margin: 2.2rem 0 .3rem; }
h4 { margin: 1.2rem 0 .2rem; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
code { background: var(--soft); border-radius: 3px; padding: 0 .2em; }
pre { background: var(--soft); border-radius: 6px; padding: .8rem; overflow: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top; }
td:first-child { width: 14rem; }
td p { margin: 0; }
td table td:first-child { width: 11rem; }
.kind { opacity: .65; font-size: 12px; }
.call { font-size: 14px; }
@media (max-width: 60rem) { body { display: block; } nav { position: static; height: auto; } main { padding: 1rem; } }
"""


def text_of(markdown):
    """Paragraphs, `code` and **bold**: all of Markdown that the descriptions use."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", markdown.strip()):
        text = html.escape(" ".join(paragraph.split()), quote=False)
        text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
        text = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)
        paragraphs.append(f"<p>{text}</p>")
    return "\n".join(paragraphs)


def anchor_of(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def way_of(scheme):
    """How a request says whose it is: `HTTP Basic`, `Cookie`."""
    return f"HTTP {scheme['scheme'].capitalize()}" if scheme["type"] == "http" else scheme["in"].capitalize()


class Page:
    def __init__(self, description):
        self.description = description

    def render(self):
        info = self.description.document["info"]
        tags = self.description.document["tags"]
        return "\n".join([
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{html.escape(info['title'])} API</title>\n<style>{STYLE}</style>\n</head>\n<body>",
            self.menu(tags),
            f"<main>\n<h1>{html.escape(info['title'])} API</h1>",
            text_of(info["description"]),
            "<p>A program can read this description at <a href=\"v1/openapi.yaml\">/api/v1/openapi.yaml</a>.</p>",
            self.access(),
            *[self.group(tag) for tag in tags],
            self.objects(),
            "</main>\n</body>\n</html>\n",
        ])

    def operations_of(self, tag):
        return [each for each in self.description.operations if each.tag == tag["name"]]

    def menu(self, tags):
        parts = []
        for tag in tags:
            links = [f'<li><a href="#{each.id}">{html.escape(each.summary)}</a></li>' for each in self.operations_of(tag)]
            parts.append(f'<strong><a href="#{anchor_of(tag["name"])}">{html.escape(tag["name"])}</a></strong>'
                         f"<ul>{''.join(links)}</ul>")
        return f'<nav>{"".join(parts)}<strong><a href="#objects">Objects</a></strong></nav>'

    def access(self):
        schemes = self.description.document["components"]["securitySchemes"]
        return "<h2 id=\"authentication\">Authentication</h2>" + "".join(
            text_of(f"{way_of(scheme)}. {scheme['description']}") for scheme in schemes.values())

    def group(self, tag):
        calls = "\n".join(self.call(each) for each in self.operations_of(tag))
        return f'<h2 id="{anchor_of(tag["name"])}">{html.escape(tag["name"])}</h2>\n{text_of(tag["description"])}\n{calls}'

    def call(self, operation):
        parts = [f'<section id="{operation.id}"><h3>{html.escape(operation.summary)}</h3>',
                 f'<p class="call"><code>{operation.method} {html.escape(operation.path)}</code>'
                 f' · {"needs no key" if operation.is_open else "needs the role " + operation.role}</p>']
        if operation.text:
            parts.append(text_of(operation.text))
        parameters = operation.path_parameters + operation.query_parameters
        if parameters:
            parts.append("<h4>Parameters</h4>" + self.table([self.parameter_row(each) for each in parameters]))
        if operation.body:
            note = "" if operation.body.get("required") else " (may be left out)"
            parts.append(f"<h4>Body{note}</h4>" + self.content(operation.body_content))
        parts += self.requests(operation)
        parts.append("<h4>Answer</h4>" + text_of(operation.responses["200"]["description"]))
        parts.append(self.content(operation.answer_type[1]))
        for example in operation.answer_type[1].get("examples", {}).values():
            value = example["value"]
            text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
            parts.append(f"<pre>{html.escape(text)}</pre>")
        errors = [[f"<code>{status}</code>", text_of(answer["description"])]
                  for status, answer in operation.responses.items() if not status.startswith("2")]
        parts.append("<h4>Errors</h4>" + self.table(errors) + "</section>")
        return "\n".join(parts)

    def requests(self, operation):
        """As a person types them into a shell."""
        path = operation.path
        for parameter in operation.path_parameters:
            path = path.replace("{" + parameter["name"] + "}", str(parameter["example"]))
        needed = [each for each in operation.query_parameters if each.get("required")]
        options = "".join(f" --data-urlencode '{each['name']}={each['example']}'" for each in needed)
        line = "curl" + ("" if operation.is_open else " -u micromdm:$KEY")
        line += "" if operation.method == "GET" else f" -X {operation.method}"
        line += f" $HOST{path}" + (f" -G{options}" if options else "")
        bodies = (operation.body_content or {}).get("examples", {}).values()
        lines = [f"{line} -d '{json.dumps(each['value'], ensure_ascii=False)}'" for each in bodies] or [line]
        if operation.takes_file:
            lines = [f"{line} -T FILE"]
        return [f"<pre>{html.escape(chr(10).join(lines), quote=False)}</pre>"]

    @staticmethod
    def table(rows):
        return "<table>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows) + "</table>"

    def parameter_row(self, parameter):
        kind = self.kind_of(parameter["schema"]) + (", required" if parameter.get("required") else "")
        return [f"<code>{html.escape(parameter['name'])}</code> <span class=\"kind\">{kind}</span>",
                text_of(parameter["description"])]

    def content(self, content):
        schema = content["schema"]
        return self.members(self.description.resolve(schema)) or text_of(schema.get("description", ""))

    def members(self, schema):
        """The table of an object's members; "" without any."""
        rows = []
        for name, member in schema.get("properties", {}).items():
            kind = self.kind_of(member)
            text = text_of(member.get("description") or self.description.resolve(member).get("description", ""))
            inner = member.get("items", member)
            if not self.is_object_with_name(inner):
                text += self.members(self.description.resolve(inner))
            rows.append([f'<code>{html.escape(name)}</code> <span class="kind">{kind}</span>', text])
        return self.table(rows) if rows else ""

    def is_object_with_name(self, schema):
        return bool(self.description.name_of(schema)) and "properties" in self.description.resolve(schema)

    def kind_of(self, schema):
        """`string`, `integer 0 to 1000`, `list of Rule`, `new | unassigned | all`."""
        if self.is_object_with_name(schema):
            name = self.description.name_of(schema)
            return f'<a href="#object-{name}">{name}</a>'
        plain = self.description.resolve(schema)
        if "enum" in plain:
            return " | ".join(html.escape(str(each)) for each in plain["enum"])
        types = plain.get("type", "any type")
        kind = " or ".join(types) if isinstance(types, list) else types
        if "items" in plain:
            kind = kind.replace("array", "list of " + self.kind_of(plain["items"]))
        if "maximum" in plain:
            kind += f" {plain['minimum']:,} to {plain['maximum']:,}"
        elif "format" in plain:
            kind = "time"
        return kind

    def objects(self):
        parts = []
        for name, schema in self.description.schemas.items():
            if "properties" in schema:
                parts.append(f'<section id="object-{name}"><h3>{name}</h3>{text_of(schema.get("description", ""))}'
                             f"{self.members(schema)}</section>")
        return '<h2 id="objects">Objects</h2>' + "\n".join(parts)


def policy():
    """The Content-Security-Policy that the page needs: its own style, nothing else."""
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return (f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'")
