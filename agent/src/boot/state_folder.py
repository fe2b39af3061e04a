"""The state folder of the installed service when another user may write there, or root removes a file."""
from machine import UNIT, until

KEY = "/var/lib/portcurfew/key"
DATABASE = "/var/lib/portcurfew/portcurfew.db"


class StateFolder:
    """Test steps for a machine with a running service that scans each second."""

    def writes_a_removed_database_anew_and_reports_it(self):
        self.m.sh("rm %s %s-*" % (DATABASE, DATABASE))
        _, took = until("it is reported", 10, lambda: "was removed while the agent ran" in self.journal())
        until("there is a new one", 10, lambda: self.m.sh("test -s " + DATABASE, check=False).returncode == 0)
        self.m.sh("rm %s.damaged-*" % DATABASE)
        return "%.1f s" % took

    def refuses_a_key_that_others_can_read(self):
        self.m.sh("chmod 0644 " + KEY)
        assert self.m.sh("systemctl restart " + UNIT, check=False).returncode
        until("it has failed for good", 10, lambda: self.m.show("ActiveState") == "failed")
        assert self.m.show("ExecMainStatus") == "78", self.m.show("ExecMainStatus")
        status = self.m.sh("systemctl status " + UNIT, check=False).stdout
        assert "rm " + KEY in status, status
        self.m.sh("chmod 0600 %s; systemctl restart %s" % (KEY, UNIT))
        self.active()

    def journal(self):
        return self.m.out("journalctl -q _PID=%s -o cat --no-pager" % self.m.show("MainPID"))


STEPS = ["writes_a_removed_database_anew_and_reports_it", "refuses_a_key_that_others_can_read"]
