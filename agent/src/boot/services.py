"""Owners of ordinary and of hostile services, on the installed service with a scan each second."""
import json
import os
import re
import shutil

from forged_owners import RULES as FORGED_RULES
from machine import until
from receiver import received
from service_view import AS_NOBODY, LISTEN

CONFIG = "/etc/portcurfew/portcurfew.yaml"
POLICY = "/etc/portcurfew/policy.yaml"

# Each step has a port of its own.
RULES = """
  - {name: fuse, ports: [6120], expect: allowed, by: [{executable: /usr/local/bin/fused/server}], severity: critical}
  - {name: root-only, ports: [6121], expect: allowed, by: [{user: root}], severity: critical}
  - {name: dropped, ports: [6122], expect: allowed, by: [{user: nobody}], severity: critical}
  - {name: upgraded, ports: 6123-6124, expect: allowed, by: [{executable: /usr/sbin/watched, user: root}], severity: critical}
  - {name: activated, ports: [6125], expect: allowed, by: [{unit: activated.socket}], severity: critical}
  - {name: phase, ports: [6126], expect: closed, severity: critical}
  - {name: on-host, ports: [6139], namespace: host, expect: closed, severity: critical}
"""

# Serves a copy of python as /usr/local/bin/fused/server in mounts of its own, and runs it (linux/fuse.h).
FUSE = r"""
import ctypes, os, stat, struct, sys, threading
c = ctypes.CDLL(None, use_errno=True)
content = open('/usr/bin/python3', 'rb').read()

def attributes(node):
    mode, size = (stat.S_IFDIR | 0o755, 0) if node == 1 else (stat.S_IFREG | 0o755, len(content))
    return struct.pack('<6Q9I4x', node, size, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096)

def answer(op, node, body):
    if op == 26:
        return struct.pack('<IIIIHHIIHHI28x', 7, 31, 65536, 0, 0, 0, 65536, 1, 0, 0, 0)
    if op == 1:
        return struct.pack('<5Q', 2, 0, 0, 0, 0) + attributes(2) if body.rstrip(b'\0') == b'server' else -2
    if op == 3:
        return struct.pack('<QII', 0, 0, 0) + attributes(node)
    if op in (14, 27):
        return struct.pack('<QII', 1, 0, 0)
    if op == 15:
        at, size = struct.unpack_from('<8xQI', body)
        return content[at:at + size]
    return b'' if op in (18, 25, 29) else -38

def serve(fd):
    while True:
        request = os.read(fd, 1 << 17)
        length, op, unique, node = struct.unpack_from('<IIQQ', request)
        if op not in (2, 42):
            reply = answer(op, node, request[40:])
            error, data = (reply, b'') if isinstance(reply, int) else (0, reply)
            os.write(fd, struct.pack('<IiQ', 16 + len(data), error, unique) + data)

uid = os.getuid()
c.prctl(4, 1)
assert not c.unshare(0x10020000)
for name, text in (('setgroups', 'deny'), ('uid_map', '0 %d 1' % uid), ('gid_map', '0 %d 1' % uid)):
    open('/proc/self/' + name, 'w').write(text)
fd = os.open('/dev/fuse', os.O_RDWR)
options = b'fd=%d,rootmode=40000,user_id=0,group_id=0' % fd
assert not c.mount(b'fuse', b'/usr/local/bin/fused', b'fuse', 0, options), os.strerror(ctypes.get_errno())
threading.Thread(target=serve, args=(fd,), daemon=True).start()
child = os.fork()
if child == 0:
    c.prctl(1, 9)
    os.execv('/usr/local/bin/fused/server', ['server', '-c', LISTEN, *sys.argv[1:]])
os.waitpid(child, 0)
""".replace("LISTEN", repr(LISTEN))

# Listens on two ports as root, and gives up root once a file is there.
DROP = """
import os, socket, sys, time
sockets = [socket.socket() for _ in range(2)]
for s, port in zip(sockets, (6121, 6122)):
    s.bind(('0.0.0.0', port)); s.listen()
while not os.path.exists('/run/drop'):
    time.sleep(0.05)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
time.sleep(600)
"""

