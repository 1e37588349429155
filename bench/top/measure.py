# SPDX-License-Identifier: GPL-2.0-only
"""Measures `pasidctl top` in the guest. Prints a line per figure, in the format of bench/run."""
import fcntl
import os
import pty
import re
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

POLICY = """version: 1
rules:
  - {name: tenants, cgroup: /bench/**, max: 1048575}
"""
CGROUPS = "/sys/fs/cgroup/bench"


def report(name, value, unit, limit=None):
    over = " OVER" if limit is not None and value > limit else ""
    text = f" (limit {limit}){over}" if limit is not None else ""
    print(f"{name + ':':62} {value:10.3f} {unit}{text}", flush=True)


class View:
    """The live view in its own terminal."""

    def __init__(self, *arguments):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8", XDG_CONFIG_HOME="/tmp/none")
            os.execvp("pasidctl", ["pasidctl", "top", *arguments])
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
        self.began = time.monotonic()
        self.seen = b""

    def read(self, seconds):
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            return None
        self.seen += data
        return bool(data)

    def until(self, pattern, seconds=60):
        """Waits until the output of the view matches @pattern; returns the time this took."""
        start = time.monotonic()
        while not re.search(pattern, self.seen):
            if self.read(0.5) is None or time.monotonic() > start + seconds:
                sys.exit(f"bench: {pattern!r} did not come: {self.seen[-3000:]!r}")
        return time.monotonic() - start

    def quiet(self):
        while self.read(0.3):
            pass

    def cpu(self):
        """Returns the CPU time of the view in seconds, including time in the kernel."""
        with open(f"/proc/{self.pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9

    def refreshes(self, count):
        """Returns the mean CPU time of @count refreshes."""
        self.quiet()
        before = self.cpu()
        for _ in range(count):
            os.write(self.terminal, b"\x12")  # Ctrl-R
            time.sleep(0.5)
            while self.read(0.25):
                pass
        return (self.cpu() - before) / count

    def memory(self):
        with open(f"/proc/{self.pid}/status") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) / 1024

    def quit(self):
        start = time.monotonic()
        os.write(self.terminal, b"q")
        while self.read(1) is not None:
            pass
        os.waitpid(self.pid, 0)
        return time.monotonic() - start


class Holders:
    """Processes in separate cgroups that hold PASIDs until they are killed."""

    REQUEST_ALLOC = ord("i") << 8 | 102

    def __init__(self, cgroups, total):
        self.pids = []
        ready, told = os.pipe()
        for number in range(cgroups):
            pid = os.fork()
            if pid == 0:
                self.hold(f"{CGROUPS}/c{number}", total // cgroups, told)
            self.pids.append(pid)
        for _ in range(cgroups):
            if os.read(ready, 1) != b".":
                sys.exit("bench: a holder could not allocate")

    def hold(self, cgroup, count, told):
        with open(f"{cgroup}/cgroup.procs", "w") as file:
            file.write("0")
        device = os.open("/dev/ioasid", os.O_RDWR)
        wanted = struct.pack("IIII", 16, 0, 1, 0xFFFFF)
        try:
            for _ in range(count):
                fcntl.ioctl(device, self.REQUEST_ALLOC, wanted)
        except OSError as error:
            print(f"bench: allocating: {error}", file=sys.stderr)
            os.write(told, b"!")
            os._exit(1)
        os.write(told, b".")
        signal.pause()

    def end(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        for pid in self.pids:
            os.waitpid(pid, 0)


def make_cgroups(first, last):
    for number in range(first, last):
        os.makedirs(f"{CGROUPS}/c{number}", exist_ok=True)


def settle():
    """Waits until the kernel has tested its ciphers after booting, which uses the only CPU."""
    time.sleep(20)


def refresh_cost(view):
    shown = View("-d", "3600", "--view", view)
    shown.until(rb"1/\d")
    cost = shown.refreshes(20)
    memory = shown.memory()
    shown.quit()
    return cost, memory


def many_ioasids(total):
    views = ("cgroups", "processes", "pasids", "devices")
    costs = {}
    memory = 0
    for count in (1000, total):
        holders = Holders(10, count)
        for view in views:
            costs[view, count], used = refresh_cost(view)
            memory = max(memory, used)
        holders.end()
    for view in views:
        few, many = costs[view, 1000], costs[view, total]
        report(f"refresh of {view}, 1,000 IOASIDs", few * 1e3, "ms")
        report(f"refresh of {view}, {total:,} IOASIDs", many * 1e3, "ms")
        report(f"refresh of {view}, {total:,} / 1,000 IOASIDs", many / few, "x", 2)
    report(f"resident memory, {total:,} IOASIDs", memory, "MiB", 64)


def libbpf_loads():
    """Returns the CPU time in seconds that bpftool needs to load the programs of the view."""
    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    for name in ("snapshot", "events"):
        pins = f"/sys/fs/bpf/bench-{name}"
        subprocess.run(["bpftool", "prog", "loadall", f"{os.environ['IOASID_SRC']}/build/bpf/{name}.bpf.o", pins],
                       check=True)
        shutil.rmtree(pins)
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before


def start_and_end():
    libbpf_loads()
    peer = libbpf_loads()
    shown = View()
    report("first frame", shown.until(rb"Quit") * 1e3, "ms")
    shown.until(rb"1/\d")
    report("first frame with the state", (time.monotonic() - shown.began) * 1e3, "ms")
    report("CPU time until then / libbpf loading the programs", shown.cpu() / peer, "x", 1.5)
    shown.quiet()
    report("quitting", shown.quit() * 1e3, "ms", 50)


def many_cgroups():
    make_cgroups(10, 10000)
    cost, memory = refresh_cost("cgroups")
    report("refresh with 10,000 cgroups", cost, "s", 1)
    report("resident memory, 10,000 cgroups", memory, "MiB", 64)


def main():
    with open("/tmp/bench-policy.yaml", "w") as file:
        file.write(POLICY)
    subprocess.run(["pasidctl", "policy", "apply", "/tmp/bench-policy.yaml"], check=True,
                   stdout=subprocess.DEVNULL)
    make_cgroups(0, 10)
    settle()
    start_and_end()
    many_ioasids(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    many_cgroups()


main()
