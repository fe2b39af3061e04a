package io.portcurfew.report;

import io.portcurfew.alert.Alert;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of a host in a period.
 *
 * @param from its begin
 * @param head the head of the audit log; {@code null} if the history cannot be read
 * @param alerts the alerts that were open at some time
 * @param silences one sentence each
 * @param changes one sentence each
 * @param pauses the times in which no agent ran
 */
public record ObservedPeriod(
    Instant from,
    @Nullable String head,
    List<Alert> alerts,
    List<String> silences,
    List<String> changes,
    List<UnseenTime> pauses) {

  public ObservedPeriod {
    alerts = List.copyOf(alerts);
    silences = List.copyOf(silences);
    changes = List.copyOf(changes);
    pauses = List.copyOf(pauses);
  }

  /** No history: the report is about one moment. */
  public static ObservedPeriod none(Instant now) {
    return new ObservedPeriod(now, null, List.of(), List.of(), List.of(), List.of());
  }
}
