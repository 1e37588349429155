# SPDX-License-Identifier: GPL-2.0-only
"""Checks outputs of commands with --json against docs/json.schema.json.

    schema.py FILE...

Each file is the output of one command and named after it: "NUMBER policy apply". In the outputs
of trace, top and history show, each line is a document. Prints for each file that it is as
documented, or the errors. Needs python3-jsonschema of the distribution: run /usr/bin/python3.
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
