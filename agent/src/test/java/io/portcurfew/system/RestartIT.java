package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The daemon of the finished distribution, ended in several ways and started again. */
class RestartIT extends SinglePortAgent {

  @Test
  void commandsShowAlertsBesideAndWithoutAnAgent() throws Exception {
    try (WebhookSink hook = WebhookSink.start();
        ServerSocket open = new ServerSocket(port, 1, LOOPBACK)) {
      Path config = config(hook.url());
      assertThat(open.isBound()).isTrue();
      assertThat(show("alerts", config).status()).as("the agent has never run here").isEqualTo(75);
      try (Daemon daemon = Daemon.start(config, log())) {
        Daemon.until("the opening is notified", () -> !hook.messages().isEmpty());
        Daemon.until("it is written", () -> isDelivered(config, "r0"));
        Daemon.until("that of the log too", () -> isDelivered(config, "log"));
        assertThat(show("alerts", config).out())
            .contains("firing  ", "warning", "closed", "tcp 127.0.0.1:" + port + " is open");
        assertThat(daemon.terminate()).isZero();
      }
      assertThat(show("history", config).out())
          .contains("seen      tcp 127.0.0.1:" + port)
          .contains("notified  first: tcp 127.0.0.1:" + port + " is open")
          .contains("log delivered");
      JsonNode json = new ObjectMapper().readTree(show("alerts", config, "--output", "json").out());
      assertThat(json.at("/alerts/0/id").asString())
          .isEqualTo(hook.messages().get(0).json().at("/alerts/0/fingerprint").asString());
      assertThat(json.at("/alerts/0/state").asString()).isEqualTo("firing");
      assertThat(json.at("/alerts/0/endpoint/port").asInt()).isEqualTo(port);
      assertThat(json.at("/alerts/0/ends_at").isNull()).isTrue();
    }
  }

  @Test
  void endOfASilence_notifiesTheFiringAlert() throws Exception {
    try (WebhookSink hook = WebhookSink.start()) {
      Path config = config(hook.url());
      String rule = "closed";
      assertThat(silence(config, "add", "--rule", rule, "--for", "2h", "--comment", "x").status())
          .as("the agent has never run here")
          .isEqualTo(75);
      try (Daemon daemon = Daemon.start(config, log())) {
        Daemon.until("a scan ended", () -> daemon.scans() > 0);
        assertThat(
                silence(config, "add", "--rule", "mistyped", "--for", "2h", "--comment", "x")
                    .status())
            .isEqualTo(2);
        Program.Ended added =
            silence(config, "add", "--rule", rule, "--for", "2h", "--comment", "moving");
        assertThat(added.status()).as(added.err()).isZero();
        Daemon.until(
            "it is heeded", () -> daemon.get("/metrics").contains("portcurfew_silences 1.0"));
        try (ServerSocket open = new ServerSocket(port, 1, LOOPBACK)) {
          assertThat(open.isBound()).isTrue();
          Daemon.until(
              "it fires", () -> daemon.get("/metrics").contains("portcurfew_alerts_silenced 1.0"));
          assertThat(show("alerts", config).out()).contains("firing, silenced");
          JsonNode list =
              new ObjectMapper().readTree(silence(config, "list", "--output", "json").out());
          String id = list.at("/silences/0/id").asString();
          assertThat(list.at("/silences/0/comment").asString()).isEqualTo("moving");
          assertThat(hook.messages()).isEmpty();
          assertThat(silence(config, "end", id).status()).isZero();
          Daemon.until("it is notified", () -> !hook.messages().isEmpty());
          assertThat(what(hook)).containsExactly("PortcurfewOpen firing");
          assertThat(silence(config, "end", id).status()).as("it is over").isEqualTo(2);
        }
        String head = hook.messages().get(0).json().get("history_head").asString();
        Program.Ended proof = show("history", config, "--verify", "--head", head);
        assertThat(proof.status()).as(proof.out()).isZero();
        assertThat(proof.out()).startsWith("The log is intact: ");
        assertThat(daemon.get("/metrics")).contains("portcurfew_history_head_info{head=\"");
      }
      assertThat(show("history", config).out())
          .contains("start ", "silence ", "comment=moving", "silence-end ");
    }
  }

  @Test
  void heartbeatComesWithAScanAndIsNotSaved() throws Exception {
    try (WebhookSink hook = WebhookSink.start()) {
      Path config = config(hook.url());
      String plain = Files.readString(config);
      Files.writeString(
          config, plain.replace("notify:\n", "notify:\n  heartbeat: {receiver: r0, every: 1h}\n"));
      try (Daemon daemon = Daemon.start(config, log())) {
        Daemon.until("it is notified", () -> !hook.messages().isEmpty());
        long scans = daemon.scans();
        Daemon.until("two more scans ended", () -> daemon.scans() >= scans + 2);
        assertThat(what(hook)).containsExactly("PortcurfewHeartbeat firing");
        assertThat(hook.messages().get(0).json().get("history_head").asString()).contains(":");
        assertThat(daemon.get("/metrics"))
            .contains("portcurfew_heartbeats_total{outcome=\"delivered\"} 1.0")
            .contains("portcurfew_last_heartbeat_timestamp_seconds ");
        assertThat(show("alerts", config).out()).startsWith("No alert is active");
      }
    }
  }

