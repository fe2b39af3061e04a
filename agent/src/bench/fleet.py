#!/usr/bin/env python3
"""Measures a real Prometheus and two clustered Alertmanagers with 100, 1,000 and 10,000 simulated hosts.

    mvn -q -DskipTests package
    agent/src/bench/fleet.py [--hosts 100,1000,10000] [--minutes 3] [--interval 60] [--senders 1000] [--tls] [--rounds 3]

Needs prometheus, prometheus-alertmanager and curl. The hosts have the metrics of a real agent with the shipped policy
(simulated_hosts.py), are found by http_sd and scraped each INTERVAL seconds with the shipped rules and routes. After MINUTES
it prints what Prometheus says of itself, then opens port 611 on one host and waits for both Alertmanagers. With --senders it
sends alerts of that many hosts to both Alertmanagers at once. With --tls it compares an agent with TLS and a login, and one
with a policy bundle, with one without, all three as apt installs them: resident memory, and a scrape on a kept connection.
"""
import argparse
import base64
import concurrent.futures
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from footprint import installed

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "../../.."))
HOME = os.path.join(ROOT, "agent/target/portcurfew")
CONFIG = os.path.join(ROOT, "config")
# The password is "correct horse".
HASH = "$2y$10$81NXqrx5IfTMRgNRgleAvODYfVZGLirS71JZRZ.RGf2hQIICQ1JkK"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", default="100,1000,10000")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--interval", type=int, default=60)
    parser.add_argument("--senders", type=int, default=1000)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


def get(url, timeout=300):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read().decode()


def until(what, seconds, happened):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if happened():
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"within {seconds} s it did not happen that {what}")


class Processes:
    def __init__(self, work):
        self.work = work
        self.running = []

    def start(self, name, *command):
        log = open(os.path.join(self.work, name + ".log"), "w")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self.running.append(process)
        return process

    def stop(self):
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            process.wait()
        self.running.clear()


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o640)
    return path


def bundle(folder):
    """Signs the shipped policy as a bundle; gives the setting that names it."""
    archive, key = folder + "/policy-bundle.tar.gz", folder + "/key"
    subprocess.run([HOME + "/bin/portcurfew", "bundle", "build", "--policy", CONFIG + "/policy.yaml", "--revision", "1", "--out", archive], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "policy@portcurfew", "-f", key, archive], check=True, capture_output=True)
    with open(key + ".pub") as public:
        signers = write(folder, "allowed_signers", "ops " + public.read())
    return f"{{bundle: {archive}, allowed_signers: {signers}, every: 10s}}"


def agent(processes, name, web="", signed=False, home=HOME):
    """Starts an agent with the shipped policy; gives the process and the port of its web server."""
    folder = os.path.join(processes.work, name)
    os.makedirs(folder, mode=0o750)
    port = free_port()
    if web:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder + "/server.key", "-out", folder + "/server.crt"], check=True, capture_output=True)
        write(folder, "web-config.yml", web)
    more = f', config_file: {folder}/web-config.yml' if web else ""
    config = write(folder, "portcurfew.yaml", f'policy: {bundle(folder) if signed else CONFIG + "/policy.yaml"}\nstate: {folder}/state\nweb: {{listen: "127.0.0.1:{port}"{more}}}\n')
    process = processes.start(name, os.path.join(home, "bin/portcurfew"), "run", "--config", config)
    until("the agent has scanned", 60, lambda: "metrics are at" in open(os.path.join(processes.work, name + ".log")).read())
    time.sleep(25)
    return process, port, folder


def alertmanagers(processes):
    ports, cluster = [], [free_port(), free_port()]
    for at in range(2):
        port = free_port()
        processes.start(
            f"alertmanager-{at}", "prometheus-alertmanager", f"--config.file={CONFIG}/alertmanager/alertmanager.yml", f"--storage.path={processes.work}/am-{at}",
            f"--cluster.listen-address=127.0.0.1:{cluster[at]}", f"--cluster.peer=127.0.0.1:{cluster[1 - at]}", f"--web.listen-address=127.0.0.1:{port}")
        ports.append(port)
    for port in ports:
        until("an Alertmanager is ready", 60, lambda: get(f"http://127.0.0.1:{port}/-/ready"))
    return ports


