package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
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
@Timeout(120)
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
      Requirement.that(hangs(locks.word(1)), "a kernel that reads no arguments of locked memory");
      for (int i = 0; i < 3; i++) {
        Owner owner = look(source, locks.word(0));
        assertThat(owner.pid()).isEqualTo(locks.word(1));
        assertThat(owner.user()).hasToString("nobody");
        assertThat(owner.executable()).isNotNull();
        assertThat(owner.details().firstArgument()).isNull();
        assertThat(look(source, other.word(0)).details().firstArgument()).isNotNull();
      }
    }
  }

  /** A look that hangs cannot be interrupted, so it runs on a thread of its own. */
  private static Owner look(LinuxSource source, int port) throws Exception {
    FutureTask<Owner> look = new FutureTask<>(() -> LiveOwner.look(source, port));
    Thread thread = new Thread(look, "look");
    thread.setDaemon(true);
    thread.start();
    return look.get(10, TimeUnit.SECONDS);
  }

  private static boolean hangs(int pid) throws Exception {
    for (int i = 0; i < 20; i++) {
      String cat = "timeout -s KILL 1 cat /proc/" + pid + "/cmdline >/dev/null; test $? = 137";
      if (Tool.run("sh", "-c", cat).status() == 0) {
        return true;
      }
      Thread.sleep(100);
    }
    return false;
  }
}
