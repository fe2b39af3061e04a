"""A filter of the unit refuses each system call of a look alone: what is not seen then is a gap, and no owner is false."""
import json

from machine import until
from owners import PORT
from service_view import ALLOWED, AND_LEFT, AS_NOBODY, LEAVE, LISTEN

# The first of them is refused in every unit with RestrictSUIDSGID=.
CALLS = ("openat2 readlinkat statx ioctl recvfrom sendto setns poll connect getsockopt name_to_handle_at getxattr"
         " pidfd_open pidfd_getfd perf_event_open bpf fsopen").split()
# What a sandbox, an old kernel or an exhausted one answers; each call gets two of them.
ERRORS = ("ENOSYS", "EPERM", "EAGAIN", "EACCES")
# With the others Java does not start, nor does it without openat, read, getdents64, socket, bind, setsockopt or eventfd2.
OF_STATX = ("ENOSYS", "EPERM")

# Ready once it runs: READY= is a sendto(2) too.
DROP_IN = "[Service]\nSystemCallFilter=~%s\nType=exec\n"

NAMED, CLOSED = "refused", "closed"
PLACES = (("host", 611), (NAMED, 611), (CLOSED, 611), ("host", int(PORT)))


class Refusals:
    """Test steps for a machine with a running service that scans each second."""

    def reports_611_or_says_why_without_each_system_call(self):
        before = self.trust("executable: " + ALLOWED)
        for name in (NAMED, CLOSED):
            self.m.sh("ip netns add %s; ip -n %s link set lo up" % (name, name))
        self.m.sh("cp $(readlink -f /usr/bin/python3) %s; cp %s /tmp/evil; chown nobody /tmp/evil" % (ALLOWED, ALLOWED))
        mount = 'mount --bind /tmp/evil %s && exec %s "$@"' % (ALLOWED, ALLOWED)
        ends = [self.listener("python3", LISTEN, "0.0.0.0", "611"),
                self.listener("ip netns exec %s python3" % NAMED, LISTEN, "0.0.0.0", "611"),
                self.listener("python3", LEAVE + AND_LEFT, "0.0.0.0", "611", CLOSED),
                self.listener(AS_NOBODY + "unshare -Urm sh -c '%s' sh" % mount, LISTEN, "0.0.0.0", PORT)]
        pids = [int(self.m.out(end.replace("kill", "echo"))) for end in ends]
        runs = [(call, error) for number, call in enumerate(CALLS)
                for error in (OF_STATX if call == "statx" else ERRORS[number % 2::2])]
        seen = [self.seen_without(call, error, dict(zip(PLACES, pids))) for call, error in runs]
        self.without_drop_ins()
        self.m.sh("%s; ip netns del %s; ip netns del %s; rm %s" % ("; ".join(ends), NAMED, CLOSED, ALLOWED))
        self.distrust(before)
        return "%d refusals: %d of %d places seen, %d with the owner, the rest gaps" % (
            len(runs), sum(one > 0 for each in seen for one in each), len(runs) * len(PLACES),
            sum(one > 1 for each in seen for one in each))

    def seen_without(self, call, error, pids):
        """Returns for each place 0 if it is a gap, 1 if the listener is reported, 2 if it is with its owner."""
        # The error of the unit itself is EPERM, and systemd takes it only without its name.
        self.with_drop_ins(refused=DROP_IN % (call if error == "EPERM" else call + ":" + error))
        what = "without %s (%s) " % (call, error)
        until(what + "it scans", 20, self.has_scanned)
        state = json.loads(self.get("/api/v1/listeners"))
        compliant = [line for line in self.get("/metrics").splitlines()
                     if line.startswith("portcurfew_rule_compliant{") and "npmp-gui" in line and line.endswith(" 1.0")]
        assert not compliant, what + "the host complies: %s" % compliant
        seen = []
        for (namespace, port), pid in pids.items():
            found = [one for one in state["listeners"] if (one["namespace"], one["port"]) == (namespace, port)]
            place = what + "%d in %s " % (port, namespace)
            assert found or self.covered(state["gaps"], namespace), place + "is missing: %s" % state["gaps"]
            # Without sock_diag the page does not know that root asks, and shows no owner.
            owners = {owner["pid"] for one in found for owner in one["owners"]}
            assert owners <= {pid}, place + "has a false owner: %s" % found
            assert not found or all(one["verdict"] == "finding" for one in found), place + "is no finding: %s" % found
            seen.append(2 if owners else 1 if found else 0)
        return seen

    def has_scanned(self):
        return self.m.sh(self.page("/metrics") + "| grep -q '^portcurfew_scans_total.* [1-9]'", check=False).returncode == 0

    def covered(self, gaps, namespace):
        """True if a gap covers the namespace; one of namespaces without a name does not cover the host."""
        return any(gap.get("namespace", namespace) == namespace
                   and ("namespace" in gap or gap["what"] != "namespace" or namespace != "host")
                   for gap in gaps if gap["what"] in ("listeners", "row", "namespace"))


STEPS = ["reports_611_or_says_why_without_each_system_call"]
