package io.portcurfew.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.baseline.LearnedBaseline;
import io.portcurfew.baseline.Learning;
import io.portcurfew.baseline.LearningInput;
import io.portcurfew.judge.Judge;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that binds as rpc.statd of nfs-utils does: two TCP ports and two UDP ports that the
 * kernel chooses, and a UDP port of bindresvport(3), all others at each start.
 */
@LiveHost
@EnabledOnOs(OS.LINUX)
class RandomPortsLiveTest {

  private static final String STATD =
      """
      held = [tcp('0.0.0.0'), tcp('::', family=socket.AF_INET6)]
      for family, address in ((socket.AF_INET, '0.0.0.0'), (socket.AF_INET6, '::')):
          s = socket.socket(family, socket.SOCK_DGRAM)
          s.bind((address, 0))
          held.append(s)
      notify = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      if libc.bindresvport(notify.fileno(), None) != 0: raise OSError('bindresvport')
      held.append(notify)
      os.setgroups([]); os.setgid(65534); os.setuid(65534)
      ready(*[s.getsockname()[1] for s in held])
      """;

  @TempDir(factory = RootFolder.class)
  private Path folder;

  private Path statd = Path.of("/");

  @BeforeEach
  void install() throws Exception {
    Requirement.root();
    statd = folder.resolve("rpc.statd");
    Files.copy(Path.of("/usr/bin/python3").toRealPath(), statd);
    Files.setPosixFilePermissions(statd, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private PythonProcess start() throws Exception {
    return PythonProcess.run(List.of(statd.toString()), STATD);
  }

  private static LearnedBaseline learn() throws Exception {
    Policy allowing = new Policy(true, List.of());
    try (LiveJudgement now = LiveJudgement.of(allowing)) {
      LearningInput input = new LearningInput(allowing, List.of());
      return Learning.of(
          input, now.snapshot(), Judge.judge(allowing, now.snapshot(), List.of()), false);
    }
  }

  @Test
  void portsOfTheNextStartAreAllowed() throws Exception {
    LearnedBaseline learned;
    int before;
    try (PythonProcess running = start()) {
      before = running.word(0);
      learned = learn();
    }
    Rule rule =
        learned.rules().stream()
            .filter(one -> one.name().startsWith("rpc-statd"))
            .findFirst()
            .orElseThrow();
    assertThat(rule.name()).isEqualTo("rpc-statd-any-port");
    assertThat(rule.because()).contains("other ports at each start");
    try (PythonProcess again = start();
        PythonProcess other = PythonProcess.run(STATD);
        LiveJudgement judged = LiveJudgement.of(new Policy(false, List.of(rule)))) {
      assertThat(again.word(0)).isNotEqualTo(before);
      for (int socket = 0; socket < 5; socket++) {
        assertThat(judged.kinds(again.word(socket))).as("socket %d", socket).isEmpty();
      }
      // TCP, and the reserved UDP port; the others look like those of clients.
      for (int socket : new int[] {0, 1, 4}) {
        assertThat(judged.kinds(other.word(socket))).containsExactly("unlisted");
      }
    }
  }
}
