"""Owners and names that a local user invents, on the installed service with a scan each second."""
from machine import until
from owners import CONTAINER
from service_view import AS_NOBODY, LISTEN

# Each step has a port of its own.
RULES = """
  - {name: shared, ports: [6130], protocol: udp, expect: allowed, by: [{user: root}], severity: critical}
  - {name: of-root, ports: 6131-6133, expect: allowed, by: [{user: root}], severity: critical}
  - {name: invented, ports: [6134], expect: allowed, by: [{executable: "/opt/*/bin/server"}], severity: critical}
  - {name: of-ssh, ports: [6135], expect: allowed, by: [{unit: ssh.service}], severity: critical}
  - {name: in-shop, ports: [6136], namespace: shop, expect: closed, severity: critical}
  - {name: digested, ports: [6137], expect: allowed, by: [{sha256: "%s"}], severity: critical}
""" % ("0" * 64)

# One of the 65,536 subordinate ids of a user; it has no name.
AS_SUBORDINATE = "setpriv --reuid=231072 --regid=231072 --clear-groups "

# Binds a UDP port that others share. With a word, the socket waits to be received by more processes than the agent names.
SHARED = """
import ctypes, os, socket, sys, time
ctypes.CDLL(None).prctl(1, 9)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('127.0.0.1', 6130))
if len(sys.argv) > 1:
    left, right = socket.socketpair()
    socket.send_fds(left, [b'x'], [s.fileno()])
    s.close()
    parent = os.getpid()
    for _ in range(9):
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(1, 9)
            time.sleep(600 if os.getppid() == parent else 0); os._exit(0)
time.sleep(600)
"""

# Becomes a program whose code is that of its interpreter, pause(2); its own segment of code is empty.
WITHOUT_CODE = r"""
import os, socket, struct
def program(path, kind, entry, segments, content):
    head = b'\x7fELF\x02\x01\x01' + bytes(9)
    head += struct.pack('<HHIQQQIHHHHHH', kind, 62, 1, entry, 64, 0, 0, 64, 56, len(segments), 0, 0, 0)
    with open(path, 'wb') as file:
        file.write(head + b''.join(struct.pack('<IIQQQQQQ', *one) for one in segments) + content)
    os.chmod(path, 0o755)
os.makedirs('/var/tmp/without', exist_ok=True)
program('/var/tmp/without/interpreter', 3, 120, [(1, 5, 0, 0, 0, 129, 129, 4096)], bytes.fromhex('b8220000000f05ebf7'))
name = b'/var/tmp/without/interpreter\0'
segments = [(3, 4, 176, 0, 0, len(name), len(name), 1), (1, 5, 0, 0x400000, 0, 0, 4096, 4096)]
program('/var/tmp/without/code', 2, 0x400000, segments, name)
s = socket.socket(); s.bind(('127.0.0.1', 6131)); s.listen(); s.set_inheritable(True)
os.execv('/var/tmp/without/code', ['code'])
"""

# Listens once the number of its socket is known to a user, and an io_uring of that user claims it.
CLAIMED = """
import os, socket, time
s = socket.socket(); s.bind(('127.0.0.1', 6133))
with open('/var/tmp/claimed.new', 'w') as file:
    file.write(str(os.fstat(s.fileno()).st_ino))
os.rename('/var/tmp/claimed.new', '/var/tmp/claimed')
while not os.path.exists('/var/tmp/claims/ready'):
    time.sleep(0.05)
s.listen()
open('/var/tmp/claimed-listens', 'w')
time.sleep(600)
"""

# Registers files in an io_uring whose paths look like lines about that socket, and a listener that has no descriptor.
CLAIMS = r"""
import ctypes, os, socket, time
libc = ctypes.CDLL(None, use_errno=True)
while not os.path.exists('/var/tmp/claimed'):
    time.sleep(0.05)
number = open('/var/tmp/claimed').read()
os.makedirs('/var/tmp/claims')
own = socket.socket(); own.bind(('127.0.0.2', 6133))
files = [own.fileno()]
for separator in '\r', '\n', '\v', '\f', '\x85', '\u2028':
    files.append(os.open('/var/tmp/claims/a%s1: socket:[%s]' % (separator, number), os.O_CREAT | os.O_RDWR))
ring = libc.syscall(425, 8, ctypes.create_string_buffer(120))
assert ring >= 0, os.strerror(ctypes.get_errno())
assert not libc.syscall(427, ring, 2, (ctypes.c_int * len(files))(*files), len(files)), os.strerror(ctypes.get_errno())
open("/var/tmp/claims/ready", "w").close()
while not os.path.exists('/var/tmp/claimed-listens'):
    time.sleep(0.05)
own.listen()
own.close()
time.sleep(600)
"""

INVENTED = ("mount -t tmpfs none /opt && mkdir -p /opt/app/bin && cp $(readlink -f /usr/bin/python3) /opt/app/bin/server"
            " && exec /opt/app/bin/server \"$@\"")

# In a network namespace of its own.
APART = "import ctypes; assert not ctypes.CDLL(None).unshare(0x50000000); "


