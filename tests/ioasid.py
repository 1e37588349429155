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


# --- I/O address spaces ------------------------------------------------------
NO_PASID = 4
MAP_READ, MAP_WRITE = 1, 2
KERNEL, USER, PROCESS, KVM = 1, 2, 3, 4
SNOOP, FAULTS = 1, 2
X86_64 = 1
BY_PASID, BY_SPID, REPLACE = 1, 2, 4
ALL = 2**64 - 1
RETRY, FAILURE = 0, 1
# Name: number, format after size and flags
CALLS = {
    "device_info": (0x6989, "32s4IQ16s"),
    "check_extension": (0x698a, "2I"),
    "ioas_alloc": (0x698b, "4I2Q"),
    "ioas_free": (0x698c, "2I"),
    "ioas_ranges": (0x698d, "2I2Q"),
    "map": (0x698e, "2I3Q"),
    "unmap": (0x698f, "2I2Q"),
    "table_bind": (0x6990, "2IQ"),
    "table_unbind": (0x6991, "2I"),
    "invalidate": (0x6992, "2IQ2I"),
    "attach": (0x6993, "2I32s"),
    "detach": (0x6994, "2I32s"),
    "page_response": (0x6995, "Q2I"),
}
FAULT = "4I3Q4I32s"
REASONS = ["", "detached", "no_table", "not_present", "permission", "table_address", "parent_address",
           "reserved_bit", "address_width", "refused", "not_answered", "no_memory"]


def request(which, *fields, flags=0, size=None, tail=b""):
    """The struct of a call, as a bytearray."""
    layout = "=2I" + CALLS[which][1]
    size = struct.calcsize(layout) + len(tail) if size is None else size
    return bytearray(struct.pack(layout, size, flags, *fields) + tail)


def do(fd, which, *fields, **options):
    """Result of a call, and its fields afterwards (without size and flags)."""
    buffer = request(which, *fields, **options)
    result = call(fd, CALLS[which][0], buffer)
    return result, struct.unpack_from("=2I" + CALLS[which][1], buffer)[2:]


def ioas_alloc(fd, kind=KERNEL, flags=0, format=0, parent=0, base=0, highest=0):
    result, fields = do(fd, "ioas_alloc", kind, format, parent, 0, base, highest, flags=flags)
    return fields[3] if result == 0 else result


def ioas_free(fd, ioas):
    return do(fd, "ioas_free", ioas, 0)[0]


def ioas_map(fd, ioas, iova, length, at, flags=MAP_READ | MAP_WRITE):
    return do(fd, "map", ioas, 0, iova, length, at, flags=flags)[0]


def ioas_unmap(fd, ioas, iova=0, length=ALL):
    """Bytes, or an error."""
    result, fields = do(fd, "unmap", ioas, 0, iova, length)
    return fields[3] if result == 0 else result


def ranges(fd, ioas, room=2):
    array = bytearray(16 * room + 1)
    result, fields = do(fd, "ioas_ranges", ioas, room, address(array), 0)
    found = struct.unpack_from("=%dQ" % (2 * fields[1]), array) if result == 0 else ()
    return result, fields[1], [hex(value) for value in found]


def attach(fd, ioas, pasid=0, device=b"sim0", flags=None, which="attach"):
    """pasid 0: requests without PASID."""
    flags = (BY_PASID if pasid else 0) if flags is None else flags
    return do(fd, which, ioas, pasid, device, flags=flags)[0]


def detach(fd, pasid=0, device=b"sim0", flags=None):
    return attach(fd, 0, pasid, device, flags, "detach")


def table(fd, ioas, root):
    return do(fd, "table_bind", ioas, 0, root)[0]


def invalidate(fd, ioas, *entries):
    """Result and entries done. entries: (iova, length)."""
    array = bytearray(b"".join(struct.pack("=2Q", *entry) for entry in entries) or b"\0")
    result, fields = do(fd, "invalidate", ioas, 16, address(array), len(entries), 0)
    return result, fields[3]


def respond(fd, number, response=RETRY):
    return do(fd, "page_response", number, response, 0)[0]


def faults(fd, room=64):
    """Records, each (type, id, address, access, reason, ioas, pasid, lost, device)."""
    try:
        data = os.read(fd, room * struct.calcsize("=" + FAULT))
    except OSError as error:
        return name(error.errno)
    return [(("", "dma", "page_request")[type], number, hex(at), access, REASONS[reason], ioas, pasid, lost,
             device.rstrip(b"\0").decode())
            for _, type, reason, access, number, at, _, ioas, pasid, _, lost, device
            in struct.iter_unpack("=" + FAULT, data)]


class Memory:
    """Pages of the process: anonymous, shared unless private."""

    def __init__(self, pages, private=False):
        import mmap
        self.map = mmap.mmap(-1, pages * 4096, flags=(mmap.MAP_PRIVATE if private else mmap.MAP_SHARED)
                             | mmap.MAP_ANONYMOUS)
        self.at = address(self.map)

    def store(self, offset, value):
        struct.pack_into("=Q", self.map, offset, value)


def dma_at(fd, iova, pasid=0, length=8, device=b"sim0", write=None):
    """Read from iova, or write there. pasid 0: a request without PASID."""
    data = bytearray(write or length)
    flags = (READ if write is None else WRITE) | (0 if pasid else NO_PASID)
    result = dma(fd, pasid, flags, iova, data, device=device)
    return bytes(data) if write is None and isinstance(result, int) else result
