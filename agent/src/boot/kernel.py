#!/usr/bin/env python3
"""Boots kernels of Debian in qemu and tries each event source of the package there: a listener of 1 ms on port 611.

    agent/src/boot/kernel.py [RELEASE[+lockdown][+calls] ...]

RELEASE is bullseye (5.10), bookworm (6.1) or bookworm-6.12; all three without arguments, and bookworm+lockdown, which boots with
lockdown=confidentiality. With +calls the agent is not started: a script makes the system calls of each source.
Needs root, qemu-system-x86, debootstrap, cpio, apt and the .deb of `mvn package` in agent/target. No part of CI: it emulates the
processor, which takes a minute to boot and minutes for each start of the agent, and downloads qemu (60 MB) and kernels of 20 MB.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

from machine import CACHE, bootstrapped, run, say

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.normpath(os.path.join(HERE, "../../target"))
GUEST = os.path.join(HERE, "kernel_guest.py")
DEBIAN = "http://deb.debian.org/debian"

# Where apt finds the kernel of a release, and the package that names it.
RELEASES = {
    "bullseye": (DEBIAN + " bullseye main", "linux-image-cloud-amd64"),
    "bookworm": (DEBIAN + " bookworm main", "linux-image-cloud-amd64"),
    "bookworm-6.12": (DEBIAN + "-security bookworm-security main", "linux-image-6.12-cloud-amd64"),
}
USUAL = ["bullseye", "bookworm", "bookworm-6.12", "bookworm+lockdown"]
# Not needed there.
LEFT_OUT = ("./usr/share/doc", "./usr/share/locale", "./usr/share/man", "./usr/share/zoneinfo", "./var/cache", "./var/lib/apt",
            "./var/lib/dpkg", "./usr/lib/x86_64-linux-gnu/perl*")


def fetched(release):
    """Returns the folder with the kernel of a release, from a list of apt's own for it."""
    line, package = RELEASES[release]
    folder = "%s/kernel-%s" % (CACHE, release)
    if os.path.isdir(folder):
        return folder
    say("the kernel of " + release)
    os.makedirs(CACHE, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        for name in ("lists/partial", "cache/archives/partial", "new"):
            os.makedirs(os.path.join(work, name))
        os.chmod(work, 0o755)
        with open(work + "/sources.list", "w") as file:
            file.write("deb [check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s\n" % line)
        own = ["-o", "Dir::Etc::SourceList=%s/sources.list" % work, "-o", "Dir::Etc::SourceParts=-",
               "-o", "Dir::State::Lists=%s/lists" % work, "-o", "Dir::Cache=%s/cache" % work]
        run("apt-get", "-q", *own, "update")
        depends = run("apt-cache", *own, "depends", "--important", package).stdout
        images = [word for word in depends.split() if word.startswith("linux-image-") and word != package]
        image = next(word for word in images if not word.endswith("-unsigned"))
        run("apt-get", "-q", *own, "download", image, cwd=work)
        run("dpkg-deb", "-x", glob.glob(work + "/linux-image-*.deb")[0], work + "/new")
        os.rename(work + "/new", folder)
    return folder


def archived(folder, file, *left_out):
    """Appends a folder to an initial root file system."""
    without = "".join(" -path '%s' -prune -o" % path for path in left_out)
    script = "cd %s && find . -xdev%s -print0 | cpio --quiet --null -o -H newc >> %s" % (folder, without, file)
    run("sh", "-ec", script)


def root_file_system(kernel, work):
    """Writes a Debian with the package, the modules of the kernel, and the script that is its first process."""
    file = os.path.join(work, "initrd")
    archived(bootstrapped(), file, *LEFT_OUT)
    extra = os.path.join(work, "extra")
    run("dpkg-deb", "-x", sorted(glob.glob(TARGET + "/portcurfew_*.deb"))[-1], extra)
    os.mkdir(extra + "/modules")
    for path in glob.glob(kernel + "/lib/modules/*/kernel/net/**/*_diag.ko*", recursive=True):
        shutil.copy(path, extra + "/modules")
    shutil.copy(GUEST, extra + "/init")
    os.chmod(extra + "/init", 0o755)
    if os.path.isdir(extra + "/lib"):
        # A link to /usr/lib in this Debian.
        shutil.copytree(extra + "/lib", extra + "/usr/lib", dirs_exist_ok=True)
        shutil.rmtree(extra + "/lib")
    archived(extra, file)
    return file


def booted(kernel, words):
    """Boots a kernel with these words on its command line; yields the name and the value of each answer."""
    with tempfile.TemporaryDirectory(prefix="portcurfew-kernel-") as work:
        # Without KVM: in a virtual machine it is often not there, or hangs.
        command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "Nehalem", "-smp", "2", "-m", "3072", "-nographic",
                   "-no-reboot", "-nic", "none", "-kernel", glob.glob(kernel + "/boot/vmlinuz-*")[0],
                   "-initrd", root_file_system(kernel, work), "-append", "console=ttyS0 quiet panic=-1 " + words]
        qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                errors="replace")
        console = []
        for line in qemu.stdout:
            console.append(line)
            if line.startswith("ANSWER "):
                yield json.loads(line[len("ANSWER "):])
        if qemu.wait() or len(console) < 10:
            sys.exit("".join(console[-40:]))


def main():
    for word in sys.argv[1:] or USUAL:
        release, *more = word.split("+")
        words = {"lockdown": "lockdown=confidentiality", "calls": "calls"}
        say(word)
        for name, answer in booted(fetched(release), " ".join(words[one] for one in more)):
            if isinstance(answer, str):
                say("  %s: %s" % (name, answer))
                continue
            said = answer.pop("said", [])
            say("  %s: %s" % (name, "; ".join("%s: %s" % (key, value) for key, value in answer.items())))
            for line in said:
                say("      " + line)


if __name__ == "__main__":
    main()