def prometheus(processes, sd, ams, interval):
    targets = ", ".join(f'"127.0.0.1:{port}"' for port in ams)
    shutil.copy(os.path.join(CONFIG, "prometheus/portcurfew.rules.yaml"), processes.work)
    port = free_port()
    config = write(processes.work, "prometheus.yml", f"""
global: {{scrape_interval: {interval}s, evaluation_interval: {interval}s}}
rule_files: [portcurfew.rules.yaml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: [{targets}]}}]}}]}}
scrape_configs:
  - job_name: portcurfew
    http_sd_configs: [{{url: "http://127.0.0.1:{sd}/sd"}}]
  - job_name: prometheus
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
""")
    processes.start("prometheus", "prometheus", f"--config.file={config}", f"--storage.tsdb.path={processes.work}/tsdb", f"--web.listen-address=127.0.0.1:{port}")
    until("Prometheus is ready", 60, lambda: get(f"http://127.0.0.1:{port}/-/ready"))
    return f"http://127.0.0.1:{port}"


def query(base, expression):
    result = json.loads(get(base + "/api/v1/query?query=" + urllib.parse.quote(expression)))["data"]["result"]
    return float(result[0]["value"][1]) if result else float("nan")


def firing(port, host):
    alerts = json.loads(get(f'http://127.0.0.1:{port}/api/v2/alerts?filter=host%3D"{host}"'))
    return any(alert["labels"]["alertname"] == "PortcurfewRuleBroken" for alert in alerts)


def measure(hosts, arguments, sample):
    work = tempfile.mkdtemp(prefix="portcurfew-fleet-")
    processes = Processes(work)
    try:
        sd = free_port()
        processes.start("hosts", sys.executable, os.path.join(HERE, "simulated_hosts.py"), sample, str(hosts), str(sd))
        until("the hosts answer", 30, lambda: get(f"http://127.0.0.1:{sd}/h/1/metrics"))
        ams = alertmanagers(processes)
        base = prometheus(processes, sd, ams, arguments.interval)
        time.sleep(60 * arguments.minutes)
        series = query(base, 'prometheus_tsdb_head_series{job="prometheus"}') - query(base, 'scrape_samples_scraped{job="prometheus"}')
        print(f"{hosts:6d} hosts: {series / hosts:.0f} series a host with rules, {query(base, 'avg(scrape_samples_scraped{job=' + chr(34) + 'portcurfew' + chr(34) + '})'):.0f} samples a scrape, "
              f"{query(base, 'rate(prometheus_tsdb_head_samples_appended_total[2m])'):.0f} samples a second, "
              f"Prometheus {query(base, 'process_resident_memory_bytes{job=' + chr(34) + 'prometheus' + chr(34) + '}') / 2**20:.0f} MiB and "
              f"{query(base, 'rate(process_cpu_seconds_total{job=' + chr(34) + 'prometheus' + chr(34) + '}[2m])'):.2f} cores, "
              f"rules {query(base, 'sum(prometheus_rule_group_last_duration_seconds)'):.3f} s, "
              f"{query(base, 'sum(up{job=' + chr(34) + 'portcurfew' + chr(34) + '})'):.0f} up", flush=True)
        if query(base, 'sum(up{job="portcurfew"})') < 0.9 * hosts:
            print(f"{hosts:6d} hosts: this machine does not carry them: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        chosen = hosts // 2 + 3
        begin = time.monotonic()
        get(f"http://127.0.0.1:{sd}/open/{chosen}")
        for port in ams:
            until("the finding is in Alertmanager", 4 * arguments.interval + 60, lambda: firing(port, f"host-{chosen}"))
        print(f"{hosts:6d} hosts: {time.monotonic() - begin:.1f} s from a finding to both Alertmanagers", flush=True)
    finally:
        processes.stop()
        shutil.rmtree(work, ignore_errors=True)


def alert(host):
    return json.dumps([{"labels": {"alertname": "PortcurfewOpen", "rule": "npmp-gui", "severity": "critical", "host": f"host-{host}", "protocol": "tcp",
                                   "port": "611", "address": "0.0.0.0", "namespace": "host"}, "annotations": {"summary": "x" * 500}}]).encode()


def post(port, host):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/api/v2/alerts", alert(host), {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def senders(count):
    work = tempfile.mkdtemp(prefix="portcurfew-fleet-")
    processes = Processes(work)
    try:
        ams = alertmanagers(processes)
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(256) as pool:
            answers = list(pool.map(lambda one: post(*one), [(port, host) for host in range(count) for port in ams]))
        sent = time.monotonic() - begin
        held = [len(json.loads(get(f"http://127.0.0.1:{port}/api/v2/alerts"))) for port in ams]
        memory = [int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(process.pid)])) / 1024 for process in processes.running]
        print(f"{count} hosts send at once: {answers.count(200)} of {len(answers)} accepted in {sent:.1f} s, held {held}, Alertmanagers {memory[0]:.0f} and {memory[1]:.0f} MiB", flush=True)
    finally:
        processes.stop()
        shutil.rmtree(work, ignore_errors=True)


