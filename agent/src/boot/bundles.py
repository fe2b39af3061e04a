"""Signed policy bundles in the installed service: from a file, by http, by https and by curl, and bundles that it refuses."""
import io
import json
import os
import re
import tarfile

from machine import UNIT, run, until
from services import CONFIG

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = "/srv/policies"
NAME = "policy-bundle.tar.gz"
KEY = "/etc/portcurfew/allowed_signers"
FILE = FOLDER + "/" + NAME
FETCHED = "/var/lib/portcurfew-bundle/" + NAME
ENVIRONMENT = "/etc/portcurfew/bundle.env"
UNITS = "/etc/systemd/system/portcurfew-bundle."
HTTP, HTTPS = "http://127.0.0.1:8611/" + NAME, "https://127.0.0.1:8612/" + NAME
SETTING = "policy: {bundle: '%s', allowed_signers: " + KEY + ", every: 10s%s}\n"
RULE = "version: 1\nrules: [{name: revision-%d, ports: %d, expect: closed}]\n"

# What somebody who controls the fetching program might try.
ATTACKS = ["ln -s /etc/hostname planted", "mkfifo planted", "ln policy-bundle.tar.gz planted", "mount -t tmpfs tmpfs .", "touch /etc/planted",
           "touch /var/lib/portcurfew/planted", "cat /etc/portcurfew/secrets/here", "cat /proc/1/environ", "unshare --user true"]

CERTIFICATE = """cd /srv
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Our authority' -keyout ca.key -out ca.crt
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=policies -addext subjectAltName=IP:127.0.0.1 \
  -addext basicConstraints=critical,CA:false -CA ca.crt -CAkey ca.key -keyout server.key -out server.crt
cp ca.crt /etc/portcurfew/
"""

# A file with the name `endless` makes each download endless.
SERVER = """
import http.server, os, ssl, threading
class Served(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if not os.path.exists('endless'):
            return super().do_GET()
        self.send_response(200); self.end_headers()
        while True:
            self.wfile.write(bytes(65536))
    def log_message(self, *what): pass
def serve(port, secure):
    server = http.server.ThreadingHTTPServer(('127.0.0.1', port), Served)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('/srv/server.crt', '/srv/server.key')
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()
threading.Thread(target=serve, args=(8611, False)).start()
serve(8612, True)
"""


