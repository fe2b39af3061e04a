"""Sockets in network namespaces that a descriptor, a mount, a socket or a process keeps."""
import os
import subprocess
import time

import kernel
from probes import STREAM, away, child, in_thread, kept, opened


def namespace_by_descriptor(port):
    away(lambda: opened(port), kept.append)
    return [os.getpid()]


def namespace_by_mount(port, folder, name="{}"):
    def keep(handle):
        place = os.path.join(folder, name.format(port))
        open(place, "w").close()
        kernel.mount(f"/proc/self/fd/{handle}", place, None, kernel.MS_BIND)
        os.close(handle)
    away(lambda: opened(port), keep)
    return [os.getpid()]


def namespace_by_mount_elsewhere(port):
    """The mount is in another mount namespace."""
    def run():
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount(None, "/", None, kernel.MS_REC_PRIVATE)
        kernel.mount("tmpfs", "/mnt", "tmpfs")
        namespace_by_mount(port, "/mnt")
    return [child(run)]


def namespace_by_socket(port, kind=STREAM):
    """Nothing but the socket itself keeps the namespace."""
    away(lambda: opened(port, kind=kind), os.close)
    return [os.getpid()]


def named_namespace_with_process(port):
    """As ip-netns(8) makes it: a name, and a process in it."""
    subprocess.run(["ip", "netns", "add", f"probe-{port}"], check=True, stderr=subprocess.PIPE)
    handle = os.open(f"/run/netns/probe-{port}", os.O_RDONLY)

    def run():
        kernel.enter(handle)
        opened(port)
    return [child(run)]


def late_thread(port):
    """A thread enters a namespace after its process has been looked at."""
    def run():
        time.sleep(4)
        kernel.unshare(kernel.CLONE_NEWNET)
        opened(port)
    in_thread(run)
    return [os.getpid()]


def late_entry(port):
    """The process enters the namespace after it has been looked at."""
    def run():
        time.sleep(4)
        kernel.unshare(kernel.CLONE_NEWNET)
        opened(port)
    return [child(run)]
