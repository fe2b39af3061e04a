package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.store.StoreCheck;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.WebhookSink;
import io.portcurfew.tags.InjectedFault;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments and at the worst ones: nothing is lost, nothing reported out of order,
 * and at most one message reported twice a kill, with the same id.
 *
 * <p>20 kills, or as many as the property {@code portcurfew.kills} says.
 */
@InjectedFault
@Timeout(1800)
class CrashTest {

  private static final int KILLS = Integer.getInteger("portcurfew.kills", 20);

  /** More than there is time for between two kills. */
  private static final int STEPS_A_KILL = 10;

  @TempDir private Path folder;

  private Process start(WebhookSink hook, int steps, CrashingAgent.Point point, int passes)
      throws Exception {
    List<String> command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dorg.sqlite.tmpdir=" + folder.getParent(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            CrashingAgent.class.getName(),
            folder.toString(),
            hook.url(),
            Integer.toString(steps),
            point.name(),
            Integer.toString(passes));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(folder + ".log")))
        .start();
  }

  private void finish(WebhookSink hook, int steps) throws Exception {
    Process last = start(hook, steps, CrashingAgent.Point.NOWHERE, 0);
    assertThat(last.waitFor(15, TimeUnit.MINUTES)).isTrue();
    assertThat(last.exitValue()).isZero();
  }

  @Test
  void killedAtRandom_everythingIsDeliveredInOrder() throws Exception {
    Random random = new Random(611);
    int steps = Math.max(100, KILLS * STEPS_A_KILL);
    try (WebhookSink hook = WebhookSink.start()) {
      int kills = 0;
      while (kills < KILLS) {
        Process agent = start(hook, steps, CrashingAgent.Point.NOWHERE, 0);
        int reported = hook.messages().size();
        Daemon.until(
            "it reports again", () -> hook.messages().size() > reported || !agent.isAlive());
        TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
        agent.destroyForcibly().waitFor();
        kills++;
      }
      finish(hook, steps);
      check(hook, steps, kills);
    }
  }

  @Test
  void killedAtTheWorstMoments_everythingIsDeliveredInOrder() throws Exception {
    int kills = 0;
    int steps = 60;
    try (WebhookSink hook = WebhookSink.start()) {
      for (int round = 0; round < Math.max(1, KILLS / 20); round++) {
        for (CrashingAgent.Point point : CrashingAgent.Point.values()) {
          Process agent = start(hook, steps, point, point == CrashingAgent.Point.NOWHERE ? 0 : 3);
          if (point == CrashingAgent.Point.NOWHERE) {
            agent.destroyForcibly();
          }
          assertThat(agent.waitFor(5, TimeUnit.MINUTES)).isTrue();
          kills++;
        }
      }
      finish(hook, steps);
      check(hook, steps, kills);
    }
  }

  private void check(WebhookSink hook, int steps, int kills) throws Exception {
    List<String> expected = new ArrayList<>();
    for (int step = 1; step <= steps; step++) {
      expected.add(step + " firing");
      if (step > CrashingAgent.OPEN) {
        expected.add(step - CrashingAgent.OPEN + " resolved");
      }
    }
    Set<String> ids = new HashSet<>();
    List<String> all = new ArrayList<>();
    for (WebhookSink.Message reported : hook.messages()) {
      ids.add(reported.key());
      all.add(reported.json().at("/alerts/0/labels/port").asString() + " " + status(reported));
    }
    assertThat(new LinkedHashSet<>(all)).as("all, in order").containsExactlyElementsOf(expected);
    assertThat(ids).as("one id each").hasSameSizeAs(expected);
    assertThat(all.size() - expected.size()).as("reported twice").isLessThanOrEqualTo(kills);
    assertThat(StoreCheck.unbalanced(folder)).isEmpty();
  }

  private static String status(WebhookSink.Message reported) {
    return reported.json().get("status").asString();
  }
}
