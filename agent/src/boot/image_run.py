#!/usr/bin/env python3
"""Builds the image of the DaemonSet and runs it by crun with the rights of the DaemonSet: it has to see the host.

    agent/src/boot/image_run.py

Needs root, crun, and the packages of `mvn package` in agent/target. The base of the image is the cached Debian of boot.py.
It runs in network, process and mount namespaces of its own, which are the host of the container. crun refuses a hybrid
hierarchy of control groups, so /sys/fs/cgroup is an empty one there.
"""
import glob
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import urllib.request

from machine import bootstrapped, run, say, until

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.normpath(os.path.join(HERE, "../../target"))
KUBERNETES = os.path.normpath(os.path.join(HERE, "../../../config/kubernetes"))
ALONE = "PORTCURFEW_IMAGE_ALONE"
WEB = "http://127.0.0.1:10611"
RULE = 'portcurfew_rule_compliant{expect="closed",rule="npmp-gui",severity="critical"} '


def get(path):
    try:
        with urllib.request.urlopen(WEB + path, timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def blob(image, digest):
    return os.path.join(image, "blobs", *digest.split(":"))


def unpack(image, root):
    """Unpacks the layers; returns the entry point."""
    index = json.load(open(os.path.join(image, "index.json")))
    manifest = json.load(open(blob(image, index["manifests"][0]["digest"])))
    for layer in manifest["layers"]:
        with tarfile.open(blob(image, layer["digest"])) as tar:
            tar.extractall(root)
    for folder in ("dev", "proc", "sys", "tmp", "etc/portcurfew", "var/lib/portcurfew"):
        os.makedirs(os.path.join(root, folder), exist_ok=True)
    return json.load(open(blob(image, manifest["config"]["digest"])))["config"]["Entrypoint"]


def words(text, key):
    """The words of a list on one line of the DaemonSet."""
    return [word.strip() for word in re.search(r"\b%s: \[([^\]]*)\]" % key, text).group(1).split(",")]


def bundle(work, entry):
    """Writes the config of crun: the namespaces, rights and volumes of the DaemonSet."""
    daemonset = open(os.path.join(KUBERNETES, "daemonset.yaml")).read()
    rights = ["CAP_" + word for word in words(daemonset, "add")]
    files = re.search(r"(?m)^data:\n((?:  .*\n)+)", daemonset).group(1)
    for name, text in re.findall(r"  (\S+): \|\n((?:    .*\n)+)", files):
        with open(os.path.join(work, "config", name), "w") as file:
            file.write(re.sub(r"(?m)^    ", "", text))
    mounts = [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/sys", "type": "none", "source": "/sys", "options": ["rbind", "ro"]},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
        {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "size=32m"]},
        {"destination": "/var/lib/portcurfew", "type": "none", "source": work + "/state", "options": ["bind"]}]
    mounted = re.findall(r"\{name: config, mountPath: (\S+), subPath: (\S+), readOnly: true\}", daemonset)
    assert sorted(name for _, name in mounted) == sorted(os.listdir(work + "/config")), mounted
    # As the kubelet makes the folder of a ConfigMap.
    os.chmod(work + "/config", 0o777)
    mounts += [{"destination": place, "type": "none", "source": work + "/config/" + name, "options": ["bind", "ro"]} for place, name in mounted]
    config = {
        "ociVersion": "1.0.2",
        "root": {"path": work + "/root", "readonly": True},
        "process": {
            "args": entry + words(daemonset, "args"), "cwd": "/", "user": {"uid": 0, "gid": 0},
            "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], "noNewPrivileges": True,
            "capabilities": {kind: rights for kind in ("bounding", "effective", "permitted")}},
        "mounts": mounts,
        "linux": {"namespaces": [{"type": "mount"}]}}
    with open(work + "/config.json", "w") as file:
        json.dump(config, file)


def sees_the_host(log):
    until("the probe of the pod succeeds", 60, lambda: get("/-/ready"))
    until("611 is closed", 30, lambda: RULE + "1.0" in get("/metrics"))
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("0.0.0.0", 611))
        server.listen()
        _, took = until("611 is open", 30, lambda: RULE + "0.0" in get("/metrics"))
        listener = next(one for one in json.loads(get("/api/v1/listeners"))["listeners"] if one["port"] == 611)
        owner = listener["owners"][0]
        assert owner["pid"] == os.getpid() and owner["executable"] == os.path.realpath("/proc/self/exe"), owner
    until("611 is closed again", 60, lambda: RULE + "1.0" in get("/metrics"))
    say("ok      the agent of the image sees 611 on the host with its owner after %.1f s" % took)


def alone():
    run("mount", "--make-rprivate", "/")
    subprocess.run(["umount", "-R", "-l", "/sys/fs/cgroup"], check=False)
    run("mount", "-t", "cgroup2", "none", "/sys/fs/cgroup")
    run("ip", "link", "set", "lo", "up")
    work = tempfile.mkdtemp(prefix="portcurfew-image-")
    container = None
    try:
        for folder in ("root", "config", "state"):
            os.mkdir(os.path.join(work, folder))
        deb = glob.glob(TARGET + "/portcurfew_*_amd64.deb")[0]
        run(sys.executable, os.path.join(KUBERNETES, "build-image.py"), deb, work + "/image", bootstrapped())
        say("ok      the image is built")
        bundle(work, unpack(work + "/image", work + "/root"))
        with open(work + "/log", "w") as log:
            container = subprocess.Popen(["crun", "--root=" + work + "/crun", "--cgroup-manager=disabled", "run", "--bundle=" + work, "agent"],
                                         stdout=log, stderr=subprocess.STDOUT)
        try:
            sees_the_host(work + "/log")
        except AssertionError:
            say(open(work + "/log").read())
            raise
    finally:
        if container:
            container.terminate()
            container.wait()
        shutil.rmtree(work)


if __name__ == "__main__":
    if os.environ.get(ALONE):
        alone()
    else:
        sys.exit(subprocess.call(["unshare", "--net", "--pid", "--mount", "--fork", "--mount-proc", sys.executable, os.path.abspath(__file__)],
                                 env=dict(os.environ, **{ALONE: "1"})))
