# SPDX-License-Identifier: GPL-2.0-only
"""Helpers for tests of charges: cgroups, processes in them, and their PASIDs."""
import json
import os
import subprocess
import sys
import time

from ioasid import *  # noqa: F403 - the calls are part of what tests use

MOUNT = "/sys/fs/cgroup"


def say(*what):
    print(*what, flush=True)


def current(*paths):
    """Returns the PASIDs charged to each of the cgroups, according to pasidctl."""
    rows = json.loads(subprocess.check_output(["pasidctl", "cgroup", "--json"]))
    by_path = {row["cgroup"]: row["current"] for row in rows}
    return [by_path.get(path) for path in paths]


def becomes(values, *paths):
    """Waits until @values are charged to the cgroups, at most a minute; returns the last values."""
    end = time.monotonic() + 60
    while current(*paths) != values and time.monotonic() < end:
        time.sleep(0.05)
    return current(*paths)


def write(path, text):
    """Returns 0, or the name of the errno."""
    try:
        with open(MOUNT + path, "w") as file:
            file.write(text)
        return 0
    except OSError as error:
        return name(error.errno)  # noqa: F405


def enter(path, who=0):
    """Creates the cgroup and moves the process to it (0: this one)."""
    os.makedirs(MOUNT + path, exist_ok=True)
    return write(path + "/cgroup.procs", str(who))


def rmdir(path):
    end = time.monotonic() + 60
    while True:
        try:
            return os.rmdir(MOUNT + path)
        except OSError:  # its last process has not exited yet
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class Child:
    """A process that runs the generator @steps and stops at each yield."""

    def __init__(self, steps, *arguments):
        sys.stdout.flush()
        ours, theirs = os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(ours[1])
            os.close(theirs[0])
            for answer in steps(*arguments):
                os.write(theirs[1], json.dumps(answer).encode() + b"\n")
                if not os.read(ours[0], 1):
                    break
            os._exit(0)
        os.close(ours[0])
        os.close(theirs[1])
        self._go = ours[1]
        self._answers = os.fdopen(theirs[0])

    def answer(self):
        """Waits for the next yielded value and returns it."""
        return json.loads(self._answers.readline())

    def next(self):
        os.write(self._go, b"x")
        return self.answer()

    def end(self, signal=None):
        """Lets it run to its end, or kills it."""
        if signal:
            os.kill(self.pid, signal)
        os.close(self._go)
        os.waitpid(self.pid, 0)
        self._answers.close()
