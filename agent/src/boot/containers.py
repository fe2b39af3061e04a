"""Fifty idle containers beside the installed service, in control groups as Docker makes them and with its files."""
import hashlib
import json
import os
import re
import time

from machine import until
from receiver import received
from timing import BLIND

COUNT = 50
PORT = 8080
OPENS = 17

# Has an interface and a listener; one of them opens 611 in its place when a file is there, so that the number of its sockets is the same.
IDLE = """
import os, socket, subprocess, sys, time
for command in ('set lo up', 'add eth0 type veth peer name peer0', 'set eth0 up'):
    subprocess.run(['ip', 'link'] + command.split(), check=True)
def listen(port):
    s = socket.socket(); s.setsockopt(1, 2, 1); s.bind(('0.0.0.0', port)); s.listen()
    return s
here = listen(8080)
while sys.argv[1] == '17' and not os.path.exists('/run/open-611'):
    time.sleep(0.1)
if sys.argv[1] == '17':
    here.close()
more = listen(611) if sys.argv[1] == '17' else None
time.sleep(600)
"""
START = ("systemd-run -q --scope --slice=system.slice --unit=docker-%s unshare --net --mount --uts --ipc --pid --fork"
         " --kill-child --mount-proc python3 /var/tmp/idle.py %d & ")


class Containers:
    """Test steps for a machine with a running service and a receiver."""

    def sees_50_idle_containers_and_their_end(self):
        # A step before may have restarted the service, which notifies what already fires.
        self.scanned(2)
        blind = self.journal().count(BLIND)
        start = time.time()
        self.start_containers()
        _, seen = until("all are seen with owner and name", 30, lambda: len(self.of_containers()) == COUNT)
        # Without CAP_SYS_ADMIN it reads their tables in /proc, where all of these are.
        more = [why for why in self.gaps("shop-") if " is read from /proc/net: " not in why]
        assert not more, more
        self.m.sh("touch /run/open-611")
        _, opened = until("611 in one of them is notified", 10, lambda: self.since(start, "firing"))
        # All end at once.
        self.m.sh("systemctl kill --signal=KILL 'docker-*.scope'")
        _, closed = until("its end is notified", 20, lambda: self.since(start, "resolved"))
        until("no listener of them is left", 10, lambda: not self.of_containers())
        self.scanned(3)
        fired = self.since(start, "firing")
        assert fired == [("npmp-gui", "container/shop-%d" % OPENS)], fired
        assert self.journal().count(BLIND) == blind and not self.gaps("shop-"), self.journal()
        self.m.sh("rm -r /run/open-611 /var/lib/docker")
        return "seen: %.1f s, opened: %.1f s, closed: %.1f s" % (seen, opened, closed)

    def start_containers(self):
        self.m.write("/var/tmp/idle.py", IDLE)
        starts = ""
        for number in range(COUNT):
            name = hashlib.sha256(b"container %d" % number).hexdigest()
            folder = "/var/lib/docker/containers/" + name
            os.makedirs(self.m.root + folder)
            self.m.write(folder + "/config.v2.json", json.dumps({"Name": "/shop-%d" % number, "Config": {"Image": "shop:1"}}))
            starts += START % (name, number)
        self.m.start(starts + "wait")

    def of_containers(self):
        """Returns the listeners of the containers whose owner and name are known."""
        return [one for one in self.listeners_on(PORT) if re.fullmatch(r"container/shop-\d+", one["namespace"])
                and [owner["executable"][:16] for owner in one.get("owners", [])] == ["/usr/bin/python3"]]

    def since(self, start, state):
        return [(labels.get("rule"), labels.get("namespace")) for at, status, labels in received(self.m)
                if at >= start and status == state and labels.get("namespace", "").startswith("container/")]


STEPS = ["sees_50_idle_containers_and_their_end"]
