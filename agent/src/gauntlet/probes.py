"""The parts that all probes share. Each probe runs in a process and a network namespace of its own.

A probe opens its sockets, and returns the processes that hold them; what it puts into `kept` stays open until the end.
`places` are the namespaces that no process is in, as a gap names them.
"""
import array
import os
import signal
import socket
import subprocess
import threading
import time

import kernel

V4, V6 = socket.AF_INET, socket.AF_INET6
STREAM, DATAGRAM, RAW = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW
SCTP, UDPLITE, MPTCP = 132, 136, 262
SO_BINDTODEVICE = 25
IP_TRANSPARENT, IP_FREEBIND = 19, 15
IPV6_FREEBIND, TCP_FASTOPEN, UDP_ENCAP = 78, 23, 100
SOL_PACKET, PACKET_FANOUT = 263, 18
NOBODY = 65534

kept = []
places = []


def opened(port, family=V4, kind=STREAM, protocol=0, address=None, options=(), backlog=8):
    sock = socket.socket(family, kind, protocol)
    kept.append(sock)
    for level, option, value in options:
        sock.setsockopt(level, option, value)
    sock.bind((address or ("0.0.0.0" if family == V4 else "::"), port))
    if kind != DATAGRAM:
        sock.listen(backlog)
    return sock


def plain(port, **how):
    opened(port, **how)
    return [os.getpid()]


def child(run):
    """Forks a process that runs the function and stays; returns its pid after the function has returned."""
    ready, report = os.pipe()
    pid = os.fork()
    if pid == 0:
        run()
        os.write(report, " ".join([".", *places]).encode())
        while True:
            signal.pause()
    os.close(report)
    said = os.read(ready, 4096).decode().split()
    if not said:
        raise RuntimeError("a child process ended before it was ready")
    places.extend(said[1:])
    os.close(ready)
    return pid


def started(*command, pass_fds=()):
    """Starts a program, which is itself only after some milliseconds: until then it is a copy of this process."""
    before = os.readlink("/proc/self/exe")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=pass_fds)
    kept.append(process)
    while os.readlink(f"/proc/{process.pid}/exe") == before and process.poll() is None:
        time.sleep(0.001)
    return process.pid


def close_all():
    for sock in kept:
        sock.close()
    kept.clear()


def nothing():
    """A process without a socket."""


def close_all_but_processes(sock):
    sock.close()
    kept.remove(sock)


def send(over, sock):
    data = array.array("i", [sock.fileno()]).tobytes()
    return over.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, data)])


def in_thread(run):
    """Runs the function on a thread that stays."""
    ready = threading.Event()
    failures = []

    def body():
        try:
            run()
        except OSError as failure:
            failures.append(failure)
        ready.set()
        while True:
            time.sleep(3600)
    threading.Thread(target=body, daemon=True).start()
    ready.wait()
    if failures:
        raise failures[0]


def away(open_there, keep):
    """Opens a socket in a new network namespace and comes back; `keep` keeps the namespace."""
    home = kernel.namespace_handle()
    kernel.unshare(kernel.CLONE_NEWNET)
    kernel.loopback_up()
    open_there()
    places.append(os.readlink("/proc/thread-self/ns/net"))
    keep(kernel.namespace_handle())
    kernel.enter(home)
