# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds documents of --why against their schema: why-schema.py SCHEMA SOCKETS RULES DOCUMENT...

SOCKETS is the schema of listings, RULES has the keys of the program's rules."""

import json
import sys

import jsonschema


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def strict(part):
    """The installed schema lets later keys through; here there are no others."""
    if isinstance(part, list):
        return [strict(item) for item in part]
    if not isinstance(part, dict):
        return part
    made = {key: strict(value) for key, value in part.items()}
    if "properties" in part:
        made["additionalProperties"] = False
    return made


schema, listings = load(sys.argv[1]), load(sys.argv[2])
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(strict(schema))
socket = jsonschema.Draft7Validator(
    {"definitions": listings["definitions"], **strict(listings["definitions"]["socket"])}
)
faults = []

with open(sys.argv[3], encoding="utf-8") as file:
    keys = file.read().split()
if keys != schema["definitions"]["rule"]["enum"]:
    faults.append(f"the rules of the program are {keys}")
for path in sys.argv[4:]:
    document = load(path)
    faults.extend(f"{path}: {error.message}" for error in validator.iter_errors(document))
    for one in document["in_the_way"]:
        faults.extend(f"{path}: {error.message}" for error in socket.iter_errors(one["socket"]))
    if not list(validator.iter_errors({**document, "surplus": 1})):
        faults.append(f"{path}: a surplus key passes")
    if not list(validator.iter_errors({key: document[key] for key in list(document)[1:]})):
        faults.append(f"{path}: a missing key passes")
print("\n".join(faults))
sys.exit(bool(faults))
