# SPDX-License-Identifier: GPL-2.0-only
"""Memory whose accesses wait until the test lets them continue.

Paged: pages provided by a user-space pager (userfaultfd).
FuseFile: pages of a file on a FUSE file system whose server does not answer.
Unlike with a pager, killing the waiting process does not end the wait.

Both must be created by root.
"""
import ctypes
import mmap
import os
import random
import struct
import time

from ioasid import SYSCALLS, address, libc

PAGE = 4096
UFFDIO_API, UFFDIO_REGISTER, UFFDIO_COPY = 0xC018AA3F, 0xC020AA00, 0xC028AA03
libc.mmap.restype = ctypes.c_void_p


def ioctl(fd, number, *words):
    if libc.ioctl(fd, ctypes.c_ulong(number), (ctypes.c_uint64 * len(words))(*words)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class Paged:
    def __init__(self, pages=1):
        self.memory = mmap.mmap(-1, pages * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.address = address(self.memory)
        self.pager = libc.syscall(SYSCALLS["userfaultfd"], os.O_CLOEXEC)
        ioctl(self.pager, UFFDIO_API, 0xAA, 0, 0)
        ioctl(self.pager, UFFDIO_REGISTER, self.address, pages * PAGE, 1, 0)

    def wait(self):
        """Waits for an access to a missing page; returns its address."""
        return struct.unpack("4Q", os.read(self.pager, 32))[2] & -PAGE

    def answer(self, content=b"", page=0):
        source = bytearray(content.ljust(PAGE, b"\0"))
        ioctl(self.pager, UFFDIO_COPY, self.address + page * PAGE, address(source), PAGE, 0, 0)


class FuseFile:
    def __init__(self, folder, size=16 * PAGE, slow=None):
        """slow: largest delay of each answer in seconds, instead of waiting for answer()"""
        os.makedirs(folder, exist_ok=True)
        device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other"
        if libc.mount(b"stall", folder.encode(), b"fuse", 0, options.encode()):
            raise OSError(ctypes.get_errno(), "mount")
        self.asked, asked = os.pipe()
        go, self.go = os.pipe()
        self.server = os.fork()
        if not self.server:
            os.setpgid(0, 0)
            os.close(self.go)
            serve(device, size, asked, go, slow)
        os.close(device)
        file = os.open(folder + "/file", os.O_RDONLY)
        self.address = libc.mmap(None, ctypes.c_size_t(size), 1, 2, file, 0)
        os.close(file)

    def wait(self):
        os.read(self.asked, 1)

    def answer(self):
        os.write(self.go, b"x")


def serve(device, size, asked, go, slow):
    """The server: READ requests wait, all others are answered at once."""
    file = struct.pack("6Q10I", 2, size, 8, 0, 0, 0, 0, 0, 0, 0o100666, 1, 0, 0, 0, PAGE, 0)
    folder = struct.pack("6Q10I", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0o40777, 2, 0, 0, 0, PAGE, 0)
    while True:
        try:
            request = os.read(device, 1 << 17)
        except InterruptedError:
            continue
        except OSError:
            os._exit(0)
        length, opcode, unique, node = struct.unpack("2I2Q", request[:24])
        body, error = b"", 0
        if opcode == 26:  # INIT
            body = struct.pack("4I2H4I28x", 7, 31, 0, 0, 0, 0, 65536, 0, 0, 0)[:64]
        elif opcode == 1:  # LOOKUP
            body = struct.pack("4Q2I", 2, 0, 3600, 3600, 0, 0) + file
        elif opcode == 3:  # GETATTR
            body = struct.pack("Q2I", 3600, 0, 0) + (folder if node == 1 else file)
        elif opcode == 14:  # OPEN
            body = struct.pack("Q2I", 1, 0, 0)
        elif opcode == 15:  # READ
            if slow is None:
                os.write(asked, b"x")
                os.read(go, 1)
            else:
                time.sleep(random.random() * slow)
            body = b"f" * struct.unpack("I", request[56:60])[0]
        elif opcode in (2, 36, 42):  # FORGET, INTERRUPT, BATCH_FORGET: no answer
            continue
        elif opcode not in (18, 25):  # RELEASE, FLUSH
            error = -38
        try:
            os.write(device, struct.pack("IiQ", 16 + len(body), error, unique) + body)
        except OSError:
            pass
