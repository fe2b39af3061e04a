"""Files that root writes where a user may exchange names, with the installed package."""

AS_SERVICE = ("setpriv --reuid=portcurfew --regid=portcurfew --clear-groups --inh-caps=+sys_ptrace,+dac_read_search"
              " --ambient-caps=+sys_ptrace,+dac_read_search ")
SECRET = "/root/secret"

# Makes each file in a folder of the user a link to a file of root, and one of the user again, as fast as it can.
EXCHANGE = """
import os, sys
os.setpgrp()
folder, secret = sys.argv[1:]
os.mkdir(folder)
os.chdir(folder)
print('ready', flush=True)
while True:
    for name in ('portcurfew.yaml', 'policy.yaml', 'baseline.yaml'):
        os.symlink(secret, '.new')
        os.rename('.new', name)
        open('.new', 'w').close()
        os.rename('.new', name)
"""

# Plants links wherever its user may, beside root who makes the class archive.
PLANT = """
import glob, os, sys, time
os.setpgrp()
names = ('classes', 'classes.jsa', 'dump', 'log', 'url', 'signers', 'plain.yaml', 'tls.yaml', 'fetch.yaml', 'served')
print('ready', flush=True)
while True:
    for folder in glob.glob('/tmp/tmp.*') + glob.glob('/tmp/tmp.*/agent'):
        for name in names:
            try:
                os.symlink(sys.argv[1], folder + '/' + name)
                print(folder, flush=True)
            except OSError:
                pass
    time.sleep(0.02)
"""


class ExchangedFiles:
    """Test steps for a machine with the installed package."""

    def follows_no_link_of_a_user_when_root_writes(self):
        self.keep_a_secret()
        folder = "/var/tmp/exchanged"
        end = self.attack("exchange", EXCHANGE, words=folder + " " + SECRET)
        for _ in range(4):
            self.m.sh("portcurfew init --yes --default allow --listen 127.0.0.1:10699 --folder " + folder, check=False)
            # It reads files and no links; names come and go meanwhile.
            copies = self.m.sh("grep -rls horse " + folder, check=False).stdout.strip()
            assert not copies, "a file of root was copied: " + copies
        self.m.sh("portcurfew baseline learn --force --with-gaps --out %s/baseline.yaml" % folder, check=False)
        self.m.sh(end)
        self.secret_is_kept()
        self.m.sh("rm -r %s %s" % (folder, SECRET))

    def keep_a_secret(self):
        self.m.sh("umask 077; echo correct horse > " + SECRET)

    def secret_is_kept(self):
        found = self.m.out("stat -c %%U:%%a %s; cat %s" % (SECRET, SECRET))
        assert found == "root:600\ncorrect horse", found

    def beside_planted_links(self, install):
        """Makes the class archive while the user of the service plants links wherever that user may."""
        self.keep_a_secret()
        end = self.attack("plant", PLANT, AS_SERVICE + "python3", SECRET)
        install()
        self.m.sh(end)
        self.secret_is_kept()
        folders = set(self.m.out("cat /var/tmp/plant.out").splitlines()) - {"ready"}
        assert folders and all(folder.endswith("/agent") for folder in folders), folders
        archives = self.m.out("stat -c %U:%a /usr/lib/portcurfew/*.jsa").split()
        assert archives and set(archives) == {"root:644"}, archives
        self.m.sh("rm " + SECRET)


STEPS = ["follows_no_link_of_a_user_when_root_writes"]
