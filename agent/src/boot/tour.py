#!/usr/bin/env python3
"""Records the examples of the README that run on a host in a booted Debian with the package installed, and writes them into the README.

Needs what boot.py needs. Each `$ command` of a block runs in one shell, in the order of the page; the lines after it are
replaced by what it prints. The comment `before: COMMANDS` above a block prepares the host, as in the tests of the documents.
"""
import glob
import os
import re
import signal
import sys

from boot import HERE, TARGET
from machine import UNIT, Machine, bootstrapped, say, until

README = os.path.normpath(os.path.join(HERE, "../../../README.md"))
BLOCK = re.compile(r"(?:<!-- before: ([^\n]*) -->\n)?<!-- (?:live|shown: recorded [^\n]*) -->\n```console\n(.*?)```", re.S)
MARK = "@@ tour %d"

# The words of the `before` comments, as DocsIT has them for a host without systemd.
PREPARE = r"""
wait_for_port() { until ss -Hltn "sport = :$1" | grep -q .; do sleep 0.1; done; }
wait_for_log() { until journalctl -q -u portcurfew -o cat | grep -q "$1"; do sleep 0.1; done; }
kill_servers() { kill $(jobs -p); wait; } 2>/dev/null
hostname web-1
sed -i 's/^scan: .*/scan: {every: 1s}/' /etc/portcurfew/portcurfew.yaml
systemctl restart portcurfew
"""


def commands(block):
    """The commands of a block; lines that begin with "> " continue one."""
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def script(blocks):
    lines, number = [PREPARE, "set -m"], 0
    for before, block in blocks:
        if before:
            lines.append("{ %s; } >/dev/null 2>&1" % before)
        for command in commands(block):
            lines += ["echo '%s'" % (MARK % number), command]
            server = re.search(r"http\.server (\d+)", command)
            lines += ["wait_for_port " + server.group(1)] if server else []
            number += 1
    lines += ["echo '%s'" % (MARK % number), "kill $(jobs -p) 2>/dev/null", "wait"]
    return "\n".join(lines) + "\n"


def outputs(text):
    """What each command printed, without the notices of the shell about its jobs."""
    parts = re.split(r"(?m)^@@ tour \d+\n", text)[1:]
    return [re.sub(r"(?m)^(\S+: line \d+: |\[\d+\][+-]? ).*\n", "", part) for part in parts]


def recorded(readme, printed):
    """The page with the new outputs."""
    left = iter(printed)

    def block(match):
        new = "".join("$ %s\n%s" % (command, next(left)) for command in commands(match.group(2)))
        return match.group(0).replace(match.group(2), new)

    return BLOCK.sub(block, readme)


def main():
    debs = glob.glob(os.path.join(TARGET, "portcurfew_*.deb"))
    if len(debs) != 1:
        sys.exit("expected one package, found %s: run mvn package" % (debs or "none"))
    with open(README) as file:
        readme = file.read()
    machine = Machine(bootstrapped())
    try:
        machine.boot()
        say("booted")
        machine.apt("install", machine.copy(debs[0]))
        until("the service is active", 30, lambda: machine.show("ActiveState") == "active")
        say("installed")
        machine.write("/root/tour.sh", script(BLOCK.findall(readme)))
        printed = outputs(machine.sh("cd /root; bash /root/tour.sh", check=False).stdout + "\n")
    finally:
        machine.close()
    wanted = sum(len(commands(block)) for _, block in BLOCK.findall(readme))
    if len(printed) != wanted + 1:
        sys.exit("the tour ended early, after %d of %d commands:\n%s" % (len(printed), wanted, "\n".join(printed)))
    with open(README, "w") as file:
        file.write(recorded(readme, printed))
    say("recorded %d commands of %s in %s" % (wanted, UNIT, README))


if __name__ == "__main__":
    # Cleans up after SIGTERM too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
