# SPDX-License-Identifier: GPL-2.0-only
"""Is what commands printed with --json what docs/json.schema.json says of it?

    schema.py FILE...

Each file is one output, named after its command: "NUMBER policy apply". Of trace, top
and history show each line is a document. Says for each file that it is as documented, or what is
wrong. Needs the distribution's python3-jsonschema, so /usr/bin/python3.
"""
import json
import os
import sys

import jsonschema

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../docs/json.schema.json")
STREAMS = ("trace", "top", "history show")


def validator_of(whole, command):
    schema = {"$schema": whole["$schema"], "$defs": whole["$defs"], "allOf": [whole["commands"][command]]}
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def main():
    with open(SCHEMA, encoding="utf-8") as file:
        whole = json.load(file)
    for name in sys.argv[1:]:
        command = os.path.basename(name).split(" ", 1)[1]
        validator = validator_of(whole, command)
        with open(name, encoding="utf-8") as file:
            texts = file.readlines() if command in STREAMS else [file.read()]
        wrong = sorted("%s: %s" % (error.json_path, error.message)
                       for text in texts for error in validator.iter_errors(json.loads(text)))
        print("%s: %s" % (command, "; ".join(wrong) or "as documented" if texts else "nothing"))


main()
