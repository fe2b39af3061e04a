package io.portcurfew.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.owner.FrozenProcess;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** User 65534 makes every read of a process hang that looks like any other. */
@Timeout(600)
@LiveHost
@EnabledOnOs(OS.LINUX)
class AbandonedLookLiveTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void lookThatHangs_isFollowedByOneWithoutThatUser() throws Exception {
    Requirement.root();
    try (PythonProcess other = PythonProcess.run("s = tcp(); ready(s.getsockname()[1])");
        FrozenProcess frozen = FrozenProcess.withMemoryOfItsParent(folder);
        LinuxSource source = LinuxSource.ofHost();
        Sources sources = new Sources(Ticker.SYSTEM, Threads.SYSTEM)) {
      Requirement.that(frozen.hangs(), "a kernel whose reads wait for execve");
      for (int i = 0; i < 3; i++) {
        View view = sources.look(List.of(source), LIMIT).get(0).view();
        assertThat(at(view, other.word(0)).owners())
            .singleElement()
            .satisfies(owner -> assertThat(owner.pid()).isEqualTo(other.pid()));
        Listener held = at(view, frozen.port());
        assertThat(held.owners()).isEmpty();
        assertThat(held.unknownOwner()).isNotNull();
        assertThat(view.gaps().toString()).contains("the processes of uid 65534");
      }
    }
  }

  private static Listener at(View view, int port) {
    return view.listeners().stream()
        .filter(one -> one.endpoint().port() == port)
        .findFirst()
        .orElseThrow();
  }
}
