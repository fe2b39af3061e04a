"""Runs Portcurfew of a distribution and reads its answers."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.request

CONFIG = """
policy: policy.yaml
state: {folder}/state
scan: {{every: 1s}}
cross_check: {{every: 24h}}
web: {{listen: "127.0.0.1:10611"}}
"""
POLICY = "version: 1\ndefault: deny\nrules: []\n"
CAPABILITIES = "+sys_ptrace,+dac_read_search"
AS_SERVICE = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all," + CAPABILITIES,
              "--inh-caps=-all," + CAPABILITIES, "--ambient-caps=-all," + CAPABILITIES]


def endpoint(one):
    """The endpoint of a listener or an alert, with its owners; one alert may count several brief listeners."""
    return {**(one.get("endpoint") or {}), "owners": one.get("owners") or [],
            "count": one.get("brief", {}).get("count", 1)}


class Agent:
    """The distribution with a config and a policy that allows nothing."""

    def __init__(self, distribution):
        self.program = os.path.join(distribution, "bin/portcurfew")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gauntlet-"))
        self.folder.chmod(0o755)
        self.config = self.folder / "portcurfew.yaml"
        self.config.write_text(CONFIG.format(folder=self.folder))
        (self.folder / "policy.yaml").write_text(POLICY)
        self.daemon = None

    def start(self):
        log = open(self.folder / "log", "w")
        self.daemon = subprocess.Popen([self.program, "run", "--config", self.config], stdout=log, stderr=log)
        for _ in range(300):
            if "watches" in (self.folder / "log").read_text():
                return
            time.sleep(0.1)
        raise SystemExit("the daemon did not start:\n" + (self.folder / "log").read_text())

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(20)

    def scan(self, as_service=False):
        """Scans; again if the machine was too busy for the time limit of a source."""
        command = [*(AS_SERVICE if as_service else []), self.program, "scan", "--output", "json"]
        for _ in range(8):
            report = self.answer([*command, "--config", self.config])
            if report["sources"][0]["up"]:
                return report
        raise SystemExit(f"no scan was in time: {report['gaps']}")

    def history(self):
        """The listeners that the daemon has recorded or raised an alert for."""
        history = self.answer([self.program, "history", "--output", "json", "--config", self.config])
        alerts = [entry["alert"] for entry in history["notifications"] if entry.get("alert")]
        return [endpoint(one) for one in history["listeners"] + alerts]

    @staticmethod
    def answer(command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise SystemExit(f"{command} printed no JSON (status {done.returncode}):\n{done.stderr}") from None


def ended_alerts():
    """The listeners in the history of the installed service. Only it may read the secrets of its config."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "portcurfew.yaml")
        config.write_text("policy: /etc/portcurfew/policy.yaml\nstate: /var/lib/portcurfew\n")
        history = Agent.answer(["portcurfew", "history", "--output", "json", "--config", str(config)])
    return [endpoint(one) for one in history["listeners"]]


class Service:
    """The installed service, as its web server answers."""

    @staticmethod
    def text(path):
        with urllib.request.urlopen("http://127.0.0.1:10611/" + path, timeout=30) as answer:
            return answer.read().decode()

    @classmethod
    def get(cls, path):
        return json.loads(cls.text("api/v1/" + path))

    @classmethod
    def scans(cls):
        return sum(map(float, re.findall(r"(?m)^portcurfew_scans_total\{.*\} (\S+)$", cls.text("metrics"))))

    @classmethod
    def wait_for_scans(cls, count):
        before, end = cls.scans(), time.monotonic() + 90
        while cls.scans() < before + count and time.monotonic() < end:
            time.sleep(0.5)
        time.sleep(2.5)  # an answer is kept for two seconds

    @classmethod
    def scan(cls):
        """The report in which the search for owners has ended, if that is soon: a busy machine takes more scans."""
        for _ in range(15):
            report = cls.get("listeners")
            if not any("has not ended yet" in gap["why"] for gap in report["gaps"]):
                break
            cls.wait_for_scans(2)
        return report

    @classmethod
    def alerts(cls):
        """The endpoints of its alerts; those of brief listeners have a count."""
        return [endpoint(one) for one in cls.get("alerts")["alerts"]]
