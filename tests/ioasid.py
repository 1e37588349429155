# SPDX-License-Identifier: GPL-2.0-only
"""Raw calls of /dev/ioasid, with the layouts of include/uapi/ioasid.h.

Every call returns its result, or the name of its errno as a string.
"""
import ctypes
import errno
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
# Numbers of system calls without a function in the C library
SYSCALLS = {"x86_64": {"exit": 60, "bpf": 321, "userfaultfd": 323},
            "aarch64": {"exit": 93, "bpf": 280, "userfaultfd": 282}}[os.uname().machine]
READ, WRITE = 1, 2
VERSION, INFO, ALLOC, FREE = (0x6964 + n for n in range(4))
BIND, UNBIND, DMA, SPID_ATTACH, SPID_DETACH = (0x6984 + n for n in range(5))


def name(number):
    return "EOPNOTSUPP" if number == errno.EOPNOTSUPP else errno.errorcode.get(number, str(number))


def open_device():
    try:
        return os.open("/dev/ioasid", os.O_RDWR)
    except OSError as error:
        return name(error.errno)


def call(fd, number, argument=None):
    """argument: None, an address, or a bytearray that is updated in place."""
    if isinstance(argument, bytearray):
        buffer = (ctypes.c_char * len(argument)).from_buffer(argument)
        result = libc.ioctl(fd, ctypes.c_ulong(number), buffer)
    else:
        result = libc.ioctl(fd, ctypes.c_ulong(number), ctypes.c_void_p(argument or 0))
    return name(ctypes.get_errno()) if result < 0 else result


def alloc(fd, low=1, high=0xFFFFF, argsz=16, flags=0):
    return call(fd, ALLOC, bytearray(struct.pack("4I", argsz, flags, low, high)))


def free(fd, pasid):
    return call(fd, FREE, bytearray(struct.pack("I", pasid)))


def bind(fd, pasid, device=b"sim0", number=BIND, size=48, flags=0, reserved=0, tail=b""):
    return call(fd, number, bytearray(struct.pack("4I32s", size, flags, pasid, reserved, device) + tail))


def address(area):
    """The address of a bytearray or mapping, valid while the object exists."""
    return ctypes.addressof(ctypes.c_char.from_buffer(area))


def dma(fd, pasid, flags, iova, data, length=None, device=b"sim0"):
    """data: a bytearray, or an address with a length."""
    at = data if isinstance(data, int) else address(data)
    length = len(data) if length is None else length
    return call(fd, DMA, bytearray(struct.pack("4I3Q32s", 72, flags, pasid, 0, iova, length, at, device)))
