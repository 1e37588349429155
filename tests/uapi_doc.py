#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the ioasid-io scripts of a page and compares their output with the page.

A script is a fenced block ```ioasid-io; the next block must be ```output with
what it prints. Prints a diff for each script that prints something else, with the
line of the page, and at the end how many there were.

usage: uapi_doc.py PAGE [PROGRAM [ARGUMENT]...]
"""
import difflib
import subprocess
import sys

TIMEOUT = 120  # seconds for each script


def blocks(lines):
    """Yields (line number, language, lines) for each fenced block."""
    start = language = None
    for number, line in enumerate(lines, 1):
        if start is None and line.startswith("```"):
            start, language = number, line[3:].strip()
        elif line.rstrip() == "```":
            yield start, language, lines[start:number - 1]
            start = None
    if start is not None:
        sys.exit(f"line {start}: the block is not closed")


def scripts(lines):
    """Yields (line number, script, output) for each script."""
    script = None
    for number, language, body in blocks(lines):
        if script and language != "output":
            sys.exit(f"line {script[0]}: the script has no output")
        if language == "ioasid-io":
            script = (number, body)
        elif language == "output":
            if not script:
                sys.exit(f"line {number}: output without a script")
            yield *script, body
            script = None
    if script:
        sys.exit(f"line {script[0]}: the script has no output")


def run(program, script):
    """What the script prints, standard error included, as lines."""
    with open("script", "w", encoding="utf-8") as stream:
        stream.write("".join(script))
    try:
        done = subprocess.run([*program, "script"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as expired:
        return [*(expired.output or b"").decode().splitlines(True), f"no end in {TIMEOUT} seconds\n"]
    lines = done.stdout.decode().splitlines(True)
    if done.returncode not in (0, 1):
        lines.append(f"exit status {done.returncode}\n")
    return lines


def main(page, *program):
    with open(page, encoding="utf-8") as stream:
        lines = stream.readlines()
    count = different = 0
    for number, script, expected in scripts(lines):
        diff = list(difflib.unified_diff(expected, run(program or ("ioasid-io", "-k"), script),
                                         "page", "printed", n=2))
        count += 1
        if diff:
            different += 1
            print(f"the script in line {number}:", *(line.rstrip("\n") for line in diff), sep="\n")
    print(f"{count} scripts, {different} differ")


if __name__ == "__main__":
    main(*sys.argv[1:])
