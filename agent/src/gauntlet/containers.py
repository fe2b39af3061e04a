"""Processes in control groups of containers, with the files that the engines keep of them.

Only podman and LXC run; the other files have the form that their engines write. A process that listens in such a container has to be
reported with the name of the container.
"""
import contextlib
import glob
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import kernel
import probes

FOLDERS = ["/var/lib/docker", "/var/lib/containers", "/run/containers", "/run/containerd", "/var/lib/cni"]
MARK = "0" * 52
STARTED = "gauntlet-"


def identifier(port):
    return f"{port:064x}"


def groups():
    """The hierarchy in which systemd keeps its units."""
    named = pathlib.Path("/sys/fs/cgroup/systemd")
    return named if named.exists() else pathlib.Path("/sys/fs/cgroup")


def remove_groups():
    """Ends the processes in the control groups of the containers, and removes the groups."""
    forms = ("docker", "system.slice", "machine.slice", "kubepods.slice", ".")
    found = [folder for form in forms for folder in glob.glob(f"{groups()}/{form}/**/*{MARK}*/", recursive=True)]
    inner = [below for folder in found for below in glob.glob(f"{folder}**/", recursive=True)]
    for folder in sorted({*found, *inner}, key=len, reverse=True):
        pids = map(int, (pathlib.Path(folder) / "cgroup.procs").read_text().split())
        for pid in filter(None, pids):  # 0 is a process of another pid namespace.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    for folder in sorted({*found, *inner}, key=len, reverse=True):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    for pod in glob.glob(f"{groups()}/kubepods.slice/kubepods-pod*.slice"):
        with contextlib.suppress(OSError):
            os.rmdir(pod)
    for form in ("docker", "machine.slice", "kubepods.slice", "system.slice", "libpod_parent"):
        with contextlib.suppress(OSError):
            os.rmdir(groups() / form)


def remove_started():
    """Removes the containers that podman and LXC started."""
    quiet = {"check": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if shutil.which("podman"):
        names = subprocess.check_output(["podman", "ps", "--all", "--format", "{{.Names}}"], text=True).split()
        ours = [name for name in names if name.startswith(STARTED)]
        if ours:
            subprocess.run(["podman", "rm", "--force", "--time=0", *ours], **quiet)
    if shutil.which("lxc-ls"):
        for name in subprocess.check_output(["lxc-ls", "--active", "-1"], text=True).split():
            if name.startswith(STARTED):
                subprocess.run(["lxc-stop", "--kill", "--name", name], **quiet)


def write(path, content):
    file = pathlib.Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))


def container(group, run):
    """Starts a process in a network namespace of its own that enters the group and runs the function."""
    folder = groups() / group
    folder.mkdir(parents=True, exist_ok=True)

    def body():
        kernel.unshare(kernel.CLONE_NEWNET)
        (folder / "cgroup.procs").write_text(str(os.getpid()))
        run()
    return probes.child(body)


def files_of_docker(port, name, pid, ports=None):
    networks = {"bridge": {"IPAddress": "172.17.0.9"}}
    write(f"/var/lib/docker/containers/{identifier(port)}/config.v2.json", {
        "ID": identifier(port), "Name": "/" + name, "State": {"Running": True, "Pid": pid},
        "Config": {"Image": "nginx:1.25", "Labels": {"com.docker.compose.project": "shop"}},
        "NetworkSettings": {"Ports": ports or {}, "Networks": networks}})


def docker(port):
    name = f"web-{port}"
    files_of_docker(port, name, os.getpid())
    return [[container(f"docker/{identifier(port)}", lambda: probes.opened(port)), name]]


def podman(port):
    name = f"db-{port}"
    write("/var/lib/containers/storage/overlay-containers/volatile-containers.json", [
        {"id": identifier(port), "names": [name], "metadata": json.dumps({"image-name": "postgres:16"})}])
    group = f"machine.slice/libpod-{identifier(port)}.scope"
    return [[container(group, lambda: probes.opened(port)), name]]


def pod(port, scope, path, annotations):
    """A container of a Kubernetes pod."""
    name = f"api-{port}"
    write(path.format(id=identifier(port)), {"annotations": {
        key: text.format(name=name) for key, text in annotations.items()}})
    group = f"kubepods.slice/kubepods-pod{port}.slice/{scope}-{identifier(port)}.scope"
    return [[container(group, lambda: probes.opened(port)), name]]


