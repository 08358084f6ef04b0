"""Holds every mapping file against mappings/mapping.schema.json with a validator that is not ours.

usage: python tests/schema.py     (needs jsonschema and pyyaml)
"""

import json
import pathlib
import sys

import jsonschema
import yaml

mappings = pathlib.Path(__file__).resolve().parent.parent / "mappings"
schema = json.loads((mappings / "mapping.schema.json").read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


class Texts(yaml.SafeLoader):
    """YAML 1.2 as juesuan reads it: `on` and `no` are texts."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

failed = 0
for path in sorted(mappings.rglob("*.yaml")):
    if path.name == "guesses.yaml":  # what drafting guesses by is no mapping
        continue
    for error in validator.iter_errors(yaml.load(path.read_text(encoding="utf-8"), Loader=Texts)):
        failed += 1
        print(f"{path.relative_to(mappings)}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
if validator.is_valid({"form": "a", "lables": {}}):
    failed += 1
    print("an unknown key is taken")
sys.exit(1 if failed else 0)
