"""The ways in which processes and threads hold a socket."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import kernel
from probes import (NOBODY, child, close_all, close_all_but_processes, in_thread, kept,
                    nothing, opened, places, plain, send, started)


# TCP and UDP

def reuseport(port, kind):
    shared = {"kind": kind, "options": [(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)]}
    other = child(lambda: opened(port, **shared))
    opened(port, **shared)
    return [os.getpid(), other]


def forked(port):
    """A process inherits the socket; its parent closes its own descriptor."""
    opened(port)
    pid = child(nothing)
    close_all()
    return [pid]


def forked_forever(port):
    """A listener that no process has for long: each holder forks its successor and ends."""
    opened(port)
    ready, report = os.pipe()
    if os.fork() == 0:
        os.setsid()
        while True:
            if os.fork() > 0:
                os._exit(0)
            os.write(report, b".")
            time.sleep(1)
    os.read(ready, 1)
    close_all()
    return ["python3"]


def executed(port):
    """A program inherits the socket over execve(2)."""
    sock = opened(port)
    os.set_inheritable(sock.fileno(), True)
    pid = started("/usr/bin/sleep", "3600", pass_fds=[sock.fileno()])
    close_all_but_processes(sock)
    return [pid]


def standard_input(port):
    """A program has the socket as its standard input, as inetd gives it."""
    sock = opened(port)
    process = subprocess.Popen(["/usr/bin/sleep", "3600"], stdin=sock)
    close_all_but_processes(sock)
    kept.append(process)
    return [process.pid]


def passed(port):
    """A process receives the socket of another one, which closes it."""
    sock = opened(port)
    ours, theirs = socket.socketpair()
    pid = child(lambda: kept.append(socket.recv_fds(theirs, 1, 1)) if send(ours, sock) else None)
    close_all_but_processes(sock)
    return [pid]


def many_descriptors(port):
    """The socket is the last of 3,000 descriptors."""
    kept.extend(os.dup(0) for _ in range(3000))
    return plain(port)


def as_user(port):
    def run():
        os.setgroups([])
        os.setresuid(NOBODY, NOBODY, NOBODY)
        opened(port)
    return [child(run)]


def not_dumpable(port):
    def run():
        os.setresuid(NOBODY, NOBODY, NOBODY)
        kernel.check(kernel.LIBC.prctl(4, 0, 0, 0, 0))  # PR_SET_DUMPABLE
        opened(port)
    return [child(run)]


def stopped(port):
    pid = child(lambda: opened(port))
    os.kill(pid, signal.SIGSTOP)
    return [pid]


def odd_name(port):
    """A name that looks like the end of /proc/PID/stat."""
    def run():
        kernel.check(kernel.LIBC.prctl(15, b"a) S 1 1 (\n", 0, 0, 0))  # PR_SET_NAME
        opened(port)
    return [child(run)]


def deleted_file(port):
    """The file that runs is deleted."""
    folder = tempfile.mkdtemp()
    copy = shutil.copy("/usr/bin/sleep", folder + "/server")
    sock = opened(port)
    os.set_inheritable(sock.fileno(), True)
    pid = started(copy, "3600", pass_fds=[sock.fileno()])
    shutil.rmtree(folder)
    close_all_but_processes(sock)
    return [pid]


def in_mount_namespace(port):
    def run():
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount(None, "/", None, kernel.MS_REC_PRIVATE)
        kernel.mount("tmpfs", "/proc", "tmpfs")
        opened(port)
    return [child(run)]


def covered(port):
    """A mount covers the folder of the process in /proc, so that it looks like another process."""
    def run():
        kernel.unshare(kernel.CLONE_NEWNET)
        opened(port)
    pid = child(run)
    kernel.mount("/proc/1", f"/proc/{pid}", None, kernel.MS_BIND)
    places.append(f"/proc/{pid}")
    return [pid]


def in_pid_namespace(port):
    """The holder is process 1 of a pid namespace."""
    kernel.unshare(kernel.CLONE_NEWPID)
    return [child(lambda: opened(port))]


def covered_descriptors(port):
    """A mount covers the descriptors of the process."""
    pid = child(lambda: opened(port))
    kernel.mount("tmpfs", f"/proc/{pid}/fd", "tmpfs")
    places.append(f"/proc/{pid}")
    return [pid]


def covered_tables(port):
    """A mount covers the tables of sockets of the process, which is alone in its namespace."""
    def run():
        kernel.unshare(kernel.CLONE_NEWNET)
        opened(port)
    pid = child(run)
    kernel.mount("tmpfs", f"/proc/{pid}/net", "tmpfs")
    places.append(f"/proc/{pid}/net")
    return [pid]


def in_user_namespace(port, depth=1):
    """An unprivileged user makes user namespaces, one in another, and a network namespace."""
    def run():
        os.setresuid(NOBODY, NOBODY, NOBODY)
        for _ in range(depth):
            user, group = os.geteuid(), os.getegid()
            kernel.unshare(kernel.CLONE_NEWUSER)
            kernel.map_user(user, group)
        kernel.unshare(kernel.CLONE_NEWNET)
        opened(port)
    return [child(run)]


# Threads

def thread_files(port):
    """A thread has a descriptor table of its own, and the socket only there."""
    sock = opened(port)
    shared = threading.Event()
    in_thread(lambda: (kernel.unshare(kernel.CLONE_FILES), shared.set()))
    close_all_but_processes(sock)
    return [os.getpid()]


def thread_namespace(port):
    """A thread is in another network namespace than its process; the socket is in the common descriptor table."""
    in_thread(lambda: (kernel.unshare(kernel.CLONE_NEWNET), opened(port)))
    return [os.getpid()]


def thread_files_and_namespace(port):
    in_thread(lambda: (kernel.unshare(kernel.CLONE_FILES | kernel.CLONE_NEWNET), opened(port)))
    return [os.getpid()]


def zombie_leader(port, flags=0):
    """The first thread has ended, which empties /proc/PID/fd; another thread holds the socket."""
    ready, report = os.pipe()
    pid = os.fork()
    if pid == 0:
        def body():
            kernel.unshare(flags) if flags else None
            opened(port)
            while open("/proc/self/stat").read().split(") ")[-1][0] != "Z":
                time.sleep(0.001)
            os.write(report, b".")
            while True:
                time.sleep(3600)
        threading.Thread(target=body).start()
        kernel.exit_thread()
    os.close(report)
    assert os.read(ready, 1)
    return [pid]


# Sockets without a descriptor

def in_flight(port):
    """The socket waits in the queue of a Unix socket and no process has a descriptor of it."""
    sock = opened(port)
    ours, theirs = socket.socketpair()
    kept.extend([ours, theirs])
    send(ours, sock)
    close_all_but_processes(sock)
    return [os.getpid()]


def io_uring(port):
    """The socket is a registered file of an io_uring."""
    sock = opened(port)
    kernel.io_uring_with(sock.fileno())
    close_all_but_processes(sock)
    return [os.getpid()]


def opened_by_io_uring(port):
    """The socket is opened by an io_uring alone: no system call names it, and no descriptor ever exists."""
    ring = kernel.Ring()
    kept.append(ring)
    ring.listen(bytes(4), port)
    return [os.getpid()]


def brief(port, kind, millis, tries, address="127.0.0.1"):
    """Listens several times for some milliseconds, each time at another port."""
    for attempt in range(tries):
        sock = opened(port + attempt, kind=kind, address=address)
        time.sleep(millis / 1000)
        close_all_but_processes(sock)
        time.sleep(0.15)
    return [os.getpid()]


def brief_by_io_uring(port, millis, tries):
    """The same without any system call about a socket."""
    for attempt in range(tries):
        ring = kernel.Ring()
        ring.listen(socket.inet_aton("127.0.0.1"), port + attempt)
        time.sleep(millis / 1000)
        ring.close()
        time.sleep(0.15)
    return [os.getpid()]
