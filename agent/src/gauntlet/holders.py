"""Further ways to hold a socket: handed over, shared, in flight, or without any descriptor."""
import os
import signal
import socket

import kernel
import probes
from probes import child, close_all_but_processes, kept, opened, send

# asm/unistd.h
SYS_PIDFD_OPEN, SYS_PIDFD_GETFD = 434, 438


def stolen(port):
    """Another process takes a copy of the descriptor (pidfd_getfd), and the first one ends."""
    first = child(lambda: opened(port))
    pidfd = kernel.check(kernel.LIBC.syscall(SYS_PIDFD_OPEN, first, 0))
    number = next(int(fd) for fd in os.listdir(f"/proc/{first}/fd")
                  if os.readlink(f"/proc/{first}/fd/{fd}").startswith("socket:"))
    kernel.check(kernel.LIBC.syscall(SYS_PIDFD_GETFD, pidfd, number, 0))
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)
    os.close(pidfd)
    return [os.getpid()]


def in_memory(port):
    """The program has no file: memfd_create(2)."""
    sock = opened(port)
    os.set_inheritable(sock.fileno(), True)
    memory = os.memfd_create("server", 0)
    with open("/usr/bin/sleep", "rb") as program:
        os.write(memory, program.read())
    pid = probes.started(f"/proc/self/fd/{memory}", "3600", pass_fds=[sock.fileno(), memory])
    close_all_but_processes(sock)
    return [pid]


def shared_table(port):
    """Two processes share one table of descriptors (CLONE_FILES), and the one that listened ends."""
    ready, report = os.pipe()
    first = os.fork()
    if first == 0:
        opened(port)
        second = kernel.clone(kernel.CLONE_FILES)
        if second == 0:
            while True:
                signal.pause()
        os.write(report, str(second).encode())
        os._exit(0)
    second = int(os.read(ready, 16))
    os.waitpid(first, 0)
    return [second]


def in_chroot(port):
    def run():
        os.chroot("/mnt")
        opened(port)
    return [child(run)]


def bound_by_root(port):
    """Root binds the socket, gives up its rights, and listens."""
    def run():
        sock = socket.socket()
        kept.append(sock)
        sock.bind(("0.0.0.0", port))
        os.setgroups([])
        os.setresuid(probes.NOBODY, probes.NOBODY, probes.NOBODY)
        sock.listen(8)
    return [child(run)]


# In flight: sent over a Unix socket, and not received yet

def in_datagram(port):
    sock = opened(port)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    kept.extend([ours, theirs])
    send(ours, sock)
    close_all_but_processes(sock)
    return [os.getpid()]


def in_queue_of_another(port):
    """Only another process has the receiving end; the sender has closed its own."""
    sock = opened(port)
    ours, theirs = socket.socketpair()
    kept.append(theirs)
    pid = child(ours.close)
    theirs.close()
    send(ours, sock)
    ours.close()
    for one in (sock, theirs):
        close_all_but_processes(one)
    return [pid]


def in_nested_queue(port):
    """The receiving end is in flight itself."""
    sock = opened(port)
    first, second = socket.socketpair(), socket.socketpair()
    kept.extend([first[0], *second])
    send(first[0], sock)
    send(second[0], first[1])
    first[1].close()
    close_all_but_processes(sock)
    return [os.getpid()]


def in_unaccepted_connection(port):
    """The receiving end is a connection that its listener has not accepted yet."""
    sock = opened(port)
    server, client = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    kept.extend([server, client])
    server.bind(f"\0queue-{port}")
    server.listen(8)
    client.connect(f"\0queue-{port}")
    send(client, sock)
    close_all_but_processes(sock)
    return [os.getpid()]


# Silent ones

def with_queue(_port):
    """A descriptor of a file waits in the queue of a Unix socket, as it often does."""
    ours, theirs = socket.socketpair()
    kept.extend([ours, theirs])
    with open("/dev/null") as file:
        send(ours, file)
    return [os.getpid()]