def scrape_times(connection, headers, count=300):
    # The server closes a connection that was idle while the other one was measured.
    connection.close()
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        connection.request("GET", "/metrics", headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            sys.exit(f"a scrape got status {answer.status}")
        answer.read()
        times.append(time.perf_counter() - begin)
    return times


def memory(process):
    """Resident memory of a process in MiB: a host has one agent, which shares its class archive with nobody."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024


def tls_round(home, work):
    """Returns the memory of an agent without more, with TLS and a login, and with a bundle, and the median times of a scrape of the first two."""
    processes = Processes(work)
    try:
        plain, plain_port, _ = agent(processes, "plain", home=home)
        web = f"tls_server_config: {{cert_file: server.crt, key_file: server.key}}\nbasic_auth_users: {{prometheus: {HASH}}}\n"
        secure, secure_port, folder = agent(processes, "secure", web, home=home)
        login = {"Authorization": "Basic " + base64.b64encode(b"prometheus:correct horse").decode()}
        bundled, bundled_port, _ = agent(processes, "bundled", signed=True, home=home)
        trust = ssl.create_default_context(cafile=folder + "/server.crt")
        first = http.client.HTTPConnection("127.0.0.1", plain_port)
        third = http.client.HTTPConnection("127.0.0.1", bundled_port)
        second = http.client.HTTPSConnection("127.0.0.1", secure_port, context=trust)
        for _ in range(2):
            scrape_times(first, {}), scrape_times(second, login), scrape_times(third, {})
        times = [statistics.median(scrape_times(first, {})), statistics.median(scrape_times(second, login))]
        # Once a minute Java gives memory back.
        time.sleep(75)
        return memory(plain), memory(secure), memory(bundled), *times
    finally:
        processes.stop()


def tls(rounds):
    work = tempfile.mkdtemp(prefix="portcurfew-fleet-")
    try:
        home, _ = installed(os.path.join(work, "package"))
        seen = [tls_round(home, os.path.join(work, str(number))) for number in range(rounds)]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    plain, secure, bundled, without, over_tls = (statistics.median(column) for column in zip(*seen))
    print(f"scrape on a kept connection: {1000 * without:.2f} ms, with TLS and a login {1000 * over_tls:.2f} ms, ratio {over_tls / without:.2f}")
    print(f"agent: {plain:.1f} MiB, with TLS and a login {secure:.1f} MiB, more {more(seen, 1)}; with a bundle {bundled:.1f} MiB, more {more(seen, 2)}", flush=True)


def more(seen, column):
    """The median and the range of the differences within the rounds."""
    values = [one[column] - one[0] for one in seen]
    return f"{statistics.median(values):.1f} MiB ({min(values):.1f} to {max(values):.1f})"


def main():
    chosen = arguments()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    if chosen.tls:
        tls(chosen.rounds)
    if chosen.senders:
        senders(chosen.senders)
    work = tempfile.mkdtemp(prefix="portcurfew-fleet-")
    processes = Processes(work)
    try:
        _, port, _ = agent(processes, "sample")
        text = get(f"http://127.0.0.1:{port}/metrics")
        print(f"a real agent with the shipped policy: {sum(line.startswith('portcurfew') for line in text.splitlines())} series, {len(text)} bytes", flush=True)
        sample = write(work, "sample.prom", text)
        processes.stop()
        for hosts in (int(number) for number in chosen.hosts.split(",") if number):
            measure(hosts, chosen, sample)
    finally:
        processes.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
