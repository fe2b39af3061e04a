package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.json.Json;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.policy.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class CommandNotifierTest {

  @TempDir private Path folder;

  private CommandNotifier running(String script, Duration timeout, String... arguments)
      throws IOException {
    Path program = Files.writeString(folder.resolve("page"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    CommandSettings settings = new CommandSettings(program, List.of(arguments), timeout);
    return new CommandNotifier("page", settings, "portcurfew/1");
  }

  private CommandNotifier running(String script) throws IOException {
    return running(script, Duration.ofSeconds(30));
  }

  @Test
  void commandGetsThePayloadAndItsArguments() throws Exception {
    Path out = folder.resolve("out");
    Path words = folder.resolve("words");
    Path environment = folder.resolve("environment");
    CommandNotifier notifier =
        running(
            "cat > "
                + out
                + "; printf '%s\\n' \"$@\" > "
                + words
                + "; env > "
                + environment
                + "; echo paged",
            Duration.ofSeconds(30),
            "to ops; reboot",
            "$(id)");
    assertThat(notifier.deliver(SampleNotifications.first()))
        .isEqualTo(new Delivery.Delivered("exit status 0: paged"));
    JsonNode body = new JsonMapper().readTree(Files.readString(out));
    assertThat(body.get("id").asString()).isEqualTo("n1");
    assertThat(body.at("/alerts/0/labels/port").asString()).isEqualTo("611");
    assertThat(Files.readAllLines(words)).containsExactly("to ops; reboot", "$(id)");
    assertThat(Files.readAllLines(environment))
        .contains("LC_ALL=C")
        .noneMatch(line -> line.startsWith("HOME="));
  }

  @ParameterizedTest
  @CsvSource({"0,Delivered", "65,Refused", "1,Retry", "75,Retry", "127,Retry"})
  void exitStatusDecidesTheOutcome(int status, String outcome) throws Exception {
    Delivery delivery =
        running("cat > /dev/null; echo 'no pager' >&2; exit " + status)
            .deliver(SampleNotifications.first());
    assertThat(delivery.getClass().getSimpleName()).isEqualTo(outcome);
    assertThat(delivery.toString().contains("exit status " + status + ": no pager"))
        .isEqualTo(status != 0);
  }

  @Test
  void hangingCommand_isEndedWithItsChildren() throws Exception {
    Path child = folder.resolve("child");
    CommandNotifier notifier =
        running("sleep 1000 & echo $! > " + child + "; wait", Duration.ofMillis(500));
    Delivery outcome = notifier.deliver(SampleNotifications.first());
    assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    assertThat(((Delivery.Retry) outcome).why()).contains("it did not end within 500 ms");
    long pid = Long.parseLong(Files.readString(child).strip());
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    // A killed process may be a zombie.
    assertThat(!Files.exists(stat) || Files.readString(stat).contains(") Z")).isTrue();
  }

  @Test
  void commandThatDoesNotRead_doesNotBlock() throws Exception {
    List<Notification> many =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    SampleNotifications.first(
                        "n" + i,
                        SampleNotifications.finding(Severity.WARNING, SampleNotifications.NPMP)))
            .map(
                one ->
                    new Notification(
                        one.id(),
                        Reason.FIRST,
                        new Alert(
                            one.id(),
                            one.alert().state(),
                            one.alert().finding(),
                            SampleNotifications.NOON,
                            null),
                        one.host(),
                        one.policy()))
            .toList();
    Notification large = Notification.of(many);
    assertThat(running("exit 0").deliver(large)).isEqualTo(new Delivery.Delivered("exit status 0"));
    assertThat(running("sleep 1000", Duration.ofMillis(500)).deliver(large).toString())
        .contains("it did not end within 500 ms");
  }

  @Test
  void hostileNamesArriveUnchanged() throws Exception {
    Path out = folder.resolve("out");
    CommandNotifier notifier = running("cat >> " + out);
    List<Notification> all = HostileNames.notifications(20, 611);
    for (Notification one : all) {
      assertThat(notifier.deliver(one)).isEqualTo(new Delivery.Delivered("exit status 0"));
    }
    assertThat(Files.readAllLines(out))
        .containsExactlyElementsOf(
            all.stream()
                .map(one -> Json.compact(AlertPayload.of(one, "page", "portcurfew/1")))
                .toList());
  }

  @Test
  void missingCommand_isARetry() throws Exception {
    CommandNotifier notifier = running("exit 0");
    Files.delete(folder.resolve("page"));
    assertThat(notifier.deliver(SampleNotifications.first()).toString())
        .contains("could not be started");
  }
}
