# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds documents against the schema: schema.py SCHEMA COLUMNS VOCABULARY [DOCUMENT...]"""

import copy
import json
import sys

import jsonschema

COMPOSITES = {"local", "peer", "process"}

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    columns = file.read().split()

with open(sys.argv[3], encoding="utf-8") as file:
    vocabulary = [line.split() for line in file]

jsonschema.Draft7Validator.check_schema(schema)
installed = jsonschema.Draft7Validator(schema)
faults = []


def strict(part):
    """The installed schema lets chosen columns and later keys through; here each key is there, and no other."""
    if isinstance(part, list):
        return [strict(item) for item in part]
    if not isinstance(part, dict):
        return part
    made = {key: strict(value) for key, value in part.items()}
    if "properties" in part and "oneOf" not in part:
        made["properties"] = {key: value for key, value in made["properties"].items()
                              if not value.get("$comment", "").startswith("only with")}
        made["required"] = list(made["properties"])
    if "properties" in part and "additionalProperties" not in part:
        made["additionalProperties"] = False
    return made


validator = jsonschema.Draft7Validator(strict(schema))


def check_columns():
    """Every column is a key of the schema, and no key is without a column."""
    keys = set()
    for key, value in schema["definitions"]["socket"]["properties"].items():
        if value.get("$comment") == "only with --diff":
            continue
        keys.add(key)
        nested = value.get("items", value).get("properties", {})
        keys.update(f"{key}.{name}" for name in nested)
    wanted = set(columns) - COMPOSITES
    for key in sorted(wanted - keys):
        group, _, name = key.rpartition(".")
        faults.append(f'no key for the column {key}: add "{name}" to the properties of {group or "socket"}')
    faults.extend(f"no column for the key {key}" for key in sorted(keys - wanted))


def part_of(key):
    """The part of the schema that a column's key stands for."""
    part = schema["definitions"]["socket"]
    for name in key.split("."):
        part = part.get("items", part)["properties"][name]
    return part


def words_in(part):
    """All words that a part allows."""
    if "$ref" in part:
        part = schema["definitions"][part["$ref"].rsplit("/", 1)[1]]
    choices = part.get("anyOf", [part])
    return {word for choice in choices for word in choice.get("enum", []) if word is not None}


def check_words():
    """A key that has the words of one of the program's tables allows all of these, and no others."""
    problem = schema["properties"]["problems"]["items"]["properties"]
    for kind in sorted({kind for kind, _ in vocabulary}):
        wanted = {word for its_kind, word in vocabulary if its_kind == kind}
        parts = [problem["code"]] if kind == "problem" else [part_of(kind)]
        if kind == "proto":
            parts.append(problem["proto"])
        for found in map(words_in, parts):
            faults.extend(f"{sys.argv[1]}: {kind}: {word} is missing" for word in sorted(wanted - found))
            faults.extend(f"{sys.argv[1]}: {kind}: no such word: {word}" for word in sorted(found - wanted))


def check_strictness(document):
    """One key less, or one more, anywhere in a row is a fault."""
    def expect_invalid(change, what):
        changed = copy.deepcopy(document)
        change(changed)
        if validator.is_valid(changed):
            faults.append(f"valid all the same: {what}")

    for key in document:
        expect_invalid(lambda d, key=key: d.pop(key), f"without {key}")
    expect_invalid(lambda d: d.update(more=1), "with a key that there is not")
    rows = document.get("sockets") or document.get("summary") or []
    name = "sockets" if "sockets" in document else "summary"
    for at, row in enumerate(rows[:1]):
        for key in row:
            expect_invalid(lambda d, key=key: d[name][at].pop(key), f"a row without {key}")
            expect_invalid(lambda d, key=key: d[name][at].update({key: {"x": []}}),
                           f"a row in which {key} is an object of its own kind")
        expect_invalid(lambda d: d[name][at].update(more=1), "a row with a key that there is not")


check_columns()
check_words()
seen = 0
for path in sys.argv[4:]:
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    # Chosen columns are some of the keys, or others than those of a summary.
    is_chosen = ".chosen." in path
    for error in (installed if is_chosen else validator).iter_errors(document):
        where = "/".join(str(part) for part in error.absolute_path)
        faults.append(f"{path}: {where}: {error.message[:200]}")
    rows = document.get("sockets", document.get("summary"))
    seen += len(rows)
    if not is_chosen and not faults:
        check_strictness(document)
if sys.argv[4:] and not seen:
    faults.append("no document has a row")

print("\n".join(faults))
print(f"{len(sys.argv) - 4} documents with {seen} rows, {len(faults)} faults")
sys.exit(bool(faults))
