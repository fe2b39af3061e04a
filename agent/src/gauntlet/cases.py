"""The cases of the gauntlet: one for each way to listen, and silent ones that must raise nothing."""
from dataclasses import dataclass, field
import socket

import containers
import families
import holders
import kernel
import namespaces
import nonlisteners
import probes
import processes
import programs
import redirects
from probes import DATAGRAM, MPTCP, SCTP, STREAM, UDPLITE, V6

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
            bpf, tc  a BPF program, or an action of tc, that may take traffic away
            brief    listeners that are open for some milliseconds each, while the daemon runs
            late     a listener that opens while the daemon runs
            silent   nothing that may be reported
    tries   of a brief case
    limit   words of a limit of the agent that names the case
    """
    name: str
    probe: object
    how: dict = field(default_factory=dict)
    form: str = "steady"
    tries: int = 1
    limit: str = ""


def steady(label, probe, limit="", **how):
    return Case(label, probe, how, limit=limit)


def plain(name, **how):
    return Case(name, probes.plain, how)


def brief(millis, kind, label):
    return Case(f"{label} for {millis} ms", processes.brief, {"kind": kind, "millis": millis, "tries": 10}, "brief", 10)


def nft(label, rule, **how):
    return Case(f"redirect by nftables{label}", redirects.nft, {"rule": rule, **how}, "redirect", limit="redirects")


def iptables(label, rule, **how):
    return Case(f"redirect by iptables{label}", redirects.iptables, {"rule": rule, **how}, "redirect", limit="redirects")


def other(form, name, probe, **how):
    return Case(name, probe, how, form, limit="BPF programs" if form == "bpf" else "")


def silent(name, probe, **how):
    return Case(name, probe, how, "silent")


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
    plain("TCP on an IPv6 address of another host", family=V6, address="2001:db8::7",
          options=[(socket.IPPROTO_IPV6, probes.IPV6_FREEBIND, 1)]),
    plain("TCP with data in the first packet (TCP_FASTOPEN)", options=[(socket.IPPROTO_TCP, probes.TCP_FASTOPEN, 8)]),
    plain("TCP with a queue of no connections", backlog=0),
    plain("MPTCP over IPv4", protocol=MPTCP),
    plain("MPTCP over IPv6", family=V6, protocol=MPTCP),
    steady("TCP, shared by SO_REUSEPORT", processes.reuseport, kind=STREAM),
    plain("UDP over IPv4", kind=DATAGRAM),
    plain("UDP over IPv6 alone", kind=DATAGRAM, family=V6, options=[(*V6ONLY, 1)]),
    plain("UDP over both", kind=DATAGRAM, family=V6, options=[(*V6ONLY, 0)]),
    plain("UDP on 127.0.0.1", kind=DATAGRAM, address="127.0.0.1"),
    plain("UDP on a multicast group", kind=DATAGRAM, address="224.0.0.251"),
    plain("UDP on the broadcast address", kind=DATAGRAM, address="255.255.255.255"),
    plain("UDP on an IPv6 multicast group", kind=DATAGRAM, family=V6, address="ff05::fb"),
    plain("UDP on an interface", kind=DATAGRAM, options=[(socket.SOL_SOCKET, probes.SO_BINDTODEVICE, b"lo")]),
    plain("UDP as a transparent proxy", kind=DATAGRAM, address="192.0.2.8",
          options=[(socket.IPPROTO_IP, probes.IP_TRANSPARENT, 1)]),
    plain("UDP that takes IPsec (UDP_ENCAP)", kind=DATAGRAM, options=[(socket.IPPROTO_UDP, probes.UDP_ENCAP, 2)]),
    steady("UDP, shared by SO_REUSEPORT", processes.reuseport, kind=DATAGRAM),
    plain("UDP-Lite over IPv4", kind=DATAGRAM, protocol=UDPLITE),
    plain("UDP-Lite over IPv6", kind=DATAGRAM, protocol=UDPLITE, family=V6),
    plain("SCTP over IPv4", protocol=SCTP),
    plain("SCTP, one to many", kind=socket.SOCK_SEQPACKET, protocol=SCTP),

    steady("inherited over fork", processes.forked),
    steady("inherited by forks that end", processes.forked_forever),
    steady("inherited over execve", processes.executed),
    steady("as standard input", processes.standard_input),
    steady("passed to another process", processes.passed),
    steady("taken by another process (pidfd_getfd)", holders.stolen),
    steady("behind 3,000 descriptors", processes.many_descriptors),
    steady("of another user", processes.as_user),
    steady("of a process that is not dumpable", processes.not_dumpable),
    steady("of a stopped process", processes.stopped),
    steady("of a process with an odd name", processes.odd_name),
    steady("of a deleted program", processes.deleted_file),
    steady("of a program in memory (memfd)", holders.in_memory),
    steady("of a process that shares its descriptors (CLONE_FILES)", holders.shared_table),
    steady("of a process in another root folder", holders.in_chroot),
    steady("bound by root, listening as another user", holders.bound_by_root),
    steady("of a process without /proc in its mounts", processes.in_mount_namespace),
    steady("of a process with a mount over /proc/PID", processes.covered),
    steady("of a process with a mount over /proc/PID/fd", processes.covered_descriptors),
    steady("of a process with a mount over /proc/PID/net", processes.covered_tables),
    steady("of process 1 of a pid namespace", processes.in_pid_namespace),
    steady("in a namespace of an unprivileged user", processes.in_user_namespace),
    steady("in a user namespace of a user namespace of a user namespace", processes.in_user_namespace, depth=3),

    steady("in the descriptor table of a thread", processes.thread_files),
    steady("in the namespace of a thread", processes.thread_namespace),
    steady("in the table and the namespace of a thread", processes.thread_files_and_namespace),
    steady("of a process whose first thread has ended", processes.zombie_leader),
    steady("of another thread's namespace, first thread ended", processes.zombie_leader,
           flags=kernel.CLONE_NEWNET),
    steady("in flight over a Unix socket", processes.in_flight),
    steady("in flight as a datagram", holders.in_datagram),
    steady("in flight to another process", holders.in_queue_of_another),
    steady("in flight in a socket that is in flight", holders.in_nested_queue),
    steady("in flight in a connection that is not accepted", holders.in_unaccepted_connection),
    steady("registered in an io_uring", processes.io_uring),
    steady("opened by an io_uring", processes.opened_by_io_uring),

    steady("namespace kept by a descriptor", namespaces.namespace_by_descriptor),
    steady("namespace under /run/netns", namespaces.namespace_by_mount, folder="/run/netns"),
    steady("namespace under an odd name in /run/netns", namespaces.namespace_by_mount, folder="/run/netns",
           name="odd \n\\040 {}"),
    steady("named namespace with a process", namespaces.named_namespace_with_process),
    steady("namespace mounted at another place", namespaces.namespace_by_mount, folder="/mnt"),
    steady("namespace mounted in another mount namespace", namespaces.namespace_by_mount_elsewhere),
    steady("TCP in a namespace kept by the socket alone", namespaces.namespace_by_socket, limit="only sockets keep"),
    steady("UDP in a namespace kept by the socket alone", namespaces.namespace_by_socket, limit="only sockets keep",
           kind=DATAGRAM),

    steady("in a container of Docker", containers.docker),
    steady("in a container of podman", containers.podman),
    steady("in a container that podman started", containers.started_by_podman),
    steady("in a pod of containerd", containers.containerd),
    steady("in a pod of CRI-O", containers.crio),
    steady("in a container of LXC", containers.machine, group="lxc.payload.{name}"),
    steady("in a container that LXC started", containers.started_by_lxc),
    steady("in a machine of systemd-nspawn", containers.machine, group="machine.slice/machine-{name}.scope/payload"),

    steady("VXLAN", families.tunnel, kind="vxlan", how="id 7 dev lo dstport {port}"),
    steady("VXLAN over IPv6", families.tunnel, kind="vxlan", how="id 7 remote ::1 dev lo dstport {port}"),
    steady("VXLAN for any network (external)", families.tunnel, kind="vxlan", how="external dstport {port}"),
    steady("GENEVE", families.tunnel, kind="geneve", how="id 7 remote 127.0.0.2 dstport {port}"),
    steady("bareudp", families.tunnel, kind="bareudp", how="dstport {port} ethertype ipv4"),
    steady("WireGuard", families.wireguard),
    steady("L2TP", families.ip_command, owner="l2tp", command="l2tp add tunnel tunnel_id 7 peer_tunnel_id 7 encap udp"
           " local 127.0.0.1 remote 127.0.0.2 udp_sport {port} udp_dport 9"),
    steady("FOU", families.ip_command, owner="fou", command="fou add port {port} ipproto 4"),
    steady("MPTCP, announced by the kernel", families.ip_command, owner="mptcp",
           command="mptcp endpoint add 127.0.0.1 port {port} signal"),

    nft("", "tcp dport {port} redirect to :{to}"),
    nft(" over IPv6", "tcp dport {port} redirect to :{to}", table="ip6", family=V6),
    nft(" of both families", "tcp dport {port} redirect to :{to}", table="inet"),
    nft(" of UDP", "udp dport {port} redirect to :{to}", kind=DATAGRAM),
    nft(" by a set", "tcp dport {{ 1, {port} }} redirect to :{to}"),
    nft(" by a map", "meta l4proto tcp redirect to :tcp dport map {{ {port} : {to} }}"),
    nft(" by a jump", "tcp dport vmap {{ {port} : jump d }}", more="chain d {{ tcp dport {port} redirect to :{to}; }};"),
    nft(" to another host", "tcp dport {port} dnat to 192.0.2.9:80", target=redirects.ELSEWHERE),
    nft(" as a transparent proxy", "meta l4proto tcp tcp dport {port} tproxy to :{to} accept", chain=redirects.MANGLE),
    iptables("", "-t nat -A PREROUTING -p tcp --dport {port} -j REDIRECT --to-ports {to}"),
    iptables(" over IPv6", "-t nat -A PREROUTING -p tcp --dport {port} -j REDIRECT --to-ports {to}",
             tool="ip6tables", family=V6),
    iptables(" of several ports", "-t nat -A PREROUTING -p tcp -m multiport --dports 1,{port} -j REDIRECT --to-ports {to}"),
    iptables(" to another host", "-t nat -A PREROUTING -p tcp --dport {port} -j DNAT --to-destination 192.0.2.9:80",
             target=redirects.ELSEWHERE),
    iptables(" as a transparent proxy", "-t mangle -A PREROUTING -p tcp --dport {port} -j TPROXY --on-port {to}"),
    other("redirect", "redirect by IPVS", redirects.ipvs),
    other("redirect", "port published by Docker alone", containers.published_by_docker),
    other("redirect", "port published by podman", containers.published_by_podman),
    other("redirect", "port published by CNI", containers.published_by_cni),
    other("redirect", "port published by podman that runs", containers.published_by_running_podman),

    other("bpf", "sk_lookup program of a process", programs.held, kind=programs.SK_LOOKUP),
    other("bpf", "sk_lookup program without a process", programs.pinned, kind=programs.SK_LOOKUP),
    other("bpf", "XDP program of a process", programs.held, kind=programs.XDP),
    other("bpf", "XDP program without a process", programs.pinned, kind=programs.XDP),
    other("bpf", "tcx program of a process", programs.held, kind=programs.TCX),
    other("bpf", "tcx program without a process", programs.pinned, kind=programs.TCX),
    other("bpf", "XDP program without a link", programs.xdp_by_netlink),
    other("bpf", "tc filter with a BPF program", programs.tc_filter),
    other("tc", "tc filter that redirects (mirred)", programs.tc_redirect),

    other("packet", "packet socket of an unknown program", families.packet),
    other("packet", "packet socket with a filter", families.packet, filtered=True),
    other("packet", "packet socket without the header of the link", families.packet, kind=DATAGRAM),
    other("packet", "packet socket of ARP alone", families.packet, protocol=families.ARP),
    other("packet", "packet socket in a group (fanout)", families.packet,
          options=[(probes.SOL_PACKET, probes.PACKET_FANOUT, 7)]),
    other("packet", "packet socket in flight", families.packet_in_flight),
    other("packet", "packet socket in the table of a thread", families.packet_of_thread),
    other("packet", "packet socket in a namespace kept by a descriptor", families.packet_elsewhere),
    other("raw", "raw ICMP", families.raw),
    other("raw", "raw TCP", families.raw, protocol=socket.IPPROTO_TCP),
    other("raw", "raw UDP", families.raw, protocol=socket.IPPROTO_UDP),
    other("raw", "raw ICMPv6", families.raw, family=V6, protocol=socket.IPPROTO_ICMPV6),
    other("raw", "raw TCP over IPv6", families.raw, family=V6, protocol=socket.IPPROTO_TCP),
    other("vsock", "vsock", families.vsock),
    other("xdp", "XDP socket", families.xdp),
    other("tun", "TUN device", families.tun),
    other("tun", "TAP device", families.tun, kind=2),

    Case("a process that enters a new namespace late", namespaces.late_entry, {}, "late"),
    Case("a thread that enters a new namespace late", namespaces.late_thread, {}, "late"),
    *(brief(millis, STREAM, "TCP") for millis in (1, 20, 300)),
    *(brief(millis, DATAGRAM, "UDP") for millis in (1, 20, 300)),
    Case("TCP by an io_uring for 20 ms", processes.brief_by_io_uring, {"millis": 20, "tries": 10}, "brief", 10),

    silent("TCP client", nonlisteners.client),
    silent("TCP client without an answer", nonlisteners.calling),
    silent("UDP client", nonlisteners.udp_client),
    silent("bound, not listening", nonlisteners.bound_only),
    silent("closed again", nonlisteners.closed_again),
    silent("shut down again", nonlisteners.shut_down),
    silent("ping socket", nonlisteners.ping),
    silent("Unix socket", nonlisteners.unix),
    silent("Unix socket with a descriptor in its queue", holders.with_queue),
    silent("netlink socket", nonlisteners.netlink),
    silent("VXLAN that is down", families.tunnel, kind="vxlan", how="id 7 dev lo dstport {port}", up=False),
    silent("ruleset without a redirect", nonlisteners.masquerade),
    silent("file in /run/netns that is no namespace", nonlisteners.no_namespace),
    silent("tcpdump", nonlisteners.tcpdump),
]
