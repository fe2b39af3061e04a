"""Boots a throw-away copy of a minimal Debian with a real systemd."""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

CACHE = "/var/cache/portcurfew-boot"
SUITE = "bookworm"
# Python replaces curl. All dependencies of the package are included, so apt needs no network.
INCLUDE = "systemd,systemd-sysv,dbus,python3,iproute2,lsof,net-tools,nftables,libfaketime,libstdc++6,zlib1g,ca-certificates"
UNIT = "portcurfew.service"

started = time.monotonic()


def say(text):
    print("%6.1f s  %s" % (time.monotonic() - started, text), flush=True)


def run(*command, check=True, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if check and done.returncode:
        raise AssertionError("%s ended with %d:\n%s" % (" ".join(command), done.returncode, done.stdout))
    return done


def until(what, most, happened):
    """Polls a condition until it is true; returns its value and the seconds until then."""
    start = time.monotonic()
    while True:
        value = happened()
        took = time.monotonic() - start
        if value:
            return value, took
        if took > most:
            raise AssertionError("not within %s s: %s" % (most, what))
        time.sleep(0.2)


def bootstrapped():
    """Returns the folder of the cached Debian; bootstraps it if it is missing or its package list changed."""
    folder = "%s/%s-%s" % (CACHE, SUITE, format(hash_of(INCLUDE), "08x"))
    if not os.path.isdir(folder):
        os.makedirs(CACHE, exist_ok=True)
        new = tempfile.mkdtemp(dir=CACHE)
        os.chmod(new, 0o755)
        say("debootstrap of " + SUITE)
        run("debootstrap", "--variant=minbase", "--include=" + INCLUDE, SUITE, new)
        os.rename(new, folder)
    return folder


def hash_of(text):
    value = 0
    for byte in text.encode():
        value = (value * 31 + byte) & 0xFFFFFFFF
    return value


def is_init(pid):
    """True if it is process 1 of a container and runs systemd."""
    try:
        status = open("/proc/%s/status" % pid).read()
    except (FileNotFoundError, ProcessLookupError):
        return False
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    numbers = fields.get("NSpid", "").split()
    return fields.get("Name") == "systemd" and len(numbers) > 1 and numbers[-1] == "1"


class Machine:
    """A booted copy of the Debian; writes go to a temporary overlay."""

    def __init__(self, base):
        self.work = tempfile.mkdtemp(prefix="portcurfew-boot-")
        for part in ("upper", "work", "root"):
            os.mkdir(os.path.join(self.work, part))
        os.chmod(self.work, 0o755)
        self.root = os.path.join(self.work, "root")
        layers = "lowerdir=%s,upperdir=%s/upper,workdir=%s/work" % (base, self.work, self.work)
        run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        self.console = open(os.path.join(self.work, "console"), "wb")
        self.nspawn = None
        self.leader = None
        self.started = []

    def boot(self):
        command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network",
                   "--directory=" + self.root, "--machine=portcurfew-boot", "--console=pipe",
                   "--link-journal=no", "--capability=CAP_PERFMON,CAP_BPF,CAP_NET_ADMIN",
                   "--system-call-filter=perf_event_open bpf", "--boot"]
        # Without a writable /sys there is no place for tracefs, which describes the events.
        environment = dict(os.environ, SYSTEMD_NSPAWN_API_VFS_WRITABLE="network")
        self.nspawn = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=self.console,
                                       stderr=subprocess.STDOUT)
        self.leader, _ = until("it boots", 60, self._leader)
        until("systemd is up", 90, lambda: self.sh("systemctl is-system-running", check=False)
              .stdout.strip() in ("running", "degraded"))
        self.sh("mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing")

    def _leader(self):
        if self.nspawn.poll() is not None:
            raise AssertionError("systemd-nspawn ended: " + open(self.console.name).read()[-2000:])
        path = "/proc/%d/task/%d/children" % (self.nspawn.pid, self.nspawn.pid)
        # systemd-nspawn also has a child that lives until the container has its own process 1.
        return next((child for child in open(path).read().split() if is_init(child)), None)

    def command(self, script):
        return ["nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "-r", "-w", "env", "-i",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", "SYSTEMD_COLORS=0",
                "SYSTEMD_PAGER=", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", script]

    def sh(self, script, check=True):
        return run(*self.command(script), check=check)

    def out(self, script):
        return self.sh(script).stdout.strip()

    def start(self, script):
        process = subprocess.Popen(self.command(script), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.started.append(process)
        return process

    def show(self, name):
        return self.out("systemctl show -p %s --value %s" % (name, UNIT))

    def copy(self, file):
        shutil.copy(file, os.path.join(self.root, "root"))
        return "/root/" + os.path.basename(file)

    def copy_program(self, file):
        """Copies a program of this machine with the libraries that are missing there; returns their paths."""
        missing = [one for one in [file] + re.findall(r"=> (/\S+)", run("ldd", file).stdout) if not os.path.exists(self.root + one)]
        for one in missing:
            os.makedirs(os.path.dirname(self.root + one), exist_ok=True)
            shutil.copy(one, self.root + one)
        # /lib is a link to /usr/lib.
        return [os.path.realpath(self.root + one)[len(self.root):] for one in missing]

    def write(self, path, text):
        with open(self.root + path, "w") as file:
            file.write(text)

    def read(self, path):
        with open(self.root + path) as file:
            return file.read()

    def apt(self, verb, what):
        return self.sh("apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-confdef"
                       " -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io %s %s" % (verb, what)).stdout

    def close(self):
        if self.nspawn:
            if self.leader:
                # systemd halts immediately on this signal.
                os.kill(int(self.leader), signal.SIGRTMIN + 13)
            else:
                self.nspawn.terminate()
            try:
                self.nspawn.wait(20)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                self.nspawn.wait()
        # nsenter stops with a child that is stopped, and would keep the namespaces of the machine.
        for process in self.started:
            process.kill()
            process.wait()
        self.console.close()
        run("umount", self.root)
        shutil.rmtree(self.work)
