"""Sockets of the kernel itself, and of other families than TCP and UDP."""
import os
import socket
import subprocess

import kernel
from probes import RAW, STREAM, V4, away, in_thread, kept, send

AF_XDP = 44


# The kernel itself

def tunnel(port, kind, how, up=True):
    command = f"link add probe0 type {kind} {how.format(port=port)}"
    subprocess.run(["ip", *command.split()], check=True, stderr=subprocess.PIPE)
    if up:
        subprocess.run(["ip", "link", "set", "probe0", "up"], check=True)
    return [kind]


def ip_command(port, command, owner):
    """The kernel opens a socket for an object of ip(8)."""
    subprocess.run(["ip", *command.format(port=port).split()], check=True, stderr=subprocess.PIPE)
    return [owner]


def wireguard(port):
    subprocess.run("ip link add probe0 type wireguard".split(), check=True, stderr=subprocess.PIPE)
    subprocess.run(["wg", "set", "probe0", "listen-port", str(port)], check=True)
    subprocess.run("ip link set probe0 up".split(), check=True)
    return ["wireguard"]


# Other families

EVERY_PROTOCOL, ARP = 3, 0x0806


def packet(_port, filtered=False, kind=RAW, protocol=EVERY_PROTOCOL, options=()):
    sock = socket.socket(socket.AF_PACKET, kind, socket.htons(protocol))
    kept.append(sock)
    for level, option, value in options:
        sock.setsockopt(level, option, value)
    if filtered:
        kernel.attach_filter(sock)
    return [os.getpid()]


def packet_in_flight(port):
    packet(port)
    sock = kept.pop()
    ours, theirs = socket.socketpair()
    kept.extend([ours, theirs])
    send(ours, sock)
    sock.close()
    return [os.getpid()]


def packet_of_thread(_port):
    """Only the descriptor table of a thread has the socket."""
    in_thread(lambda: (kernel.unshare(kernel.CLONE_FILES),
                       kept.append(socket.socket(socket.AF_PACKET, RAW, socket.htons(EVERY_PROTOCOL)))))
    return [os.getpid()]


def packet_elsewhere(_port):
    """The socket is in another namespace than its process, which a descriptor keeps."""
    away(lambda: packet(0), kept.append)
    return [os.getpid()]


def raw(_port, family=V4, protocol=socket.IPPROTO_ICMP):
    kept.append(socket.socket(family, RAW, protocol))
    return [os.getpid()]


def vsock(port):
    sock = socket.socket(socket.AF_VSOCK, STREAM)
    kept.append(sock)
    sock.bind((socket.VMADDR_CID_ANY, port))
    sock.listen(8)
    return [os.getpid()]


def xdp(_port):
    sock = socket.socket(AF_XDP, RAW, 0)
    kept.extend([sock, kernel.xdp_socket(sock.fileno())])
    return [os.getpid()]


def tun(port, kind=1):
    kept.append(kernel.tun_device(f"probe{port}", kind))
    return [os.getpid()]