class Bundles:
    """Test steps for a machine with a running service that scans each second."""

    def takes_bundles_from_a_file_and_from_servers(self):
        self.before_bundles = self.m.read(CONFIG)
        os.makedirs(self.m.root + FOLDER)
        self.key = os.path.join(self.m.work, "key")
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key)
        with open(self.key + ".pub") as public:
            self.m.write(KEY, "ops@example.org " + public.read())
        self.m.sh(CERTIFICATE)
        self.m.write("/srv/server.py", SERVER)
        self.bundle_server = self.m.start("cd %s; echo $$ > /srv/pid; exec python3 /srv/server.py" % FOLDER)
        self.publishes(1)
        for revision, place, more in ((2, FILE, ""), (3, HTTP, ""), (4, HTTPS, ", ca_file: /etc/portcurfew/ca.crt")):
            setting = SETTING % (place, more)
            self.m.write(CONFIG, self.before_bundles.replace("policy: policy.yaml\n", setting, 1))
            self.m.sh("systemctl reload " + UNIT)
            until("the bundle before it is active", 15, lambda: self.revision() == revision - 1)
            scans, skipped = self.scans(), self.skipped()
            self.publishes(revision)
            if place != HTTPS:
                self.m.sh("systemctl reload " + UNIT)
            # Its interval and 5 s.
            _, took = until("revision %d is active" % revision, 15, lambda: self.revision() == revision)
            until("scans go on", 5, lambda: self.scans() > scans)
            assert self.skipped() == skipped, "scans were lost"
        return "by https after %.1f s" % took

    def refuses_bundles_that_are_not_as_signed(self):
        archive = self.m.root + FILE
        with open(archive, "rb") as file:
            good = file.read()
        notes = []
        for cheat, message in ((lambda: os.remove(archive + ".sig"), "has no signature"),
                               (lambda: self.publishes(3), "older than revision 4"),
                               (self.publishes_a_link, "has a symbolic link"),
                               (lambda: self.m.sh("touch %s/endless" % FOLDER), "download is larger than")):
            cheat()
            self.m.sh("systemctl reload " + UNIT)
            found, took = until("a bundle that %s is reported" % message, 20,
                                lambda: [one["message"] for one in self.policy_alerts() if message in one["message"]])
            assert "revision 4 stays active" in found[0], found
            assert self.revision() == 4, "another revision is in force"
            notes.append("%s: %.1f s" % (message, took))
        self.m.sh("rm %s/endless" % FOLDER)
        self.publishes(4, good)
        self.m.sh("systemctl reload " + UNIT)
        until("the alert has ended", 20, lambda: not self.policy_alerts())
        return "; ".join(notes)

    def fetches_bundles_by_a_service_of_its_own(self):
        """As fleet.md shows it, with the timer each 5 s."""
        with open(os.path.join(HERE, "../../docs/fleet.md")) as page:
            shown = page.read().split("<!-- shown: agent/src/boot/bundles.py", 1)[1].split("```", 2)[1]
        first, *more = re.findall(r"(?m)^\$ (.*)$", shown)
        self.m.sh(re.sub(r"https://\S+policy-bundle.tar.gz", HTTPS, first) + "; echo CURL_CA_BUNDLE=/etc/portcurfew/ca.crt >>" + ENVIRONMENT)
        assert self.m.sh(more[0], check=False).returncode
        until("the missing curl is named", 5, lambda: "curl is not installed" in self.fetch_log())
        self.files.update(self.m.copy_program("/usr/bin/curl"))
        for kind, text in (("timer", "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/5\nRandomizedDelaySec=0\n"),
                           ("service", "[Unit]\nStartLimitIntervalSec=0\n")):
            self.m.sh("mkdir %s%s.d" % (UNITS, kind))
            self.m.write("%s%s.d/often.conf" % (UNITS, kind), text)
        self.m.sh("systemctl daemon-reload")
        for command in more:
            self.m.sh(command)
        self.m.write(CONFIG, self.before_bundles.replace("policy: policy.yaml\n", SETTING % (FETCHED, ""), 1))
        self.m.sh("systemctl reload " + UNIT)
        assert self.m.out("stat -c %%u:%%a /var/lib/private /var/lib/portcurfew-bundle/. %s" % FETCHED).startswith("0:700\n6")
        self.publishes(5)
        _, took = until("revision 5 is active", 30, lambda: self.revision() == 5)
        self.m.sh("touch %s/endless" % FOLDER)
        until("the endless answer is refused", 15, lambda: "is larger than 4096 KiB" in self.fetch_log())
        found, lost = until("files that are not fetched are reported", 90, self.policy_alerts)
        assert FETCHED + ": does not exist" in found[0]["message"] and self.revision() == 5, found
        self.m.sh("rm %s/endless" % FOLDER)
        self.publishes(6)
        until("revision 6 is active without an alert", 30, lambda: self.revision() == 6 and not self.policy_alerts())
        self.m.sh("systemctl stop portcurfew-bundle.timer")
        self.refuses_attacks_of_the_fetching_program()
        self.m.write(CONFIG, self.before_bundles.replace("policy: policy.yaml\n", SETTING % (HTTPS, ", ca_file: /etc/portcurfew/ca.crt"), 1))
        # The enabled timer and the folder stay for the purge of the package.
        self.m.sh("rm -r %s*.d; systemctl daemon-reload; systemctl reload %s" % (UNITS, UNIT))
        return "in force after %.1f s, its loss reported after %.1f s" % (took, lost)

    def refuses_attacks_of_the_fetching_program(self):
        # One command that succeeds ends the service without a failure.
        self.m.write(UNITS + "service.d/attack.conf", "[Service]\nExecStart=\nExecStart=/bin/sh -xc '%s'\n" % " || ".join(ATTACKS))
        self.m.sh("systemctl daemon-reload")
        until("no other fetch runs", 150, lambda: self.m.sh("systemctl is-active portcurfew-bundle", check=False).stdout.strip()
              in ("inactive", "failed"))
        tried = self.m.sh("systemctl start portcurfew-bundle", check=False)
        assert tried.returncode and ATTACKS[-1] in self.fetch_log(), self.fetch_log()[-3000:]
        assert not self.m.sh("ls /var/lib/portcurfew-bundle/planted", check=False).stdout.startswith("/var"), "planted"

    def fetch_log(self):
        return self.m.out("journalctl -q -u portcurfew-bundle --no-pager -o cat")

    def verifies_the_copy_of_a_bundle_at_each_start(self):
        """The server is gone, so that only the copy is left."""
        self.m.sh("kill $(cat /srv/pid); systemctl restart " + UNIT)
        self.active()
        assert self.revision() == self.newest, "the copy was not taken"
        self.m.sh("rm /var/lib/portcurfew/bundle/*.sig; systemctl restart " + UNIT)
        self.active()
        found, _ = until("a copy without its signature is reported", 20, self.policy_alerts)
        assert "has no signature" in found[0]["message"] and self.revision() == 0, found
        self.m.write(CONFIG, self.before_bundles)
        self.m.sh("rm -r /srv/* /var/lib/portcurfew/bundle %s /etc/portcurfew/ca.crt; systemctl restart %s" % (KEY, UNIT))
        self.active()

    def publishes(self, revision, archive=None):
        """Signs a bundle and publishes it as an admin does: the signature first, each file by a rename."""
        self.newest = revision
        new = os.path.join(self.m.work, "new")
        if archive is None:
            self.m.write("/srv/policy.yaml", RULE % (revision, 7000 + revision))
            self.m.sh("cd /srv; rm -f built; portcurfew bundle build --policy policy.yaml --revision %d --out built" % revision)
            with open(self.m.root + "/srv/built", "rb") as file:
                archive = file.read()
        for name in (new, new + ".sig"):
            if os.path.exists(name):
                os.remove(name)
        with open(new, "wb") as file:
            file.write(archive)
        run("ssh-keygen", "-q", "-Y", "sign", "-n", "policy@portcurfew", "-f", self.key, new)
        for end in (".sig", ""):
            os.chmod(new + end, 0o644)
            os.replace(self.m.root + self.m.copy(new + end), self.m.root + FILE + end)

    def publishes_a_link(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
            link = tarfile.TarInfo("policy.yaml")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/portcurfew/policy.yaml"
            archive.addfile(link)
        self.publishes(5, out.getvalue())

    def policy_alerts(self):
        alerts = json.loads(self.get("/api/v1/alerts"))["alerts"]
        return [one for one in alerts if one["kind"] == "policy-not-loaded" and one["state"] == "firing"]

    def revision(self):
        return self.number("portcurfew_bundle_revision")

    def skipped(self):
        return self.number("portcurfew_scans_skipped_total")

    def number(self, metric):
        found = re.search(r"(?m)^%s (\S+)$" % metric, self.get("/metrics"))
        return float(found.group(1)) if found else 0


STEPS = [name for name in vars(Bundles) if name.startswith(("takes_", "refuses_bundles", "fetches_", "verifies_"))]
