package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The daemon of the finished distribution, killed and started again. */
class KilledIT extends SinglePortAgent {

  @Test
  void killedAgent_repeatsNothingAndKeepsTheId() throws Exception {
    try (WebhookSink hook = WebhookSink.start()) {
      Path config = config(hook.url());
      try (ServerSocket open = new ServerSocket(port, 1, LOOPBACK);
          Daemon first = Daemon.start(config, log())) {
        assertThat(first.pid()).isPositive();
        assertThat(open.isBound()).isTrue();
        Daemon.until("the opening is notified", () -> !hook.messages().isEmpty());
        Daemon.until("that is written", () -> isDelivered(config, "r0"));
      }
      try (Daemon second = Daemon.start(config, log())) {
        Daemon.until("the closing is notified", () -> hook.messages().size() == 2);
        assertThat(what(hook)).containsExactly("PortcurfewOpen firing", "PortcurfewOpen resolved");
        assertThat(second.get("/metrics")).contains("portcurfew_store_writable 1.0");
      }
      assertThat(hook.messages())
          .extracting(reported -> reported.json().at("/alerts/0/fingerprint").asString())
          .containsOnly(hook.messages().get(0).json().at("/alerts/0/fingerprint").asString());
    }
  }

  @Test
  void unwatchedTime_isReportedAfterAKillOnly() throws Exception {
    try (WebhookSink hook = WebhookSink.start()) {
      Path config = config(hook.url());
      Path lastLook = state().resolve("last-look");
      try (Daemon killed = Daemon.start(config, log())) {
        Daemon.until("a scan ended", () -> killed.scans() > 0);
      }
      Files.setLastModifiedTime(lastLook, FileTime.from(Instant.now().minusSeconds(3600)));
      try (Daemon stopped = Daemon.start(config, log())) {
        Daemon.until("both are notified", () -> hook.messages().size() == 2);
        assertThat(what(hook))
            .containsExactly("PortcurfewScanLate firing", "PortcurfewScanLate resolved");
        assertThat(stopped.terminate()).isZero();
      }
      Files.setLastModifiedTime(lastLook, FileTime.from(Instant.now().minusSeconds(3600)));
      try (Daemon last = Daemon.start(config, log())) {
        Daemon.until("two scans ended", () -> last.scans() > 1);
        assertThat(hook.messages()).hasSize(2);
      }
    }
  }
}
