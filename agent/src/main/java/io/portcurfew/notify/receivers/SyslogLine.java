package io.portcurfew.notify.receivers;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A notification as a message of RFC 5424: header, structured data, a byte order mark and one line
 * of UTF-8.
 */
final class SyslogLine {

  /**
   * The name of the structured data. 32473 is the enterprise number for examples (RFC 5612): no
   * number is registered for this program.
   */
  static final String ID = "portcurfew@32473";

  private static final String BOM = "\uFEFF";

  /**
   * The maximum length of values; the first one is used with which they fill half of the message at
   * most.
   */
  private static final int[] LENGTHS = {256, 128, 64, 32, 16};

  private SyslogLine() {}

  /**
   * Makes a message of a maximum length.
   *
   * @param words the text after the structured data, on one line
   * @param facility 0 to 23
   * @param most the maximum of bytes; 2048 or more, which every receiver should accept (RFC 5424,
   *     6.1)
   */
  static byte[] of(Notification one, String words, int facility, Instant now, int most) {
    String start = head(one, facility, now) + structured(one, most / 2) + " " + BOM;
    return message(start, words, most);
  }

  /** The same without structured data and byte order mark, for a text with a format of its own. */
  static byte[] plain(Notification one, String words, int facility, Instant now, int most) {
    return message(head(one, facility, now) + "- ", words, most);
  }

  private static String head(Notification one, int facility, Instant now) {
    return "<%d>1 %s %s portcurfew - %s "
        .formatted(
            facility * 8 + severity(one),
            AlertText.time(now),
            hostName(one.host()),
            one.reason().name().toUpperCase(Locale.ROOT));
  }

  private static byte[] message(String head, String words, int most) {
    byte[] start = bytes(head);
    byte[] line = bytes(words);
    int room = whole(line, Math.max(0, most - start.length));
    byte[] message = Arrays.copyOf(start, start.length + room);
    System.arraycopy(line, 0, message, start.length, room);
    return message;
  }

  /** The text, by the operator's template if there is one. */
  static String words(Notification one, @Nullable TextTemplate own) {
    return AlertText.oneLine(TextTemplate.words(own, one, AlertText.line(one)));
  }

  /** The longest prefix within a maximum that ends with a whole UTF-8 character. */
  private static int whole(byte[] utf8, int most) {
    int end = Math.min(most, utf8.length);
    while (end > 0 && end < utf8.length && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return end;
  }

  /** Critical, warning, informational; a resolution is a notice (RFC 5424, 6.2.1). */
  private static int severity(Notification one) {
    if (one.reason() == Reason.RESOLVED) {
      return 5;
    }
    return switch (one.alert().finding().severity()) {
      case CRITICAL -> 2;
      case WARNING -> 4;
      case INFO -> 6;
    };
  }

  private static String hostName(String host) {
    String visible = host.replaceAll("[^!-~]", "_");
    return visible.isEmpty() ? "-" : visible.substring(0, Math.min(255, visible.length()));
  }

  private static String structured(Notification one, int most) {
    String data = "";
    for (int length : LENGTHS) {
      data = structured(pairs(one), length);
      if (bytes(data).length <= most) {
        return data;
      }
    }
    return data;
  }

  private static String structured(Map<String, String> pairs, int length) {
    StringBuilder data = new StringBuilder("[").append(ID);
    pairs.forEach(
        (name, value) ->
            data.append(' ')
                .append(name)
                .append("=\"")
                .append(escaped(AlertText.cut(AlertText.oneLine(value), length)))
                .append('"'));
    return data.append(']').toString();
  }

  private static String escaped(String value) {
    return value.replaceAll("([\\\\\"\\]])", "\\\\$1");
  }

  private static Map<String, String> pairs(Notification one) {
    Alert alert = one.alert();
    Finding finding = alert.finding();
    Summary summary = one.summary();
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put("id", one.id());
    pairs.put("reason", one.reason().label());
    pairs.put("severity", severityOf(one).label());
    pairs.put("policy", one.policy());
    String head = one.head();
    if (head != null) {
      pairs.put("history", head);
    }
    if (summary != null) {
      pairs.put("notifications", Integer.toString(summary.count()));
      return pairs;
    }
    pairs.put("alert", alert.id());
    pairs.put("kind", finding.kind().label());
    pairs.put("rule", finding.rule());
    pairs.put("startsAt", AlertText.time(alert.startsAt()));
    Instant endsAt = alert.endsAt();
    if (endsAt != null) {
      pairs.put("endsAt", AlertText.time(endsAt));
    }
    putEndpoint(pairs, finding.endpoint());
    if (finding.namespace() != null) {
      pairs.put("namespace", finding.namespace());
    }
    if (!finding.owners().isEmpty()) {
      pairs.put("owner", AlertText.owners(finding.owners()));
    }
    String parents = AlertText.parents(finding.owners());
    if (!parents.isEmpty()) {
      pairs.put("parent", parents);
    }
    return pairs;
  }

  private static Severity severityOf(Notification one) {
    return one.alert().finding().severity();
  }

  private static void putEndpoint(Map<String, String> pairs, @Nullable Endpoint endpoint) {
    if (endpoint != null) {
      pairs.put("protocol", endpoint.protocol().label());
      pairs.put("address", endpoint.address().toString());
      pairs.put("port", Integer.toString(endpoint.port()));
      pairs.put("namespace", endpoint.namespace());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
