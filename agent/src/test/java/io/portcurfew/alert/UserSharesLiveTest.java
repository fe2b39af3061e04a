package io.portcurfew.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Judge;
import io.portcurfew.judge.SampleListeners;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.policy.Policy;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.HeavyLoad;
import io.portcurfew.tags.LiveHost;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** User 65534 fills the alerts with listeners, and user 65533 opens port 611. */
@EnabledOnOs(OS.LINUX)
@LiveHost
@HeavyLoad
@Timeout(600)
class UserSharesLiveTest {

  private static final int DECOYS = 8_000;

  private static final String AS_USER =
      "os.setgroups([]); os.setresgid(%1$d, %1$d, %1$d); os.setresuid(%1$d, %1$d, %1$d)\n";

  /** Under many names of one program. */
  private static final String DECOY =
      """
      import resource
      resource.setrlimit(resource.RLIMIT_NOFILE, (9000, 9000))
      """
          + AS_USER.formatted(65_534)
          + """
      sockets = []
      for port in range(20000, 20000 + DECOYS):
          s = socket.socket(socket.AF_INET6 if ':' in 'ADDRESS' else socket.AF_INET)
          s.bind(('ADDRESS', port))
          s.listen(1)
          sockets.append(s)
      ready(len(sockets))
      """
              .replace("DECOYS", "" + DECOYS);

  private static final String VICTIM =
      """
      s = socket.socket(socket.AF_INET6)
      s.bind(('::1', 611))
      """
          + AS_USER.formatted(65_533)
          + "s.listen(); ready(611)";

  private final Policy policy = SampleListeners.denying();

  @Test
  void decoysOfOneUser_leaveAPlaceForAnother() throws Exception {
    Requirement.root();
    try (LinuxSource source = LinuxSource.ofHost();
        PythonProcess ipv4 = PythonProcess.run(DECOY.replace("ADDRESS", "127.0.77.1"));
        PythonProcess ipv6 = PythonProcess.run(DECOY.replace("ADDRESS", "::1"))) {
      assertThat(ipv4.word(0) + ipv6.word(0)).isEqualTo(2 * DECOYS);
      Alerts full = scan(source, Alerts.NONE, 0).after();
      assertThat(full.open()).hasSize(Alerts.MOST - Alerts.FOR_CRITICAL);
      assertThat(full.notFollowed()).isPositive();
      AlertChanges next;
      try (PythonProcess victim = PythonProcess.run(VICTIM)) {
        assertThat(victim.word(0)).isEqualTo(611);
        next = scan(source, full, 10);
        assertThat(ofVictim(next.fired())).hasSize(1);
        // The search for owners is still at the sockets of the other user.
        for (int more = 0; more < 30 && !isOwned(next); more++) {
          next = scan(source, next.after(), 11 + more);
        }
        assertThat(isOwned(next)).as("its alert stays, with its owner").isTrue();
      }
      assertThat(ofVictim(scan(source, next.after(), 60).resolved())).hasSize(1);
    }
  }

  private static List<Alert> ofVictim(Collection<Alert> alerts) {
    return alerts.stream()
        .filter(alert -> "tcp [::1]:611".equals(String.valueOf(alert.finding().endpoint())))
        .toList();
  }

  private static boolean isOwned(AlertChanges changes) {
    return ofVictim(changes.after().open().values()).stream()
        .flatMap(alert -> alert.finding().owners().stream())
        .anyMatch(owner -> owner.uid() != null && owner.uid() == 65_533);
  }

  private AlertChanges scan(LinuxSource source, Alerts before, long seconds) throws Exception {
    Instant now = SampleSnapshots.at(seconds);
    Snapshot snapshot = PlainSnapshots.of(now, source.look());
    return before.update(
        Judge.judge(policy, snapshot, List.of()), snapshot, now, SampleSnapshots.DAY);
  }
}
