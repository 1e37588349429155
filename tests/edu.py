# SPDX-License-Identifier: GPL-2.0-only
"""QEMU's edu device, driven from user space past the module, as by a driver with a fault.

Needs iomem=relaxed on the kernel's command line while the module uses the device.
"""
import ctypes
import glob
import mmap
import os
import struct
import time


def directory():
    for path in glob.glob("/sys/bus/pci/devices/*"):
        with open(path + "/device") as file:
            if file.read().strip() == "0x11e8":
                return path
    raise SystemExit("no edu device")


class Edu:
    BUFFER = 0x40000

    def __init__(self):
        path = directory()
        with open(path + "/enable") as file:
            enabled = file.read().strip() != "0"
        if not enabled:
            with open(path + "/enable", "w") as file:
                file.write("1")
        with open(path + "/config", "r+b", buffering=0) as file:
            command, = struct.unpack("<H", os.pread(file.fileno(), 2, 4))
            if not command & 4:    # bus master
                os.pwrite(file.fileno(), struct.pack("<H", command | 4), 4)
        fd = os.open(path + "/resource0", os.O_RDWR | os.O_SYNC)
        self.map = mmap.mmap(fd, 4096)
        os.close(fd)
        self.registers = (ctypes.c_uint64 * 4).from_buffer(self.map, 0x80)

    def run(self, source, target, length, command):
        """command: 0 from memory to the buffer, 2 to memory."""
        self.registers[0], self.registers[1], self.registers[2] = source, target, length
        self.registers[3] = command | 1
        while self.registers[3] & 1:
            time.sleep(0.01)

    def load(self, address, length=8):
        self.run(address, self.BUFFER, length, 0)

    def store(self, address, length=8):
        self.run(self.BUFFER, address, length, 2)


def physical(address):
    """The physical address of a page of this process, which is present and locked."""
    with open("/proc/self/pagemap", "rb") as file:
        entry, = struct.unpack("Q", os.pread(file.fileno(), 8, address // 4096 * 8))
    return (entry & (1 << 55) - 1) * 4096 + address % 4096
