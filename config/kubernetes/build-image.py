#!/usr/bin/env python3
"""Builds the image of the agent as an OCI layout, without a registry and without a container engine.

    build-image.py PACKAGE.deb FOLDER [ROOT]

PACKAGE.deb is the package with its own Java runtime. FOLDER becomes the layout, which skopeo, podman
and `ctr images import` read. ROOT is the root folder of a Debian, made by debootstrap if it is absent.
The same input gives the same image. Run it as root.
"""
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

SUITE = "bookworm"
LEFT_OUT = ("usr/share/doc/", "usr/share/man/", "usr/share/locale/", "var/cache/apt/", "var/lib/apt/lists/")
MACHINES = {"amd64": "amd64", "arm64": "arm64"}


def base(folder):
    if not os.path.isdir(folder):
        subprocess.run(["debootstrap", "--variant=minbase", SUITE, folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def entries(root):
    """The paths below a folder, sorted, without what an image does not need."""
    for place, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(folders + files):
            path = os.path.join(place, name)
            relative = os.path.relpath(path, root)
            if not relative.startswith(LEFT_OUT) and not relative.startswith(("dev/", "proc/", "sys/")):
                yield path, relative


def layer(roots):
    """One layer of several folders, the later ones over the earlier ones; times are left out."""
    out = io.BytesIO()
    seen = {}
    for root in roots:
        for path, relative in entries(root):
            seen[relative] = path
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for relative in sorted(seen):
            info = tar.gettarinfo(seen[relative], relative)
            if info is None or not (info.isreg() or info.isdir() or info.issym() or info.islnk()):
                continue
            info.mtime = 0
            if info.islnk():
                info.type, info.linkname = tarfile.REGTYPE, ""
                info.size = os.path.getsize(seen[relative])
            if info.isreg():
                with open(seen[relative], "rb") as content:
                    tar.addfile(info, content)
            else:
                tar.addfile(info)
    return out.getvalue()


class Layout:
    """An OCI image layout (image-spec 1.0, image-layout.md)."""

    def __init__(self, folder):
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "blobs", "sha256"))

    def blob(self, kind, data):
        digest = hashlib.sha256(data).hexdigest()
        with open(os.path.join(self.folder, "blobs", "sha256", digest), "wb") as out:
            out.write(data)
        return {"mediaType": kind, "digest": "sha256:" + digest, "size": len(data)}

    def write(self, name, tree):
        with open(os.path.join(self.folder, name), "w") as out:
            json.dump(tree, out, sort_keys=True)


def field(package, name):
    return subprocess.run(["dpkg-deb", "-f", package, name], check=True, capture_output=True, text=True).stdout.strip()


def image(package, folder, roots):
    tar = layer(roots)
    layout = Layout(folder)
    kind = "application/vnd.oci.image."
    packed = layout.blob(kind + "layer.v1.tar+gzip", gzip.compress(tar, mtime=0))
    config = {
        "architecture": MACHINES.get(field(package, "Architecture"), "amd64"),
        "os": "linux",
        "config": {
            "Entrypoint": ["/usr/lib/portcurfew/bin/portcurfew"],
            "Cmd": ["run"],
            "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
            "Labels": {"org.opencontainers.image.version": field(package, "Version")},
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(tar).hexdigest()]},
    }
    described = layout.blob(kind + "config.v1+json", json.dumps(config, sort_keys=True).encode())
    manifest = {"schemaVersion": 2, "mediaType": kind + "manifest.v1+json", "config": described, "layers": [packed]}
    entry = layout.blob(kind + "manifest.v1+json", json.dumps(manifest, sort_keys=True).encode())
    entry["annotations"] = {"org.opencontainers.image.ref.name": "portcurfew:" + field(package, "Version")}
    layout.write("index.json", {"schemaVersion": 2, "manifests": [entry]})
    layout.write("oci-layout", {"imageLayoutVersion": "1.0.0"})
    return entry["digest"], packed["size"]


def main(arguments):
    if len(arguments) not in (2, 3):
        sys.exit(__doc__)
    package, folder = arguments[:2]
    with tempfile.TemporaryDirectory() as work:
        root = base(arguments[2] if len(arguments) == 3 else os.path.join(work, "root"))
        program = os.path.join(work, "program")
        subprocess.run(["dpkg-deb", "-x", package, program], check=True)
        # postinst does this on a host.
        etc = os.path.join(program, "etc/portcurfew")
        shutil.copytree(os.path.join(program, "usr/share/portcurfew/etc"), etc, dirs_exist_ok=True)
        digest, size = image(package, folder, [root, program])
    print(f"{folder}: {digest}, {size / 1e6:.0f} MB packed")


if __name__ == "__main__":
    main(sys.argv[1:])
