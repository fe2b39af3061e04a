package io.portcurfew.cli;

import io.portcurfew.alert.Silence;
import io.portcurfew.report.ObservedPeriod;
import io.portcurfew.report.UnseenTime;
import io.portcurfew.store.History;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.audit.VerificationResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what a report needs of the history of an agent. */
final class ReportHistory {

  private static final Set<String> CHANGES =
      Set.of(AuditLog.START, AuditLog.STOP, "reload", "clock-jump", "gap", "gap-over");

  private ReportHistory() {}

  /**
   * Reads the period from {@code since} on, or from the begin of the history if that is later.
   *
   * @param now the end of the period
   */
  static ObservedPeriod of(History history, Instant since, Instant now) throws History.Unreadable {
    Instant begin = history.begin().orElse(now);
    Instant from = begin.isAfter(since) ? begin : since;
    VerificationResult verified = history.verify(null);
    List<String> changes = new ArrayList<>();
    if (verified.broken() != null) {
      changes.add("the audit log is not intact: " + verified.broken());
    }
    for (History.HistoryEntry entry : history.entries(from)) {
      if (CHANGES.contains(entry.what())) {
        changes.add(text(entry));
      }
    }
    List<String> silences = history.silences(from).stream().map(ReportHistory::text).toList();
    String head = verified.broken() == null ? verified.head().toString() : null;
    return new ObservedPeriod(
        from,
        head,
        history.alerts(from),
        silences,
        changes,
        pauses(history.startsAndStops(), from, now));
  }

  /** The times from an orderly stop to the next start, or to the end of the period. */
  static List<UnseenTime> pauses(
      List<History.HistoryEntry> startsAndStops, Instant from, Instant now) {
    List<UnseenTime> pauses = new ArrayList<>();
    Instant stopped = null;
    for (History.HistoryEntry entry : startsAndStops) {
      add(pauses, stopped, entry.at(), from);
      stopped = entry.what().equals(AuditLog.STOP) ? entry.at() : null;
    }
    add(pauses, stopped, now, from);
    return pauses;
  }

  private static void add(
      List<UnseenTime> pauses, @Nullable Instant stopped, Instant end, Instant from) {
    if (stopped != null && end.isAfter(from)) {
      pauses.add(UnseenTime.ofPause(stopped.isBefore(from) ? from : stopped, end));
    }
  }

  /** A line of the report, without fractions of a second. */
  static String text(History.HistoryEntry entry) {
    String details =
        entry.details().map().entrySet().stream()
            .map(detail -> detail.getKey() + " " + detail.getValue())
            .collect(Collectors.joining(", ", ": ", ""));
    return entry.at().truncatedTo(ChronoUnit.SECONDS)
        + " "
        + entry.what()
        + (entry.details().map().isEmpty() ? "" : details);
  }

  private static String text(Silence silence) {
    return "%s to %s by %s: %s (%s)"
        .formatted(
            silence.startsAt().truncatedTo(ChronoUnit.SECONDS),
            silence.endsAt().truncatedTo(ChronoUnit.SECONDS),
            silence.author(),
            silence.comment(),
            silence.rule() != null ? "rule " + silence.rule() : "endpoint " + silence.endpoint());
  }
}
