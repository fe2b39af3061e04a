package io.portcurfew.notify.message;

import io.portcurfew.alert.NotificationState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the parts of an alert read wherever they are told. */
public final class AlertText {

  /** The most owners, and lines of evidence, that are told one by one. */
  public static final int MOST = 20;

  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private AlertText() {}

  /** What the line of a log begins with. */
  static String word(Reason reason) {
    return reason == Reason.FIRST ? "ALERT" : reason.name();
  }

  /** What is said of the alert, and how often it came and went where it does. */
  public static String said(Notification notification) {
    String message = notification.alert().finding().message();
    int changes = notification.alert().notificationState().changes().size();
    return notification.reason() == Reason.FLAPPING
        ? "%s; it comes and goes: %d changes within %d min"
            .formatted(message, changes, NotificationState.WINDOW.toMinutes())
        : message;
  }

  /** What many notifications come to, and the first of their alerts. */
  public static String said(Summary summary) {
    return summary.text()
        + ". The worst: "
        + first(summary.shown(), one -> one.alert().finding().message(), "; ")
        + ". All are listed by: portcurfew alerts";
  }

  /** All in one line, as the log and syslog have it. */
  public static String line(Notification notification) {
    Summary summary = notification.summary();
    if (summary != null) {
      return oneLine("SUMMARY " + summary.worst().label() + " " + said(summary));
    }
    Finding finding = notification.alert().finding();
    boolean over = notification.reason() == Reason.RESOLVED;
    return oneLine(
        word(notification.reason())
            + " "
            + finding.kind().label()
            + " "
            + finding.severity().label()
            + " "
            + finding.rule()
            + (over ? ", no longer: " : " ")
            + said(notification));
  }

  /** No more than so many characters, and marked where it is cut. */
  public static String cut(String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most - 3)) + "...";
  }

  /** In UTC with milliseconds, as RFC 3339 writes it. */
  public static String time(Instant instant) {
    return RFC_3339.format(instant);
  }

  /** As in {@code pid 4711 /usr/bin/python3.11 as root}, several after each other. */
  public static String owners(List<Owner> owners) {
    return first(owners, AlertText::owner, ", ");
  }

  /** The first of them, each as told by {@code words}, and how many more there are. */
  static <T> String first(List<T> all, Function<T, String> words, String between) {
    Stream<String> told = all.stream().limit(MOST).map(words);
    int rest = all.size() - MOST;
    return (rest > 0 ? Stream.concat(told, Stream.of("and " + rest + " more")) : told)
        .collect(Collectors.joining(between));
  }

  private static String owner(Owner owner) {
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

  /** In quotes where it could be taken for more than one word. */
  private static String word(HostText text) {
    String visible = text.toString();
    boolean plain = !visible.isEmpty() && visible.chars().noneMatch(c -> " \",".indexOf(c) >= 0);
    return plain ? visible : '"' + quoted(visible) + '"';
  }

  /** To stand between double quotes; unambiguous since a {@link HostText} doubles a backslash. */
  public static String quoted(String visible) {
    return visible.replace("\"", "\\\"");
  }

  /** On lines that hold nothing that does not show. */
  public static String lines(String words) {
    return words.replaceAll("[\\p{Cntrl}\\u2028\\u2029&&[^\n]]", " ").strip();
  }

  /** On one line, also where the words come from a policy that breaks its lines. */
  public static String oneLine(String words) {
    return words.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
  }
}
