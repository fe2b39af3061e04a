"""Sockets and objects that are no listeners, so nothing may be reported of them."""
import os
import socket
import subprocess

from probes import DATAGRAM, RAW, V4, close_all, close_all_but_processes, kept, opened, started


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
