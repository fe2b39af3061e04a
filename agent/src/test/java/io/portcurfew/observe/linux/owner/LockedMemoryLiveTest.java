package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** User 65534 makes every read of the arguments of his process hang. */
@Timeout(600)
@LiveHost
@EnabledOnOs(OS.LINUX)
class LockedMemoryLiveTest {

  @TempDir private Path folder;

  @Test
  void lockedMemory_delaysNoLook() throws Exception {
    Requirement.root();
    LiveOwner.run("chmod", "755", folder.toString());
    Path mounted = Files.createDirectory(folder.resolve("mounted"));
    try (PythonProcess locks = FuseMount.ofNobodyThatLocks(folder, mounted);
        PythonProcess other = PythonProcess.run("s = tcp(); ready(s.getsockname()[1])");
        LinuxSource source = LinuxSource.ofHost()) {
      Requirement.that(
          FrozenProcess.hangs("cat /proc/" + locks.word(1) + "/cmdline"),
          "a kernel that reads no arguments of locked memory");
      for (int i = 0; i < 3; i++) {
        Owner owner = look(source, locks.word(0));
        assertThat(owner.pid()).isEqualTo(locks.word(1));
        assertThat(owner.user()).hasToString("nobody");
        assertThat(owner.executable()).isNotNull();
        assertThat(owner.details().firstArgument()).isNull();
        // Those of another user are read, in so little time that a busy machine may miss it once.
        Daemon.until(
            "they are read", () -> look(source, other.word(0)).details().firstArgument() != null);
      }
    }
  }

  /** A look that hangs cannot be interrupted, so it runs on a thread of its own. */
  private static Owner look(LinuxSource source, int port) throws Exception {
    FutureTask<Owner> look = new FutureTask<>(() -> LiveOwner.look(source, port));
    Thread thread = new Thread(look, "look");
    thread.setDaemon(true);
    thread.start();
    return look.get(60, TimeUnit.SECONDS);
  }
}
