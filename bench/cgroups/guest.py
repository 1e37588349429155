# SPDX-License-Identifier: GPL-2.0-only
"""Measures a policy on very many cgroups, while some are created and removed and it is replaced."""
import json
import os
import subprocess
import sys
import threading
import time

sys.path.append(os.environ["IOASID_SRC"] + "/tests")
from ioasid import alloc, free, open_device  # noqa: E402

ROOT = "/sys/fs/cgroup/many"
CGROUPS, CHURN, RULES = 66000, 10000, 1024


def figure(name, value, unit, limit=None):
    """Prints a figure, and whether it exceeds its limit."""
    over = " OVER" if limit is not None and value > limit else ""
    text = f" (limit {limit}){over}" if limit is not None else ""
    print(f"{name + ':':62} {value:7} {unit}{text}", flush=True)


def pasidctl(*words):
    done = subprocess.run(["pasidctl", *words], capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def write_policy(name, limit):
    """Writes a policy with one rule for all cgroups, and separate rules for the first ones."""
    rules = [{"name": "all", "cgroup": "/many/**", "max": limit}]
    rules += [{"name": f"t{i}", "cgroup": path_of(i)[len("/sys/fs/cgroup"):], "max": limit - 1}
              for i in range(RULES - 1)]
    with open(name, "w") as file:
        json.dump({"version": 1, "rules": rules}, file)


def path_of(number):
    return f"{ROOT}/{number % 256}/{number}"


def visit(numbers):
    """Moves to each cgroup and allocates and frees a PASID; returns the number of denials."""
    fd, refused = open_device(), 0
    for number in numbers:
        with open(path_of(number) + "/cgroup.procs", "w") as file:
            file.write("0")
        pasid = alloc(fd)
        if isinstance(pasid, int):
            assert free(fd, pasid) == 0
        else:
            refused += 1
    os.close(fd)
    return refused


def churn(ended):
    fd = open_device()
    for number in range(CHURN):
        path = f"{ROOT}/churn{number}"
        os.mkdir(path)
        with open(path + "/cgroup.procs", "w") as file:
            file.write("0")
        pasid = alloc(fd)
        with open(ROOT + "/cgroup.procs", "w") as file:
            file.write("0")
        assert isinstance(pasid, int) and free(fd, pasid) == 0, pasid
        os.rmdir(path)
    ended.set()


def timed(function, *arguments):
    begin = time.monotonic()
    result = function(*arguments)
    return result, time.monotonic() - begin


def main():
    os.mkdir(ROOT)
    for number in range(256):
        os.mkdir(f"{ROOT}/{number}")
    for number in range(CGROUPS):
        os.mkdir(path_of(number))
    write_policy("one.yaml", 100)
    write_policy("two.yaml", 200)
    _, first = timed(pasidctl, "policy", "apply", "one.yaml")
    figure(f"first apply of {RULES} rules to {CGROUPS} cgroups", round(first, 2), "s")
    refused, took = timed(visit, range(CGROUPS))
    figure("allocation in each cgroup, denied", refused, "of %d" % CGROUPS)
    figure("allocation in each cgroup, including the move", round(took / CGROUPS * 1e6), "us")
    nodes = json.loads(pasidctl("status", "--json"))["nodes"]
    figure("nodes used", nodes["used"], "nodes")

    ended, longest, count = threading.Event(), 0, 0
    if (child := os.fork()) == 0:
        churn(ended)
        os._exit(0)
    begin = time.monotonic()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        _, took = timed(pasidctl, "policy", "apply", "two.yaml" if count % 2 == 0 else "one.yaml")
        longest, count = max(longest, took), count + 1
    figure(f"{CHURN} cgroups created, used and removed in", round(time.monotonic() - begin, 1), "s")
    figure("policy replaced in this time", count, "times")
    figure("longest replacement", round(longest, 2), "s")
    nodes = json.loads(pasidctl("status", "--json"))["nodes"]
    figure("nodes afterwards: used", nodes["used"], "nodes")
    figure("nodes afterwards: underflows", nodes["underflows"], "times", 0)
    figure("nodes afterwards: uncounted", nodes["uncounted"], "requests")
    held = sum(row["current"] for row in json.loads(pasidctl("cgroup", "--json")))
    figure("charged afterwards", held, "PASIDs", 0)


main()