class ForgedOwners:
    """Test steps for a machine with a running service that scans each second."""

    def takes_an_endpoint_for_unknown_whose_second_socket_no_process_holds(self):
        end = self.listener("python3", SHARED)
        self.is_allowed("shared", 6130)
        attack = self.listener(AS_NOBODY + "python3", SHARED, "in-flight")
        note = self.is_rejected("shared", "owner-unknown")
        owners = [owner["user"] for one in self.listeners_on(6130) for owner in one["owners"]]
        assert owners == ["root"], owners
        self.m.sh(attack)
        until("the port is allowed again", 20, lambda: not self.alerts_of("shared"))
        self.m.sh(end)
        return note

    def names_the_user_of_a_program_without_code(self):
        end = self.listener(AS_NOBODY + "python3", WITHOUT_CODE)
        until("the program is its owner", 20, lambda: [
            owner for one in self.listeners_on(6131) for owner in one["owners"]
            if owner.get("executable") == "/var/tmp/without/code" and owner.get("user") == "nobody"])
        self.scanned(2)
        note = self.is_rejected("of-root", "wrong-owner")
        self.m.sh(end + "; rm -r /var/tmp/without")
        self.is_over("of-root")
        return note

    def takes_no_user_number_without_a_name_for_root(self):
        end = self.listener(AS_SUBORDINATE + "python3", LISTEN, "127.0.0.1", "6132")
        note = self.is_rejected("of-root", "wrong-owner")
        self.m.sh(end)
        self.is_over("of-root")
        return note

    def gives_a_socket_to_no_user_who_writes_its_number_into_a_path(self):
        ends = [self.listener("python3", CLAIMED), self.listener(AS_NOBODY + "python3", CLAIMS)]
        # All of the io_uring was read then: this listener is in the same one.
        until("the owner of the registered listener is known", 30, lambda: self.users_at("127.0.0.2") == ["nobody"])
        self.scanned(2)
        assert self.users_at("127.0.0.1") == ["root"], self.listeners_on(6133)
        alerts = [one["endpoint"]["address"] for one in self.alerts_of("of-root")]
        assert alerts == ["127.0.0.2"], alerts
        self.m.sh("; ".join(ends) + "; rm -r /var/tmp/claim*")
        self.is_over("of-root")

    def users_at(self, address):
        return [owner.get("user") for one in self.listeners_on(6133) if one["address"] == address
                for owner in one["owners"]]

    def rejects_an_invented_path_that_a_pattern_accepts(self):
        end = self.listener(AS_NOBODY + "unshare -Urm sh -c '%s' sh" % INVENTED, LISTEN, "127.0.0.1", "6134")
        note = self.is_rejected("invented", "owner-unknown")
        owner = self.owner_of(6134)
        assert owner["executable"] == "/opt/app/bin/server" and owner["elsewhere"], owner
        self.m.sh(end)
        return note

    def rejects_a_control_group_of_a_user_as_unit(self):
        self.delegated("ssh.service", LISTEN, "127.0.0.1", "6135")
        note = self.is_rejected("of-ssh", "wrong-owner")
        assert self.owner_of(6135)["unit"] == "delegated.service", self.owner_of(6135)
        self.m.sh("systemctl stop delegated")
        return note

    def keeps_the_name_of_a_namespace_from_a_user_who_takes_it(self):
        self.delegated("lxc.payload.shop", APART + LISTEN, "127.0.0.1", "6136")
        until("the namespace of the user is seen", 30, self.users_by_namespace)
        assert self.users_by_namespace() == {"delegated.service": ["nobody"]}, self.users_by_namespace()
        self.m.sh("ip netns add shop; ip -n shop link set lo up")
        end = self.listener("ip netns exec shop python3", LISTEN, "127.0.0.1", "6136")
        note = self.is_rejected("in-shop", "open")
        both = {"shop": ["root"], "delegated.service": ["nobody"]}
        # The alert may be one of an event, before a scan.
        until("each has its name", 30, lambda: self.users_by_namespace() == both)
        self.m.sh(end + "; systemctl stop delegated; ip netns del shop")
        return note

    def users_by_namespace(self):
        return {one["namespace"]: [owner["user"] for owner in one["owners"]] for one in self.listeners_on(6136)}

    def delegated(self, group, code, *words):
        """Listens as a user in a control group below one that systemd gave to that user."""
        self.m.write("/var/tmp/delegated.py", CONTAINER.replace("lxc.payload.web", group) + code)
        self.m.sh("systemd-run -q --unit=delegated -p User=nobody -p Delegate=yes python3 /var/tmp/delegated.py "
                  + " ".join(words))

    def is_rejected(self, rule, kind):
        found, took = until("the impostor is found", 30, lambda: self.alerts_of(rule))
        assert [one["kind"] for one in found] == [kind], found
        return "%.1f s" % took

    def is_over(self, rule):
        until("the alert has ended", 20, lambda: not self.alerts_of(rule))


STEPS = [name for name in vars(ForgedOwners) if name.startswith(
    ("takes_", "names_", "gives_", "rejects_", "keeps_"))]
