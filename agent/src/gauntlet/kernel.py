"""System calls that Python has no function for."""
import ctypes
import fcntl
import mmap
import os
import platform
import socket
import struct

LIBC = ctypes.CDLL(None, use_errno=True)

# linux/sched.h
CLONE_FILES = 0x00000400
CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

# asm/unistd.h: exit ends one thread; the numbers of io_uring are the same everywhere.
SYS_EXIT = 60 if platform.machine() == "x86_64" else 93
SYS_IO_URING_SETUP = 425
SYS_IO_URING_ENTER = 426
SYS_IO_URING_REGISTER = 427
IORING_REGISTER_FILES = 2
IORING_OFF_SQES = 0x10000000
IORING_ENTER_GETEVENTS = 1
IORING_OP_SOCKET, IORING_OP_BIND, IORING_OP_LISTEN = 45, 56, 57
IOSQE_FIXED_FILE = 1

# asm/unistd.h
SYS_CLONE = 56 if platform.machine() == "x86_64" else 220

MS_BIND = 4096
MS_REC_PRIVATE = 16384 | 1 << 18


def check(result):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def unshare(flags):
    check(LIBC.unshare(flags))


def map_user(user, group):
    """Gives the caller the same numbers in its new user namespace: user_namespaces(7)."""
    check(LIBC.prctl(4, 1, 0, 0, 0))  # PR_SET_DUMPABLE: the files are those of the user then.
    for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{file}", "w") as mapping:
            mapping.write(text)


def enter(fd, flag=CLONE_NEWNET):
    check(LIBC.setns(fd, flag))


def mount(source, target, kind=None, flags=0):
    encoded = [text.encode() if text else None for text in (source, target, kind)]
    check(LIBC.mount(*encoded, flags, None))


def exit_thread():
    """Ends the calling thread alone: exit(2), not exit_group(2)."""
    LIBC.syscall(SYS_EXIT, 0)


def namespace_handle():
    """Opens the network namespace of the calling thread."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS


def io_uring_with(fd):
    """Returns an io_uring that keeps a file, or an empty place for one: io_uring_register(2)."""
    return Ring(fd).fd


class Ring:
    """An io_uring with one place for a file; its requests are made one by one."""

    def __init__(self, fd=-1):
        setup = ctypes.create_string_buffer(120)
        self.fd = check(LIBC.syscall(SYS_IO_URING_SETUP, 4, setup))
        # linux/io_uring.h: struct io_sqring_offsets at 40, struct io_cqring_offsets at 80.
        entries = struct.unpack_from("II", setup)[1]
        self.tail, self.array = struct.unpack_from("4xI16xI", setup, 40)
        self.ends, self.results = struct.unpack_from("4xI12xI", setup, 80)
        self.rings = mmap.mmap(self.fd, max(self.results + 16 * entries, self.array + 4 * 4))
        self.requests = mmap.mmap(self.fd, 4 * 64, offset=IORING_OFF_SQES)
        files = (ctypes.c_int * 1)(fd)
        check(LIBC.syscall(SYS_IO_URING_REGISTER, self.fd, IORING_REGISTER_FILES, files, 1))

    def call(self, operation, fd, address=0, length=0, offset=0, flags=IOSQE_FIXED_FILE, place=0):
        """Makes one request, waits for it and returns its result."""
        request = struct.pack("<BBHiQQIIQHHI16x", operation, flags, 0, fd, offset, address, length, 0, 0, 0, 0, place)
        self.requests[:64] = request
        tail = struct.unpack_from("I", self.rings, self.tail)[0]
        struct.pack_into("I", self.rings, self.array + 4 * (tail % 4), 0)
        struct.pack_into("I", self.rings, self.tail, tail + 1)
        check(LIBC.syscall(SYS_IO_URING_ENTER, self.fd, 1, 1, IORING_ENTER_GETEVENTS, None, 0))
        end = struct.unpack_from("I", self.rings, self.ends)[0] - 1
        result = struct.unpack_from("8xi", self.rings, self.results + 16 * (end % 8))[0]
        if result < 0:
            raise OSError(-result, os.strerror(-result))
        return result

    def listen(self, address, port):
        """Opens a TCP listener that never has a descriptor: IORING_OP_BIND and IORING_OP_LISTEN are of Linux 6.11."""
        self.call(IORING_OP_SOCKET, socket.AF_INET, offset=socket.SOCK_STREAM, flags=0, place=1)
        name = ctypes.create_string_buffer(struct.pack("H", socket.AF_INET) + struct.pack("!H4s8x", port, address))
        self.call(IORING_OP_BIND, 0, address=ctypes.addressof(name), offset=16)
        self.call(IORING_OP_LISTEN, 0, length=8)

    def close(self):
        self.rings.close()
        self.requests.close()
        os.close(self.fd)


def clone(flags):
    """Forks a process that shares something with this one; returns 0 in it, like fork(2)."""
    return check(LIBC.syscall(SYS_CLONE, flags | 17, 0, 0, 0, 0))  # SIGCHLD


def tun_device(name, kind=1):
    """Creates a TUN (1) or TAP (2) interface, which ends with the returned descriptor."""
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", name.encode(), 0x1000 | kind))  # TUNSETIFF
    return fd


def attach_filter(sock):
    """Attaches a classic filter that takes every packet: SO_ATTACH_FILTER, socket(7)."""
    program = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0xFFFF), 8)
    holder = struct.pack("HxxxxxxP", 1, ctypes.addressof(program))
    sock.setsockopt(socket.SOL_SOCKET, 26, holder)


def xdp_socket(fd):
    """Gives an XDP socket memory and rings, and binds it to queue 0 of lo: linux/if_xdp.h."""
    memory = mmap.mmap(-1, 64 * 2048)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    area = struct.pack("QQIIII", address, 64 * 2048, 2048, 0, 0, 0)
    for option, value in ((4, area), (5, struct.pack("I", 64)), (6, struct.pack("I", 64)), (2, struct.pack("I", 64))):
        check(LIBC.setsockopt(fd, 283, option, value, len(value)))
    where = struct.pack("HHIII", 44, 2, socket.if_nametoindex("lo"), 0, 0)  # XDP_COPY
    check(LIBC.bind(fd, where, len(where)))
    return memory
