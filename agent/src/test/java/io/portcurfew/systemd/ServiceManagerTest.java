package io.portcurfew.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.fail;

import io.portcurfew.system.Requirement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The messages at a socket like that of systemd. */
class ServiceManagerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(28);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    Requirement.that(System.getProperty("os.name").equals("Linux"), "Linux");
    Requirement.program("python3");
    file = folder.resolve("notify");
  }

  @Test
  void watchedService_sendsReadyAndItsWatchdogTime() throws Exception {
    try (NotifySocket socket = NotifySocket.at(file)) {
      ServiceManager.of(Map.of("NOTIFY_SOCKET", file.toString(), "WATCHDOG_USEC", "1"))
          .alive(() -> "3 listeners", PATIENCE);
      assertThat(socket.next())
          .isEqualTo("READY=1\\nSTATUS=3 listeners\\nWATCHDOG=1\\nWATCHDOG_USEC=28000000");
    }
  }

  @Test
  void unwatchedService_sendsNoWatchdog() throws Exception {
    try (NotifySocket socket = NotifySocket.at(file)) {
      ServiceManager.of(Map.of("NOTIFY_SOCKET", file.toString())).alive(() -> "up", PATIENCE);
      assertThat(socket.next()).isEqualTo("READY=1\\nSTATUS=up");
    }
  }

  @Test
  void abstractSocketIsReached() throws Exception {
    String name = "@portcurfew-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    try (NotifySocket socket = NotifySocket.at(name)) {
      ServiceManager.of(Map.of("NOTIFY_SOCKET", name)).stopping();
      assertThat(socket.next()).isEqualTo("STOPPING=1");
    }
  }

  @Test
  void statusCannotInjectAssignments() throws Exception {
    try (NotifySocket socket = NotifySocket.at(file)) {
      ServiceManager.of(Map.of("NOTIFY_SOCKET", file.toString())).status("a\nMAINPID=1");
      assertThat(socket.next()).isEqualTo("STATUS=a MAINPID=1");
    }
  }

  @Test
  void longStatusIsCut() throws Exception {
    try (NotifySocket socket = NotifySocket.at(file)) {
      ServiceManager.of(Map.of("NOTIFY_SOCKET", file.toString())).status("\u20ac".repeat(4096));
      String message = socket.next();
      assertThat(message.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
          .isBetween(3_000, 4_096);
      assertThat(message).endsWith("\u20ac ... (more in the log)");
    }
  }

  @Test
  void missingSocket_isNoFailure() {
    assertThatCode(() -> ServiceManager.of(Map.of()).alive(() -> fail("not sent"), PATIENCE))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                ServiceManager.of(Map.of("NOTIFY_SOCKET", file.toString()))
                    .alive(() -> "up", PATIENCE))
        .doesNotThrowAnyException();
  }
}