def containerd(port):
    cri = "io.kubernetes.cri."
    return pod(port, "cri-containerd", "/run/containerd/io.containerd.runtime.v2.task/k8s.io/{id}/config.json", {
        cri + "container-name": "{name}", cri + "sandbox-name": "api-0", cri + "sandbox-namespace": "shop"})


def crio(port):
    return pod(port, "crio", "/var/lib/containers/storage/overlay-containers/{id}/userdata/config.json", {
        "io.kubernetes.container.name": "{name}", "io.kubernetes.pod.name": "api-0",
        "io.kubernetes.pod.namespace": "shop"})


def machine(port, group):
    """LXC and systemd-nspawn name the group after the container."""
    name = f"{MARK}{port}"
    return [[container(group.format(name=name), lambda: probes.opened(port)), name]]


def root_folder():
    """The root folder of a container, which lacks /usr of this host."""
    root = tempfile.mkdtemp()
    for folder in ("usr", "etc", "proc", "sys", "dev", "run", "tmp"):
        os.mkdir(f"{root}/{folder}")
    for link in ("bin", "sbin", "lib", "lib64"):
        os.symlink(f"usr/{link}", f"{root}/{link}")
    return root


SERVER = "import socket, time; s = socket.create_server(('0.0.0.0', %d)); time.sleep(7200)"


def podman_run(port, *network):
    """Starts a container by podman and crun with a listener at port 8080, or at this one without a network."""
    root = root_folder()
    name = STARTED + str(port)
    # Without these limits crun needs rights and controllers that a machine in a container lacks.
    limits = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024", "--pids-limit=-1", "--privileged"]
    inside = port if "none" in network else 8080
    subprocess.run(["podman", "--cgroup-manager=cgroupfs", "run", "--detach", "--name", name, "--runtime=crun", *limits,
                    *network, "--volume=/usr:/usr:ro", "--rootfs", root, "/usr/bin/python3", "-c", SERVER % inside],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
    return name


def started_by_podman(port):
    name = podman_run(port, "--network", "none")
    pid = subprocess.check_output(["podman", "inspect", "--format", "{{.State.Pid}}", name])
    return [[int(pid), name]]


def started_by_lxc(port):
    root = root_folder()
    name = STARTED + str(port)
    pathlib.Path(f"{root}/tmp/server.py").write_text(SERVER % port)
    config = pathlib.Path(f"{root}/tmp/config")
    config.write_text(f"""\
lxc.rootfs.path = dir:{root}
lxc.mount.entry = /usr usr none bind,ro 0 0
lxc.mount.auto = proc:mixed
lxc.autodev = 1
lxc.net.0.type = empty
lxc.init.cmd = /usr/bin/python3 /tmp/server.py
""")
    subprocess.run(["lxc-start", "--name", name, "--rcfile", str(config)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE, timeout=60)
    pid = subprocess.check_output(["lxc-info", "--name", name, "--pid", "--no-humanize"])
    return [[int(pid), name]]


def published_by_running_podman(port):
    return [podman_run(port, "--network", "podman", "--publish", f"{port}:8080")]


# Published ports, which no socket of the host has

def published_by_docker(port):
    """Docker with userland-proxy: false."""
    name = f"shop-{port}"
    pid = container(f"docker/{identifier(port)}", lambda: probes.opened(80))
    files_of_docker(port, name, pid, {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": str(port)}]})
    return [name]


def published_by_podman(port):
    name = f"mail-{port}"
    store = f"/var/lib/containers/storage/overlay-containers/{identifier(port)}/userdata/config.json"
    write(store, {"annotations": {"io.kubernetes.container.name": name, "io.kubernetes.pod.name": "mail"}})
    write(f"/run/containers/networks/firewall/ports/{identifier(port)}", {
        "container_id": identifier(port), "container_ip_v4": "10.88.0.9",
        "port_mappings": [{"container_port": 25, "host_port": port, "range": 1, "protocol": "tcp", "host_ip": ""}]})
    return [name]


def published_by_cni(port):
    task = f"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{identifier(port)}/config.json"
    name = f"proxy-{port}"
    write(task, {"annotations": {"io.kubernetes.cri.container-name": name, "io.kubernetes.cri.sandbox-name": "proxy"}})
    write(f"/var/lib/cni/results/cbr0-{identifier(port)}-eth0", {
        "containerId": identifier(port), "result": {"ips": [{"address": "10.1.0.9/24"}]},
        "capabilityArgs": {"portMappings": [{"hostPort": port, "containerPort": 80, "protocol": "tcp"}]}})
    return [name]