# A package whose only file is a copy of python, which differs between the versions.
PACKAGE = """
mkdir -p /run/watched/DEBIAN /run/watched/usr/sbin
cp $(readlink -f /usr/bin/python3) /run/watched/usr/sbin/watched
echo %(version)s >> /run/watched/usr/sbin/watched
printf 'Package: watched\\nVersion: %(version)s\\nArchitecture: all\\nMaintainer: root <root@localhost>\\nDescription: test\\n' \
    > /run/watched/DEBIAN/control
dpkg-deb --root-owner-group -Znone -b /run/watched /run/watched.deb
dpkg -i /run/watched.deb
"""

SOCKET_UNIT = "[Socket]\nListenStream=0.0.0.0:6125\n"
SERVICE_UNIT = "[Service]\nExecStart=/usr/bin/python3 -c 'import time; time.sleep(600)'\n"

# A user who looks at the page as a member of adm, and one who does not.
AS_PROXY = "setpriv --reuid=proxy --regid=proxy --clear-groups "


class Services:
    """Test steps for a machine with a running service and a receiver."""

    def scans_each_second_after_a_reload(self):
        self.shipped_policy = self.m.read(POLICY)
        self.m.write(POLICY, self.shipped_policy.replace("\nrules:\n", "\nrules:" + RULES + FORGED_RULES, 1))
        self.m.write(CONFIG, self.good.replace("every: 10s", "every: 1s", 1))
        pid = self.m.show("MainPID")
        self.m.sh("systemctl reload portcurfew")
        before = self.scans()
        until("three scans", 10, lambda: self.scans() >= before + 3)
        assert self.m.show("MainPID") == pid

    def has_the_shipped_settings_again(self):
        self.m.write(POLICY, self.shipped_policy)
        self.m.write(CONFIG, self.good)
        self.m.sh("systemctl reload portcurfew")

    def passes_the_gauntlet(self):
        """Listens in every way that Linux has; the installed service answers (agent/src/gauntlet)."""
        here = os.path.dirname(os.path.abspath(__file__))
        shutil.copytree(os.path.join(here, "../gauntlet"), self.m.root + "/root/gauntlet", dirs_exist_ok=True)
        policy = self.m.read(POLICY)
        self.m.write(POLICY, "version: 1\ndefault: deny\nrules: []\n")
        self.m.sh("systemctl reload portcurfew")
        # A unit ends all that the cases have started.
        done = self.m.sh("systemd-run -q --wait --pipe --unit=gauntlet -p WorkingDirectory=/root/gauntlet"
                         " -p KillSignal=SIGKILL -p LimitNOFILE=65536 python3 gauntlet.py --service", check=False)
        assert done.returncode == 0, done.stdout
        self.m.write(POLICY, policy)
        self.m.sh("systemctl reload portcurfew")
        return "%d cases" % len(re.findall(r"(?m)^.* \| (?!installed)[a-z0-9]", done.stdout))

    def alerts_of(self, rule):
        alerts = json.loads(self.get("/api/v1/alerts"))["alerts"]
        return [one for one in alerts if one.get("rule") == rule and one["state"] == "firing"]

    def listeners_on(self, port):
        return [one for one in json.loads(self.get("/api/v1/listeners"))["listeners"] if one["port"] == port]

    def owner_of(self, port):
        return self.listeners_on(port)[0]["owners"][0]

    def is_allowed(self, rule, port):
        """Waits until the listener was judged in some scans, and raised nothing."""
        until("%d is seen" % port, 10, lambda: [one for one in self.listeners_on(port) if one.get("owners")])
        self.scanned(3)
        assert not self.alerts_of(rule), self.alerts_of(rule)

    def rejects_a_user_file_system_over_an_allowed_executable(self):
        self.m.sh("mkdir -p /usr/local/bin/fused; cp $(readlink -f /usr/bin/python3) /usr/local/bin/fused/server;"
                  " test -e /dev/fuse || mknod -m 666 /dev/fuse c 10 229; chmod 666 /dev/fuse")
        end = self.listener(AS_NOBODY + "/usr/local/bin/fused/server", LISTEN, "0.0.0.0", "6120")
        self.is_allowed("fuse", 6120)
        self.m.sh(end)
        until("the file itself has ended", 10, lambda: not self.listeners_on(6120))
        end = self.listener(AS_NOBODY + "python3", FUSE, "0.0.0.0", "6120")
        found, took = until("the impostor is found", 10, lambda: self.alerts_of("fuse"))
        assert [one["kind"] for one in found] == ["owner-unknown"], found
        assert found[0]["owners"][0]["executable"] == "/usr/local/bin/fused/server", found
        self.m.sh(end + "; rm -r /usr/local/bin/fused")
        return "%.1f s" % took

    def follows_a_process_that_drops_root(self):
        end = self.listener("python3", DROP)
        found, _ = until("the owner of 6122 is wrong", 10, lambda: self.alerts_of("dropped"))
        assert found[0]["kind"] == "wrong-owner" and not self.alerts_of("root-only"), found
        self.m.sh("touch /run/drop")
        found, took = until("the owner of 6121 is wrong", 15, lambda: self.alerts_of("root-only"))
        assert found[0]["kind"] == "wrong-owner" and found[0]["owners"][0]["user"] == "nobody", found
        until("the owner of 6122 is right", 15, lambda: not self.alerts_of("dropped"))
        self.m.sh(end + "; rm /run/drop")
        return "%.1f s" % took

    def accepts_a_service_after_its_package_was_upgraded(self):
        self.m.write("/var/tmp/listen.py", LISTEN)
        self.m.sh("cp /var/tmp/listen.py /run;" + PACKAGE % {"version": 1})
        private = "-p PrivateTmp=yes -p PrivateDevices=yes -p ProtectSystem=strict -p ProtectHome=yes"
        for unit, port, how in (("watched", 6123, ""), ("watched-private", 6124, private)):
            self.m.sh("systemd-run -q --unit=%s %s /usr/sbin/watched /run/listen.py 0.0.0.0 %d" % (unit, how, port))
            self.is_allowed("upgraded", port)
        self.m.sh(PACKAGE % {"version": 2})
        for port in (6123, 6124):
            until("%d is replaced" % port, 20, lambda: any(
                owner.get("replaced") for one in self.listeners_on(port) for owner in one["owners"]))
        self.scanned(2)
        raised = [labels for _, _, labels in received(self.m) if labels.get("rule") == "upgraded"]
        assert not raised and not self.alerts_of("upgraded"), raised or self.alerts_of("upgraded")
        self.m.sh("systemctl stop watched watched-private; dpkg --purge watched; rm -r /run/watched* /run/listen.py")

    def accepts_the_unit_of_an_activated_socket(self):
        self.m.write("/etc/systemd/system/activated.socket", SOCKET_UNIT)
        self.m.write("/etc/systemd/system/activated.service", SERVICE_UNIT)
        self.m.sh("systemctl daemon-reload; systemctl start activated.socket")
        self.is_allowed("activated", 6125)
        assert self.owner_of(6125).get("socket_unit") == "activated.socket", self.owner_of(6125)
        self.m.sh("python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 6125))'")
        until("the service holds it", 15, lambda: self.owner_of(6125).get("unit") == "activated.service")
        self.scanned(2)
        assert not self.alerts_of("activated"), self.alerts_of("activated")
        self.m.sh("systemctl stop activated.socket activated.service;"
                  " rm /etc/systemd/system/activated.*; systemctl daemon-reload")

    def shows_owners_to_root_and_adm_only(self):
        executable = self.m.out("readlink -f /usr/bin/python3")
        self.m.sh("gpasswd -a proxy adm")
        for path in ("/", "/api/v1/listeners"):
            for command, sees in (("", True), (AS_PROXY, True), (AS_NOBODY, False)):
                page = self.m.out(command + self.page(path)).replace("<wbr>", "")
                assert "9099" in page, page
                assert (executable in page) == sees, "%s %s: %s" % (command, path, page)
        self.m.sh("gpasswd -d proxy adm")
        assert executable not in self.m.out(AS_PROXY + self.page("/api/v1/listeners"))


STEPS = [name for name in vars(Services) if name.startswith(
    ("rejects_", "follows_", "accepts_", "shows_", "passes_"))]
