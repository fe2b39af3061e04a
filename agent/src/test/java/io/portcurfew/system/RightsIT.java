package io.portcurfew.system;

import static io.portcurfew.system.Program.holding;
import static io.portcurfew.system.PublicDistribution.WITH_TWO_CAPABILITIES;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The view of an ordinary user with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, and no more. */
class RightsIT {

  private static final String LISTEN = "s = bound(TCP, V4, '127.0.0.1', 611); s.listen(1)";

  @TempDir private Path temp;
  private Namespace here;
  private PublicDistribution copy;

  @BeforeEach
  void create() throws Exception {
    Requirement.program("python3");
    here = Namespace.create("rights");
    copy = PublicDistribution.into(temp);
  }

  @AfterEach
  void delete() throws Exception {
    if (here != null) {
      here.close();
    }
  }

  @Test
  void listenerOfRoot_hasPidExecutableAndUser() throws Exception {
    try (Python holder = Python.start(here.prefix(), holding(LISTEN))) {
      Ended ended = copy.run(here.prefix(), WITH_TWO_CAPABILITIES, "scan");
      assertThat(ended.out())
          .containsPattern(
              "tcp 127.0.0.1:611 is open and should be closed; held by pid "
                  + holder.pid()
                  + " \\([^)]*\\) /\\S*python3\\S* as root");
      assertThat(ended.status()).isEqualTo(1);
    }
  }

  @Test
  void listenerInAnotherNamespace_isFoundThroughItsProcess() throws Exception {
    try (Python holder = Python.start(here.prefix(), holding(LISTEN))) {
      Ended ended = copy.run(List.of(), WITH_TWO_CAPABILITIES, "scan");
      assertThat(ended.out())
          .contains(
              "tcp 127.0.0.1:611 in "
                  + here.name()
                  + " is open and should be closed; held by pid "
                  + holder.pid()
                  + " (");
      assertThat(ended.status()).isEqualTo(1);
      String doctor = words(copy.run(List.of(), WITH_TWO_CAPABILITIES, "doctor"));
      assertThat(doctor)
          .contains("namespace " + here.name() + " is read from /proc/net: entering it")
          .contains("needs CAP_SYS_ADMIN")
          .contains("with CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE; not CAP_SYS_ADMIN");
    }
  }

  @Test
  void namespaceWithoutProcess_isAGapOfTheDoctorToo() throws Exception {
    Ended scan = copy.run(List.of(), WITH_TWO_CAPABILITIES, "scan");
    String gap = "namespace " + here.name() + ": entering it: not permitted (EPERM); no process";
    assertThat(scan.out()).contains(gap);
    Ended doctor = copy.run(List.of(), WITH_TWO_CAPABILITIES, "doctor");
    assertThat(words(doctor)).containsPattern("NOT SEEN network namespaces [^:]*not all seen: ");
    assertThat(words(doctor)).contains(gap).contains("needs CAP_SYS_ADMIN");
    assertThat(doctor.status()).isEqualTo(3);
  }

  @Test
  void hiddenProcesses_areNotTakenForTheKernel() throws Exception {
    String hide = "mount -t proc -o hidepid=invisible proc /proc && exec \"$@\"";
    List<String> hidden = new ArrayList<>(here.prefix());
    hidden.addAll(List.of("unshare", "--mount", "sh", "-c", hide, "sh"));
    try (Python holder = Python.start(here.prefix(), holding(LISTEN))) {
      assertThat(holder.pid()).isPositive();
      Ended scan = copy.run(hidden, PublicDistribution.AS_NOBODY, "scan");
      assertThat(scan.out())
          .contains("tcp 127.0.0.1:611 is open and should be closed; held by an unknown owner")
          .contains("sock_diag: the processes of other users are hidden (hidepid of /proc)")
          .containsPattern("sock_diag: no owner of .*127.0.0.1:611: .* are hidden \\(hidepid\\)")
          .doesNotContain("a socket of the kernel itself");
      Ended doctor = copy.run(hidden, PublicDistribution.AS_NOBODY, "doctor");
      assertThat(words(doctor))
          .contains("NOT SEEN processes /proc is mounted with hidepid=invisible")
          .contains("mount -o remount,hidepid=0 /proc")
          .doesNotContain("NFS");
      assertThat(doctor.status()).isEqualTo(3);
    }
  }

  /** The output, however it is broken into lines. */
  private static String words(Ended ended) {
    return ended.out().replaceAll("\\s+", " ");
  }
}
