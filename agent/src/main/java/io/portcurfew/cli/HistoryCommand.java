package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.HistoryOptions;
import io.portcurfew.cli.text.HistoryText;
import io.portcurfew.cli.text.VerificationText;
import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.SocketPlaceJson;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.output.AlertsJson;
import io.portcurfew.output.VerdictJson;
import io.portcurfew.store.History;
import io.portcurfew.store.audit.LogHead;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code history}: prints past listeners, owners, alerts and notifications. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Prints past listeners and their owners, and the notifications with their results. The"
          + " history covers 90 days. Run it as root or as the user of the agent.",
      "",
      "With --verify it checks the audit log of alerts, starts, stops, reloads, gaps and silences"
          + " instead: each entry holds a hash of the previous one. To prove that the end was not"
          + " cut off, pass a head that was recorded elsewhere: every notification contains it, and"
          + " the metric portcurfew_history_head_info has one of each day."
    },
    footer = {
      "",
      "Exit status: 0 if the history is printed or the log is intact; 1 if the log was altered; "
          + Exit.NO_DATA
          + Exit.COMMON
    })
final class HistoryCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private HistoryOptions options;

  @Option(
      names = "--verify",
      description = "Checks that the audit log is intact, or names the first wrong entry.")
  private boolean verify;

  @Option(
      names = "--head",
      paramLabel = "ENTRY:HASH",
      converter = ToHead.class,
      description = "With --verify: an entry that was recorded elsewhere, to compare with the log.")
  private @Nullable LogHead head;

  @Override
  public Integer call() {
    if (!verify && head != null) {
      throw new ParameterException(spec.commandLine(), "--head requires --verify.");
    }
    return verify
        ? options.verify(spec, head, VerificationText::table, VerificationText::json)
        : options.print(spec, HistoryText::of, HistoryCommand::json);
  }

  /** Parses the head of a log. */
  static final class ToHead implements ITypeConverter<LogHead> {
    @Override
    public LogHead convert(String text) {
      return LogHead.parse(text)
          .orElseThrow(
              () -> new TypeConversionException("expected a number, a colon and 64 digits"));
    }
  }

  /** The history as JSON, schema 1. */
  public static String json(History history, Instant since) throws History.Unreadable {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    List<History.ListenerEntry> entries = history.listeners(since);
    root.put(
        "listeners",
        entries.stream()
            .filter(entry -> entry.place() instanceof Endpoint)
            .map(HistoryCommand::tree)
            .toList());
    root.put(
        "sockets",
        entries.stream()
            .filter(entry -> entry.place() instanceof SocketPlace)
            .map(HistoryCommand::tree)
            .toList());
    root.put(
        "notifications", history.notifications(since).stream().map(HistoryCommand::tree).toList());
    root.put("log", history.entries(since).stream().map(HistoryCommand::tree).toList());
    return Json.pretty(root);
  }

  private static Map<String, Object> tree(History.ListenerEntry seen) {
    Instant last = seen.last();
    Map<String, Object> tree = new LinkedHashMap<>();
    if (seen.place() instanceof Endpoint endpoint) {
      tree.put("endpoint", EndpointJson.tree(endpoint));
    } else {
      tree.put("socket", SocketPlaceJson.tree((SocketPlace) seen.place()));
    }
    tree.put("first_seen", VerdictJson.time(seen.first()));
    tree.put("last_seen", last == null ? null : VerdictJson.time(last));
    tree.put("owners", seen.owners().stream().map(OwnerJson::tree).toList());
    return tree;
  }

  private static Map<String, Object> tree(History.HistoryEntry entry) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("entry", entry.number());
    tree.put("at", VerdictJson.time(entry.at()));
    tree.put("what", entry.what());
    tree.put("details", entry.details().map());
    return tree;
  }

  private static Map<String, Object> tree(History.NotificationEntry entry) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", entry.notification().id());
    tree.put("at", VerdictJson.time(entry.at()));
    tree.put("reason", entry.notification().reason().label());
    tree.put("alert", AlertsJson.tree(entry.notification().alert()));
    tree.put("deliveries", entry.outcomes().stream().map(HistoryCommand::tree).toList());
    return tree;
  }

  private static Map<String, Object> tree(History.Outcome outcome) {
    Instant at = outcome.at();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("receiver", outcome.receiver());
    tree.put("state", outcome.state());
    tree.put("attempts", outcome.attempts());
    tree.put("at", at == null ? null : VerdictJson.time(at));
    tree.put("why", outcome.why());
    return tree;
  }
}
