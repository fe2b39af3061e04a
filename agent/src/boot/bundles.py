"""Signed policy bundles in the installed service: from a file, by http and by https, and bundles that it refuses."""
import io
import json
import os
import re
import tarfile

from machine import UNIT, run, until
from services import CONFIG

FOLDER = "/srv/policies"
NAME = "policy-bundle.tar.gz"
KEY = "/etc/portcurfew/allowed_signers"
FILE = FOLDER + "/" + NAME
HTTP, HTTPS = "http://127.0.0.1:8611/" + NAME, "https://127.0.0.1:8612/" + NAME
SETTING = "policy: {bundle: '%s', allowed_signers: " + KEY + ", every: 10s%s}\n"
RULE = "version: 1\nrules: [{name: revision-%d, ports: %d, expect: closed}]\n"

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

    def verifies_the_copy_of_a_bundle_at_each_start(self):
        """The server is gone, so that only the copy is left."""
        self.m.sh("kill $(cat /srv/pid); systemctl restart " + UNIT)
        self.active()
        assert self.revision() == 4, "the copy was not taken"
        self.m.sh("rm /var/lib/portcurfew/bundle/*.sig; systemctl restart " + UNIT)
        self.active()
        found, _ = until("a copy without its signature is reported", 20, self.policy_alerts)
        assert "has no signature" in found[0]["message"] and self.revision() == 0, found
        self.m.write(CONFIG, self.before_bundles)
        self.m.sh("rm -r /srv/* /var/lib/portcurfew/bundle %s /etc/portcurfew/ca.crt; systemctl restart %s" % (KEY, UNIT))
        self.active()

    def publishes(self, revision, archive=None):
        """Signs a bundle and publishes it as an admin does: the signature first, each file by a rename."""
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


STEPS = [name for name in vars(Bundles) if name.startswith(("takes_", "refuses_", "verifies_"))]
