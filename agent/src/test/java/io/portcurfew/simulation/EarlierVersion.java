package io.portcurfew.simulation;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.notify.Notification;
import io.portcurfew.store.EarlierVersionTest;
import io.portcurfew.store.History;
import io.portcurfew.store.SilenceWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The state folder of an agent 0.1.0, in which port 611 fires by a rule that is gone. */
final class EarlierVersion {

  /** From the start of the simulated time until after the end of that agent. */
  static final Duration LATER = Duration.ofDays(4);

  private static final String FIRING = "c6c5fff47c30032e";
  private static final String SILENCE_OF_MONTHS = "4925af71";

  /** While that agent ran: a clock that is set back must not make it active again. */
  private static final Instant END_OF_SILENCE = Instant.parse("2026-11-26T14:26:10Z");

  private EarlierVersion() {}

  static void copyInto(Path folder) {
    try (InputStream key = resource("key");
        InputStream database = new GZIPInputStream(resource("portcurfew.db.gz"))) {
      copy(key, folder.resolve("key"));
      copy(database, folder.resolve("portcurfew.db"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (SilenceWriter silences = SilenceWriter.in(folder)) {
      silences.end(SILENCE_OF_MONTHS, END_OF_SILENCE, "root");
    } catch (History.Unreadable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(InputStream from, Path to) throws IOException {
    Files.copy(from, to);
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(EarlierVersionTest.class.getResourceAsStream("0.1.0/" + name));
  }

  /** True if this receiver was sent the end of the alert that fired before the upgrade. */
  static boolean endsFor(SimulatedReceiver receiver) {
    return hasEnd(receiver.accepted()) || hasEnd(receiver.refused());
  }

  /** True if the agent before the upgrade raised this alert: its host is not simulated. */
  static boolean raised(Alert alert) {
    return alert.id().equals(FIRING);
  }

  private static boolean hasEnd(List<SimulatedReceiver.Accepted> answered) {
    for (Notification one : Oracle.shown(answered)) {
      if (raised(one.alert()) && one.alert().state() == AlertState.RESOLVED) {
        return true;
      }
    }
    return false;
  }
}
