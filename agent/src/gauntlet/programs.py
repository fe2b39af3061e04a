"""BPF programs that can take traffic away from sockets. They are loaded, and pass everything on."""
import ctypes
import os
import platform
import struct
import subprocess
import tempfile

import kernel

SYS_BPF = 321 if platform.machine() == "x86_64" else 280

# linux/bpf.h, enum bpf_cmd.
PROG_LOAD, OBJ_PIN, LINK_CREATE = 5, 6, 28

# The kind: type of the program, type of the attachment, result that passes a packet on, flags of the link.
SK_LOOKUP = (30, 36, 1, 0)
XDP = (6, 37, 2, 2)  # XDP_FLAGS_SKB_MODE
TCX = (3, 46, 0xFFFFFFFF, 0)  # TCX_NEXT
CLASSIFIER = (3, 0, 0xFFFFFFFF, 0)  # TC_ACT_UNSPEC

LOOPBACK = 1


def bpf(command, attributes):
    buffer = ctypes.create_string_buffer(attributes.ljust(120, b"\0"), 120)
    return kernel.check(kernel.LIBC.syscall(SYS_BPF, command, buffer, 120))


def load(kind):
    """Loads a program that passes every packet on, and returns its descriptor."""
    program_type, attach_type, result, _flags = kind
    code = struct.pack("<BBhI", 0xB7, 0, 0, result) + struct.pack("<BBhI", 0x95, 0, 0, 0)
    memory, license_name = ctypes.create_string_buffer(code, len(code)), ctypes.create_string_buffer(b"GPL")
    return bpf(PROG_LOAD, struct.pack("<IIQQ44xI", program_type, 2, ctypes.addressof(memory),
                                      ctypes.addressof(license_name), attach_type))


def link(kind):
    """Loads and attaches a program, and returns its link, which ends with its last descriptor."""
    _program_type, attach_type, _result, flags = kind
    program = load(kind)
    target = kernel.namespace_handle() if kind == SK_LOOKUP else LOOPBACK
    made = bpf(LINK_CREATE, struct.pack("<IIII", program, target, attach_type, flags))
    os.close(program)
    if kind == SK_LOOKUP:
        os.close(target)
    return made


def pin(made):
    """Keeps a program or a link by a file of the BPF file system alone, and returns its path."""
    folder = tempfile.mkdtemp()
    kernel.mount("bpf", folder, "bpf")
    path = ctypes.create_string_buffer((folder + "/object").encode())
    bpf(OBJ_PIN, struct.pack("<QI", ctypes.addressof(path), made))
    os.close(made)
    return folder + "/object"


def held(_port, kind):
    link(kind)
    return [os.getpid()]


def pinned(_port, kind):
    """No process holds the link: the program is the kernel's."""
    pin(link(kind))
    return ["bpf"]


def run(*commands):
    for command in commands:
        subprocess.run(command.split(), check=True, stderr=subprocess.PIPE)


def xdp_by_netlink(_port):
    """The program has no link, as ip-link(8) attaches it."""
    run("ip link set dev lo xdpgeneric pinned " + pin(load(XDP[:1] + (0,) + XDP[2:])))
    return ["bpf"]


def tc_filter(_port):
    run("tc qdisc add dev lo clsact", "tc filter add dev lo ingress bpf da object-pinned " + pin(load(CLASSIFIER)))
    return ["bpf"]


def tc_redirect(_port):
    """The action sends packets to another interface, and no program takes part."""
    run("ip link add probe0 type dummy", "tc qdisc add dev lo clsact",
        "tc filter add dev lo ingress u32 match ip dport 9 0xffff action mirred egress redirect dev probe0")
    return ["tc"]
