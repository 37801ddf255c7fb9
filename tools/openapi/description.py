"""docs/openapi.yaml, read for the scripts beside this one."""

import sys

try:
    import yaml
except ImportError:
    sys.exit(f"{sys.executable} has no module yaml: install python3-yaml (tools/packages.txt)")


class _Loader(yaml.SafeLoader):
    """Times stay the text that they are."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Operation:
    def __init__(self, description, method, path, members):
        self.method, self.path, self.id = method.upper(), path, members["operationId"]
        self.tag, self.summary = members["tags"][0], members["summary"]
        self.text = members.get("description", "")
        self.is_open = members.get("security") == []
        self.role = members.get("x-role", "")
        parameters = [description.resolve(each) for each in members.get("parameters", [])]
        self.path_parameters = [each for each in parameters if each["in"] == "path"]
        self.query_parameters = [each for each in parameters if each["in"] == "query"]
        self.body = description.resolve(members["requestBody"]) if "requestBody" in members else None
        self.responses = {status: description.resolve(each) for status, each in members["responses"].items()}

    @property
    def body_content(self):
        return next(iter(self.body["content"].values())) if self.body else None

    @property
    def takes_file(self):
        """The body is no JSON."""
        return bool(self.body) and "application/json" not in self.body["content"]

    @property
    def answer_type(self):
        """The media type of a success, and its content."""
        return next(iter(self.responses["200"]["content"].items()))


class Description:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.document = yaml.load(self.text, _Loader)
        self.schemas = self.document["components"]["schemas"]
        self.operations = [
            Operation(self, method, path, members)
            for path, methods in self.document["paths"].items()
            for method, members in methods.items()
        ]

    def resolve(self, value):
        """What a `$ref` leads to; any other value is itself."""
        while "$ref" in value:
            target = self.document
            for name in value["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            value = target
        return value

    @staticmethod
    def name_of(schema):
        """`Plan` of `#/components/schemas/Plan`, "" of a schema without a name."""
        return schema.get("$ref", "").rpartition("/")[2]
