"""BPF programs that can take traffic away from sockets. They are loaded, and pass everything on."""
import ctypes
import os
import platform
import struct
import tempfile

import kernel
import probes

SYS_BPF = 321 if platform.machine() == "x86_64" else 280

# linux/bpf.h, enum bpf_cmd.
PROG_LOAD, OBJ_PIN, LINK_CREATE = 5, 6, 28

# The kind: type of the program, type of the attachment, result that passes a packet on, flags of the link.
SK_LOOKUP = (30, 36, 1, 0)
XDP = (6, 37, 2, 2)  # XDP_FLAGS_SKB_MODE
TCX = (3, 46, 0xFFFFFFFF, 0)  # TCX_NEXT

LOOPBACK = 1


def bpf(command, attributes):
    buffer = ctypes.create_string_buffer(attributes.ljust(120, b"\0"), 120)
    return kernel.check(kernel.LIBC.syscall(SYS_BPF, command, buffer, 120))


def link(kind):
    """Loads and attaches a program, and returns its link, which ends with its last descriptor."""
    program_type, attach_type, result, flags = kind
    code = struct.pack("<BBhI", 0xB7, 0, 0, result) + struct.pack("<BBhI", 0x95, 0, 0, 0)
    memory, license_name = ctypes.create_string_buffer(code, len(code)), ctypes.create_string_buffer(b"GPL")
    program = bpf(PROG_LOAD, struct.pack("<IIQQ44xI", program_type, 2, ctypes.addressof(memory),
                                         ctypes.addressof(license_name), attach_type))
    target = kernel.namespace_handle() if kind == SK_LOOKUP else LOOPBACK
    made = bpf(LINK_CREATE, struct.pack("<IIII", program, target, attach_type, flags))
    os.close(program)
    if kind == SK_LOOKUP:
        os.close(target)
    return made


def number(made):
    """The number of a link, by which a gap names it."""
    with open(f"/proc/self/fdinfo/{made}") as info:
        return next(line.split()[1] for line in info if line.startswith("link_id"))


def held(_port, kind):
    probes.places.append(f"(link {number(link(kind))}) by pid {os.getpid()}")
    return [os.getpid()]


def pinned(_port, kind):
    """No process holds the link; a file of the BPF file system does."""
    folder = tempfile.mkdtemp()
    kernel.mount("bpf", folder, "bpf")
    path = ctypes.create_string_buffer((folder + "/link").encode())
    made = link(kind)
    bpf(OBJ_PIN, struct.pack("<QI", ctypes.addressof(path), made))
    probes.places.append(f"(link {number(made)}), held by no process")
    os.close(made)
    return [os.getpid()]
