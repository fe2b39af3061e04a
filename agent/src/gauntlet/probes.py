"""The ways to listen, and some that are no listeners. Each probe runs in a process and a network namespace of its own.

A probe opens its sockets, and returns the processes that hold them; what it puts into `kept` stays open until the end.
`places` are the namespaces that no process is in, as a gap names them.
"""
import array
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import kernel

V4, V6 = socket.AF_INET, socket.AF_INET6
STREAM, DATAGRAM, RAW = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW
SCTP, UDPLITE, MPTCP = 132, 136, 262
AF_XDP = 44
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


def close_all_but_processes(sock):
    sock.close()
    kept.remove(sock)


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


def send(over, sock):
    data = array.array("i", [sock.fileno()]).tobytes()
    return over.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, data)])


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


# Network namespaces

def away(open_there, keep):
    """Opens a socket in a new network namespace and comes back; `keep` keeps the namespace."""
    home = kernel.namespace_handle()
    kernel.unshare(kernel.CLONE_NEWNET)
    kernel.loopback_up()
    open_there()
    places.append(os.readlink("/proc/thread-self/ns/net"))
    keep(kernel.namespace_handle())
    kernel.enter(home)


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


# Silent ones

def client(port):
    """A TCP client and the accepted end, whose listener is closed."""
    server = opened(0, address="127.0.0.1")
    caller = socket.socket()
    caller.bind(("127.0.0.1", port))
    caller.connect(server.getsockname())
    kept.extend([caller, server.accept()[0]])
    close_all_but_processes(server)
    return [os.getpid()]


def udp_client(port):
    caller = socket.socket(V4, DATAGRAM)
    kept.append(caller)
    caller.bind(("127.0.0.1", port))
    caller.connect(("127.0.0.1", 9))
    return [os.getpid()]


def bound_only(port):
    """A TCP socket that is bound and does not listen: the kernel refuses its callers."""
    sock = socket.socket()
    kept.append(sock)
    sock.bind(("0.0.0.0", port))
    return [os.getpid()]


def closed_again(port):
    opened(port)
    close_all()
    return [os.getpid()]


def shut_down(port):
    """A listener that was shut down takes no connection, though its socket stays."""
    opened(port).shutdown(socket.SHUT_RDWR)
    return [os.getpid()]


def ping(_port):
    """An ICMP socket without rights, which takes replies to its own requests alone."""
    with open("/proc/sys/net/ipv4/ping_group_range", "w") as setting:
        setting.write("0 65535")
    kept.append(socket.socket(V4, DATAGRAM, socket.IPPROTO_ICMP))
    return [os.getpid()]


def no_namespace(port):
    """A file in /run/netns that is no namespace."""
    open(f"/run/netns/{port}", "w").close()
    return [os.getpid()]


def calling(port):
    """A client whose call nobody answers: the other end of the interface takes no part."""
    subprocess.run("ip link add probe0 type veth peer name probe1".split(), check=True, stderr=subprocess.PIPE)
    for command in ("link set probe0 up", "link set probe1 up", "address add 192.0.2.1/24 dev probe0"):
        subprocess.run(["ip", *command.split()], check=True)
    caller = socket.socket()
    kept.append(caller)
    caller.setblocking(False)
    caller.bind(("192.0.2.1", port))
    caller.connect_ex(("192.0.2.9", 9))
    return [os.getpid()]


def masquerade(port):
    """A ruleset that redirects nothing."""
    rule = f"tcp sport {port} masquerade"
    ruleset = f"table ip probe {{ chain c {{ type nat hook postrouting priority 100; {rule}; }}; }}"
    subprocess.run(["nft", "-f", "-"], input=ruleset, text=True, check=True, stderr=subprocess.PIPE)
    return [os.getpid()]


def unix(port):
    sock = socket.socket(socket.AF_UNIX)
    kept.append(sock)
    sock.bind(f"\0probe-{port}")
    sock.listen(8)
    return [os.getpid()]


def netlink(_port):
    kept.append(socket.socket(socket.AF_NETLINK, RAW, 0))
    return [os.getpid()]


def tcpdump(_port):
    """Root watches packets with the tool of the distribution."""
    return [started("/usr/bin/tcpdump", "-i", "lo", "-w", "/dev/null", "udp")]


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