  private static Program.Ended silence(Path config, String command, String... options)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(Program.PORTCURFEW, "silence", command));
    all.addAll(List.of("--config", config.toString()));
    all.addAll(List.of(options));
    return Program.run(all);
  }

  @Test
  void pendingNotifications_areDeliveredByTheNextAgent() throws Exception {
    String url;
    try (WebhookSink gone = WebhookSink.start()) {
      url = gone.url();
    }
    Path config = config(url);
    try (Daemon first = Daemon.start(config, log())) {
      try (ServerSocket open = new ServerSocket(port, 1, LOOPBACK)) {
        assertThat(open.isBound()).isTrue();
        untilPending(first, 1);
      }
      untilPending(first, 2);
    }
    try (WebhookSink back = WebhookSink.start();
        Daemon second = Daemon.start(config(back.url()), log())) {
      Daemon.until("both are notified", () -> back.messages().size() == 2);
      assertThat(what(back)).containsExactly("PortcurfewOpen firing", "PortcurfewOpen resolved");
      untilPending(second, 0);
    }
  }

  private static void untilPending(Daemon daemon, int count) throws Exception {
    String line = "portcurfew_outbox_notifications{receiver=\"r0\"} " + count + ".0";
    Daemon.until(line, () -> daemon.get("/metrics").contains(line));
  }

  @Test
  void damagedDatabase_isSetAsideAndReported() throws Exception {
    try (WebhookSink hook = WebhookSink.start()) {
      try (Daemon first = Daemon.start(config(hook.url()), log())) {
        Daemon.until("a scan ended", () -> first.scans() > 0);
        assertThat(first.terminate()).isZero();
      }
      try (RandomAccessFile file =
          new RandomAccessFile(state().resolve("portcurfew.db").toFile(), "rw")) {
        file.seek(4096);
        file.write(new byte[4096]);
      }
      try (Daemon second = Daemon.start(config(hook.url()), log())) {
        Daemon.until("it is notified", () -> !hook.messages().isEmpty());
        assertThat(what(hook)).containsExactly("PortcurfewStoreDamaged firing");
        assertThat(second.log()).contains("is damaged");
        try (var files = Files.newDirectoryStream(state(), "portcurfew.db.damaged-*")) {
          for (Path file : files) {
            Files.delete(file);
          }
        }
        Daemon.until("its end is notified", () -> hook.messages().size() == 2);
        assertThat(what(hook)).endsWith("PortcurfewStoreDamaged resolved");
      }
    }
  }

  @Test
  void refusal_isReportedToTheOthersOnce() throws Exception {
    try (WebhookSink hook = WebhookSink.start();
        Daemon daemon =
            Daemon.start(config(hook.url(), hook.url().replace("/hook", "/none")), log());
        ServerSocket open = new ServerSocket(port, 1, LOOPBACK)) {
      assertThat(open.isBound()).isTrue();
      Daemon.until("the refusal is notified", () -> hook.messages().size() == 2);
      long scans = daemon.scans();
      Daemon.until("three more scans ended", () -> daemon.scans() >= scans + 3);
      assertThat(what(hook))
          .containsExactly("PortcurfewOpen firing", "PortcurfewUndelivered firing");
      assertThat(hook.messages().get(1).annotation("summary")).contains("r1: ").contains("404");
      Daemon.until(
          "the refusal is refused too",
          () ->
              daemon.get("/metrics").contains("portcurfew_outbox_dead_total{receiver=\"r1\"} 2.0"));
    }
  }

  @Test
  void fullDisk_delaysNothingAndIsReported() throws Exception {
    Requirement.root();
    String mount =
        "mkdir -p "
            + state()
            + " && mount -t tmpfs -o size=16m,mode=700 tmpfs "
            + state()
            + "; exec \"$@\"";
    List<String> prefix = List.of("unshare", "--mount", "sh", "-c", mount, "sh");
    try (WebhookSink hook = WebhookSink.start();
        Daemon daemon = Daemon.start(prefix, config(hook.url()), log())) {
      Path disk = Path.of("/proc", Long.toString(daemon.pid()), "root" + state());
      Path filler = disk.resolve("filler");
      Program.run("sh", "-c", "cat /dev/zero > " + filler);
      try (ServerSocket open = new ServerSocket(port, 1, LOOPBACK)) {
        assertThat(open.isBound()).isTrue();
        List<String> both = List.of("PortcurfewOpen firing", "PortcurfewStoreNotWritable firing");
        Daemon.until("both are notified", () -> what(hook).containsAll(both));
        assertThat(daemon.get("/metrics")).contains("portcurfew_store_writable 0.0");
        Files.delete(filler);
        Daemon.until(
            "it is written",
            () -> daemon.get("/metrics").contains("portcurfew_store_writable 1.0"));
        Daemon.until(
            "its end is notified",
            () -> what(hook).contains("PortcurfewStoreNotWritable resolved"));
      }
    }
  }
}
