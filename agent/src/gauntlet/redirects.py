"""Redirects by a ruleset: traffic to a port without a socket reaches a listener, or another host."""
import subprocess

from probes import DATAGRAM, STREAM, V4, V6, opened, os

ELSEWHERE = "192.0.2.9:80"
NAT = "type nat hook prerouting priority -100;"
MANGLE = "type filter hook prerouting priority -150;"


def nft(port, rule, table="ip", chain=NAT, more="", kind=STREAM, family=V4, target=None):
    """A rule of nftables; {port} and {to} stand for the port and that of the listener."""
    if target is None:
        opened(port + 5, family=family, kind=kind)
    words = {"port": port, "to": port + 5}
    ruleset = (f"table {table} probe {{ {more.format(**words)} chain c {{ {chain} {rule.format(**words)}; }}; }}")
    subprocess.run(["nft", "-f", "-"], input=ruleset, text=True, check=True, stderr=subprocess.PIPE)
    return [target or os.getpid()]


def iptables(port, rule, tool="iptables", kind=STREAM, family=V4, target=None):
    if target is None:
        opened(port + 5, family=family, kind=kind)
    command = [tool, *rule.format(port=port, to=port + 5).split()]
    subprocess.run(command, check=True, stderr=subprocess.PIPE)
    return [target or os.getpid()]


def ipvs(port):
    opened(port + 5)
    for command in (f"-A -t 127.0.0.1:{port}", f"-a -t 127.0.0.1:{port} -r 127.0.0.1:{port + 5} -m"):
        subprocess.run(["ipvsadm", *command.split()], check=True, stderr=subprocess.PIPE)
    return [os.getpid()]


__all__ = ["DATAGRAM", "ELSEWHERE", "MANGLE", "V6", "ipvs", "iptables", "nft"]
