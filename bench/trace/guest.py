# SPDX-License-Identifier: GPL-2.0-only
"""Measures in the guest what tracing costs the process that emits events, and the reader.

    guest.py LOAD PAIRS READER...

LOAD is the program that emits the events; the readers are listed below. Prints a line for
each READER: name, CPU time per event in nanoseconds of the emitter and of the reader, number
of events that arrived and that the reader reported as lost, and its memory in KiB.
"""
import json
import os
import re
import signal
import subprocess
import sys
import time

FIELDS = ('printf("{\\"ts_ns\\":%llu,\\"seq\\":%llu,\\"event\\":\\"%s\\",\\"pasid\\":%d,\\"pid\\":%u,\\"tid\\":%u,'
          '\\"comm\\":\\"%s\\",\\"cgroup\\":%llu,\\"device\\":%u,\\"errno\\":%d}\\n", nsecs, args->seq, "NAME", '
          'args->pasid, args->pid, args->tid, args->comm, args->cgroup_id, args->device, args->error)')
BPFTRACE = "".join("tracepoint:ioasid:ioasid_%s { %s; } " % (name, FIELDS.replace("NAME", name))
                   for name in ("alloc", "free"))

# On an emulated CPU, emitting an event costs less than reading it, unlike on a real CPU. A large
# buffer compensates for this.
BUFFER = "32MiB"

# name: command, and the text in its output that shows that it is attached
READERS = {
    "none": None,
    "history": None,
    "peer": ([os.environ["IOASID_SRC"] + "/build/bench/trace/peer", os.environ["IOASID_SRC"] + "/build/bpf/events.bpf.o"],
             "tracing"),
    "pasidctl --json": (["pasidctl", "trace", "--json", "--buffer", BUFFER], "tracing"),
    "pasidctl -o": (["pasidctl", "trace", "-o", "/tmp/bench.trace", "--buffer", BUFFER], "tracing"),
    "bpftrace": (["bpftrace", "-e", BPFTRACE], "Attaching"),
}


def emit(load, pairs, cpu=None):
    before = (lambda: os.sched_setaffinity(0, {cpu})) if cpu is not None else None
    out = subprocess.run([load, str(pairs)], check=True, capture_output=True, text=True, preexec_fn=before).stdout
    return float(out)


def keep(load, pairs):
    """Returns the cost of an event while the history records it, without any reader."""
    subprocess.run(["pasidctl", "history", "start"], check=True, stdout=subprocess.DEVNULL)
    cost = emit(load, pairs)
    status = json.loads(subprocess.run(["pasidctl", "status", "--json"], check=True, capture_output=True).stdout)["history"]
    subprocess.run(["pasidctl", "history", "stop"], check=True, stdout=subprocess.DEVNULL)
    assert (status["events"], status["lost"]) == (2 * pairs, 0), status
    return cost / 2


def arrived(name):
    if name == "pasidctl -o":
        text = subprocess.run(["sh", "-c", "pasidctl trace --replay /tmp/bench.trace --json >/tmp/bench.out"], check=False)
        assert text.returncode == 0
    events = lost = 0
    with open("/tmp/bench.out") as stream:
        for line in stream:
            if line.startswith('{"ts_ns"') and '"event":"lost"' not in line:
                events += 1
            elif '"where":"total"' in line:
                lost = json.loads(line)["count"]
            elif line.startswith("Lost "):
                lost += int(re.findall(r"\d+", line)[0])
    return events, lost


def read(name, load, pairs, cpus):
    command, ready = READERS[name]
    with open("/tmp/bench.out", "w") as out, open("/tmp/bench.err", "w") as err:
        reader = subprocess.Popen(command, stdout=out, stderr=err)
    while ready not in open("/tmp/bench.err").read() + open("/tmp/bench.out").read(4096):
        time.sleep(0.2)
    time.sleep(2 if name == "bpftrace" else 0.1)  # bpftrace prints it before it is attached
    if cpus > 1:
        os.sched_setaffinity(reader.pid, {1})
    cost = emit(load, pairs, 0 if cpus > 1 else None) if pairs else 0
    reader.send_signal(signal.SIGINT)
    _, status, usage = os.wait4(reader.pid, 0)
    if status and name != "bpftrace":
        sys.exit("%s: status %d: %s" % (name, status, open("/tmp/bench.err").read()))
    return cost, (usage.ru_utime + usage.ru_stime) * 1e9, usage.ru_maxrss


def main():
    load, pairs, names = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    cpus = os.cpu_count()
    emit(load, 1000)
    alone = emit(load, pairs, 0 if cpus > 1 else None)
    for name in names:
        if name == "none":
            print("none|%.1f|0|0|0|0" % (alone / 2))
            continue
        if name == "history":
            print("history|%.0f|0|0|0|0" % (keep(load, pairs) - alone / 2), flush=True)
            continue
        read(name, load, 0, cpus)
        _, start, _ = read(name, load, 0, cpus)  # cost of starting and ending it
        cost, used, memory = read(name, load, pairs, cpus)
        events, lost = arrived(name)
        print("%s|%.0f|%.0f|%d|%d|%d" % (name, (cost - alone) / 2, (used - start) / max(events, 1), events, lost, memory), flush=True)


main()
