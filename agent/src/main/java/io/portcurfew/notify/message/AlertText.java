package io.portcurfew.notify.message;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.NotificationState;
import io.portcurfew.alert.Reason;
import io.portcurfew.json.Json;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails.Ancestor;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Text forms of an alert and its parts. */
public final class AlertText {

  /** The maximum of owners and lines of evidence in a text. */
  public static final int MOST = 20;

  private static final String CUT = "...";

  private AlertText() {}

  /** The first word of a log line. */
  static String word(Reason reason) {
    return reason == Reason.FIRST ? "ALERT" : reason.label().toUpperCase(Locale.ROOT);
  }

  /**
   * The message of an alert; a flapping alert adds its number of changes, and one that fired before
   * its receiver was added the time of its start.
   */
  public static String message(Notification notification) {
    Alert alert = notification.alert();
    String text = alert.finding().message();
    return switch (notification.reason()) {
      case FLAPPING ->
          "%s; it is flapping: %d changes within %d min"
              .formatted(
                  text,
                  alert.notificationState().changes().size(),
                  NotificationState.WINDOW.toMinutes());
      case ALREADY_FIRING -> text + " (firing since " + time(alert.startsAt()) + ")";
      default -> text;
    };
  }

  /** The message of a summary: the counts and the first of its alerts. */
  public static String message(Summary summary) {
    return summary.text()
        + ". The worst: "
        + first(summary.shown(), one -> one.alert().finding().message(), "; ")
        + ". List all of them with: portcurfew alerts";
  }

  /** A notification on one line, for the log and syslog. */
  public static String line(Notification notification) {
    Summary summary = notification.summary();
    if (summary != null) {
      return oneLine("SUMMARY " + summary.worst().label() + " " + message(summary));
    }
    Finding finding = notification.alert().finding();
    if (notification.reason() == Reason.RESOLVED) {
      return oneLine("RESOLVED " + finding.rule() + ": " + message(notification));
    }
    return oneLine(
        word(notification.reason())
            + " "
            + finding.kind().label()
            + " "
            + finding.severity().label()
            + " "
            + finding.rule()
            + " "
            + message(notification));
  }

  /** Cuts a text to this number of characters and marks the cut. */
  public static String cut(String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most - CUT.length())) + CUT;
  }

  /** Cuts the middle out of a text, since both ends of a path say most. */
  static String cutMiddle(String text, int most) {
    int length = text.codePointCount(0, text.length());
    if (length <= most) {
      return text;
    }
    int head = (most - CUT.length()) / 2;
    int tail = most - CUT.length() - head;
    return text.substring(0, text.offsetByCodePoints(0, head))
        + CUT
        + text.substring(text.offsetByCodePoints(text.length(), -tail));
  }

  /** A time in UTC with milliseconds (RFC 3339). */
  public static String time(Instant instant) {
    return Json.time(instant);
  }

  /** The owners, as in {@code pid 4711 /usr/bin/python3.11 as root}, separated by commas. */
  public static String owners(List<Owner> owners) {
    return first(owners, AlertText::owner, ", ");
  }

  /** The parents of the owners, as in {@code sshd[640]}, each once, separated by commas. */
  public static String parents(List<Owner> owners) {
    List<Ancestor> parents =
        owners.stream().flatMap(owner -> owner.parent().stream()).distinct().toList();
    return first(parents, AlertText::ancestor, ", ");
  }

  private static String ancestor(Ancestor ancestor) {
    HostText name = ancestor.name();
    return (name == null ? "pid" : word(name)) + "[" + ancestor.pid() + "]";
  }

  /** The first elements, formatted by {@code words}, and the number of the others. */
  static <T> String first(List<T> all, Function<T, String> words, String between) {
    Stream<String> shown = all.stream().limit(MOST).map(words);
    int rest = all.size() - MOST;
    return (rest > 0 ? Stream.concat(shown, Stream.of("and " + rest + " more")) : shown)
        .collect(Collectors.joining(between));
  }

  private static String owner(Owner owner) {
    if (owner.kernel() != null) {
      return owner.toString();
    }
    HostText program = owner.executable() != null ? owner.executable() : owner.name();
    return "pid "
        + owner.pid()
        + (program == null ? "" : " " + word(program))
        + user(owner.user(), owner.uid());
  }

  private static String user(@Nullable HostText name, @Nullable Long uid) {
    if (name != null) {
      return " as " + word(name);
    }
    return uid == null ? "" : " as uid " + uid;
  }

  /** Quotes a text that could be read as more than one word. */
  private static String word(HostText text) {
    return word(text.toString());
  }

  /** Quotes an escaped text of the host that could be read as more than one word. */
  static String word(String visible) {
    boolean plain = !visible.isEmpty() && visible.chars().noneMatch(c -> " \",".indexOf(c) >= 0);
    return plain ? visible : '"' + quoted(visible) + '"';
  }

  /** Escapes a text for double quotes; unambiguous since a {@link HostText} doubles a backslash. */
  public static String quoted(String visible) {
    return visible.replace("\"", "\\\"");
  }

  /** Replaces control characters other than line breaks. */
  public static String lines(String words) {
    return words.replaceAll("[\\p{Cntrl}\\u2028\\u2029&&[^\n]]", " ").strip();
  }

  /** Puts a text on one line, such as a text of the policy with line breaks. */
  public static String oneLine(String words) {
    return words.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
  }
}
