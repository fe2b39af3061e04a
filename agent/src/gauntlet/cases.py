"""The cases of the gauntlet: one for each way to listen, and silent ones that must raise nothing."""
from dataclasses import dataclass, field
import socket

import probes
from probes import DATAGRAM, MPTCP, SCTP, STREAM, UDPLITE, V4, V6

V6ONLY = (socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)


@dataclass(frozen=True)
class Case:
    """A case.

    name    what it is
    probe   the function that opens it
    how     further arguments of the probe
    form    steady   a listener that stays
            packet, raw, vsock, xdp, tun   a socket of that family
            redirect a port without a socket, whose traffic a rule takes to a listener
            brief    listeners that are open for some milliseconds each, while the daemon runs
            late     a listener that opens while the daemon runs
            silent   nothing that may be reported
    tries   of a brief case
    """
    name: str
    probe: object
    how: dict = field(default_factory=dict)
    form: str = "steady"
    tries: int = 1


def steady(name, probe, **how):
    return Case(name, probe, how)


def plain(name, **how):
    return Case(name, probes.plain, how)


def brief(millis, kind, label):
    return Case(f"{label} for {millis} ms", probes.brief, {"kind": kind, "millis": millis, "tries": 10}, "brief", 10)


CASES = [
    plain("TCP over IPv4"),
    plain("TCP over IPv6 alone", family=V6, options=[(*V6ONLY, 1)]),
    plain("TCP over both", family=V6, options=[(*V6ONLY, 0)]),
    plain("TCP on 127.0.0.1", address="127.0.0.1"),
    plain("TCP on 127.9.8.7", address="127.9.8.7"),
    plain("TCP on ::1", family=V6, address="::1"),
    plain("TCP on an IPv4-mapped address", family=V6, address="::ffff:127.0.0.1"),
    plain("TCP on an interface", options=[(socket.SOL_SOCKET, probes.SO_BINDTODEVICE, b"lo")]),
    plain("TCP on an address of another host (IP_FREEBIND)", address="192.0.2.7",
          options=[(socket.IPPROTO_IP, probes.IP_FREEBIND, 1)]),
    plain("TCP as a transparent proxy", address="192.0.2.8",
          options=[(socket.IPPROTO_IP, probes.IP_TRANSPARENT, 1)]),
    plain("MPTCP over IPv4", protocol=MPTCP),
    plain("MPTCP over IPv6", family=V6, protocol=MPTCP),
    steady("TCP, shared by SO_REUSEPORT", probes.reuseport, kind=STREAM),
    plain("UDP over IPv4", kind=DATAGRAM),
    plain("UDP over IPv6 alone", kind=DATAGRAM, family=V6, options=[(*V6ONLY, 1)]),
    plain("UDP over both", kind=DATAGRAM, family=V6, options=[(*V6ONLY, 0)]),
    plain("UDP on 127.0.0.1", kind=DATAGRAM, address="127.0.0.1"),
    plain("UDP on a multicast group", kind=DATAGRAM, address="224.0.0.251"),
    plain("UDP on the broadcast address", kind=DATAGRAM, address="255.255.255.255"),
    steady("UDP, shared by SO_REUSEPORT", probes.reuseport, kind=DATAGRAM),
    plain("UDP-Lite over IPv4", kind=DATAGRAM, protocol=UDPLITE),
    plain("UDP-Lite over IPv6", kind=DATAGRAM, protocol=UDPLITE, family=V6),
    plain("SCTP over IPv4", protocol=SCTP),
    plain("SCTP, one to many", kind=socket.SOCK_SEQPACKET, protocol=SCTP),

    steady("inherited over fork", probes.forked),
    steady("inherited by forks that end", probes.forked_forever),
    steady("inherited over execve", probes.executed),
    steady("as standard input", probes.standard_input),
    steady("passed to another process", probes.passed),
    steady("behind 3,000 descriptors", probes.many_descriptors),
    steady("of another user", probes.as_user),
    steady("of a process that is not dumpable", probes.not_dumpable),
    steady("of a stopped process", probes.stopped),
    steady("of a process with an odd name", probes.odd_name),
    steady("of a deleted program", probes.deleted_file),
    steady("of a process without /proc in its mounts", probes.in_mount_namespace),
    steady("of a process with a mount over /proc/PID", probes.covered),
    steady("of process 1 of a pid namespace", probes.in_pid_namespace),
    steady("in a namespace of an unprivileged user", probes.in_user_namespace),

    steady("in the descriptor table of a thread", probes.thread_files),
    steady("in the namespace of a thread", probes.thread_namespace),
    steady("in the table and the namespace of a thread", probes.thread_files_and_namespace),
    steady("of a process whose first thread has ended", probes.zombie_leader),
    steady("of another thread's namespace, first thread ended", probes.zombie_leader,
           flags=probes.kernel.CLONE_NEWNET),
    steady("in flight over a Unix socket", probes.in_flight),
    steady("registered in an io_uring", probes.io_uring),
    steady("opened by an io_uring", probes.opened_by_io_uring),

    steady("namespace kept by a descriptor", probes.namespace_by_descriptor),
    steady("namespace under /run/netns", probes.namespace_by_mount, folder="/run/netns"),
    steady("namespace mounted at another place", probes.namespace_by_mount, folder="/mnt"),
    steady("namespace mounted in another mount namespace", probes.namespace_by_mount_elsewhere),
    steady("TCP in a namespace kept by the socket alone", probes.namespace_by_socket),
    steady("UDP in a namespace kept by the socket alone", probes.namespace_by_socket, kind=DATAGRAM),

    steady("VXLAN", probes.tunnel, kind="vxlan"),
    steady("GENEVE", probes.tunnel, kind="geneve"),
    steady("WireGuard", probes.wireguard),

    Case("redirect by nftables", probes.redirect, {"tool": "nft"}, "redirect"),
    Case("redirect by iptables", probes.redirect, {"tool": "iptables"}, "redirect"),

    Case("packet socket of an unknown program", probes.packet, {"filtered": False}, "packet"),
    Case("packet socket with a filter", probes.packet, {"filtered": True}, "packet"),
    Case("raw ICMP", probes.raw, {}, "raw"),
    Case("raw TCP", probes.raw, {"protocol": socket.IPPROTO_TCP}, "raw"),
    Case("raw ICMPv6", probes.raw, {"family": V6, "protocol": socket.IPPROTO_ICMPV6}, "raw"),
    Case("vsock", probes.vsock, {}, "vsock"),
    Case("XDP socket", probes.xdp, {}, "xdp"),
    Case("TUN device", probes.tun, {}, "tun"),

    Case("a process that enters a new namespace late", probes.late_entry, {}, "late"),
    *(brief(millis, STREAM, "TCP") for millis in (1, 20, 300)),
    *(brief(millis, DATAGRAM, "UDP") for millis in (1, 20, 300)),
    Case("TCP by an io_uring for 20 ms", probes.brief_by_io_uring, {"millis": 20, "tries": 10}, "brief", 10),

    Case("TCP client", probes.client, {}, "silent"),
    Case("UDP client", probes.udp_client, {}, "silent"),
    Case("bound, not listening", probes.bound_only, {}, "silent"),
    Case("closed again", probes.closed_again, {}, "silent"),
    Case("Unix socket", probes.unix, {}, "silent"),
    Case("netlink socket", probes.netlink, {}, "silent"),
    Case("tcpdump", probes.tcpdump, {}, "silent"),
]
