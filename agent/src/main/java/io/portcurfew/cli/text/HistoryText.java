package io.portcurfew.cli.text;

import io.portcurfew.observe.Owner;
import io.portcurfew.output.VerdictJson;
import io.portcurfew.store.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The text of {@code history}: one line per event, the earliest first. */
public final class HistoryText {

  private record HistoryLine(Instant at, String text) {}

  private HistoryText() {}

  /** Renders the events since a moment. */
  public static String of(History history, Instant since) throws History.Unreadable {
    List<HistoryLine> lines = new ArrayList<>();
    for (History.ListenerEntry seen : history.listeners(since)) {
      add(seen, since, lines);
    }
    history.notifications(since).forEach(entry -> lines.add(line(entry)));
    history.entries(since).stream()
        .filter(entry -> !entry.what().equals("alert"))
        .forEach(entry -> lines.add(line(entry)));
    if (lines.isEmpty()) {
      return "No events since " + VerdictJson.time(since) + ".\n";
    }
    return lines.stream()
        .sorted(Comparator.comparing(HistoryLine::at))
        .map(line -> VerdictJson.time(line.at) + "  " + line.text + "\n")
        .collect(Collectors.joining());
  }

  private static void add(History.ListenerEntry seen, Instant since, List<HistoryLine> into) {
    Instant last = seen.last();
    if (!seen.first().isBefore(since)) {
      into.add(new HistoryLine(seen.first(), "seen      " + seen.place() + by(seen.owners())));
    }
    if (last != null && !last.isBefore(since)) {
      into.add(new HistoryLine(last, "last seen " + seen.place() + by(seen.owners())));
    }
  }

  private static String by(List<Owner> owners) {
    return owners.isEmpty()
        ? ", owner unknown"
        : owners.stream().map(Owner::toString).collect(Collectors.joining(", ", ", held by ", ""));
  }

  private static HistoryLine line(History.HistoryEntry entry) {
    String details =
        entry.details().map().entrySet().stream()
            .map(detail -> " " + detail.getKey() + "=" + detail.getValue())
            .sorted()
            .collect(Collectors.joining());
    return new HistoryLine(entry.at(), String.format(Locale.ROOT, "%-9s", entry.what()) + details);
  }

  private static HistoryLine line(History.NotificationEntry entry) {
    String message = entry.notification().alert().finding().message().replaceAll("\\R", " ");
    String to =
        entry.outcomes().stream().map(HistoryText::outcome).collect(Collectors.joining(", "));
    return new HistoryLine(
        entry.at(),
        "notified  " + entry.notification().reason().label() + ": " + message + " | " + to);
  }

  private static String outcome(History.Outcome outcome) {
    Instant at = outcome.at();
    String attempts = outcome.attempts() > 1 ? " at attempt " + outcome.attempts() : "";
    String when = at == null ? "" : " " + VerdictJson.time(at);
    String why = outcome.why() == null ? "" : " (" + outcome.why() + ")";
    return outcome.receiver() + " " + outcome.state() + when + attempts + why;
  }
}
