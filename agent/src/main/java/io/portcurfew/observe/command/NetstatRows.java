package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shared code of the parsers of netstat and sockstat. */
public final class NetstatRows {

  /**
   * The maximum length of a row. Longer lines are not matched against a pattern, to limit the time.
   */
  public static final int LONGEST = 4096;

  /** The gap of owners for every user except root. */
  public static final String NO_RIGHT =
      "no right to see the owners of other users' sockets: run it as root";

  private NetstatRows() {}

  /** Returns the protocol of a word such as {@code tcp46}. */
  static Protocol protocol(String word) {
    return Protocol.valueOf(word.substring(0, 3).toUpperCase(Locale.ROOT));
  }

  /** True if a word has a port or a placeholder for one; a word without is damaged. */
  static boolean hasPort(String word, char separator) {
    int at = word.lastIndexOf(separator);
    return at > 0 && at < word.length() - 1;
  }

  /** True if a foreign address has no port, so the socket has no peer. */
  static boolean isNobody(String word, char separator) {
    return HostPort.parse(word, separator).filter(far -> far.port() == null).isPresent();
  }

  /**
   * Adds the listener of a row; a row with unreadable parts becomes a gap.
   *
   * @param word the local address
   * @param address the address of the host; empty if it is not a literal
   * @return the endpoint of the listener, if there is one
   */
  static Optional<Endpoint> listener(
      ViewBuilder view,
      Protocol protocol,
      String word,
      char separator,
      Function<HostPort, Optional<Address>> address,
      @Nullable Boolean dualStack,
      List<Owner> owners,
      String line) {
    Optional<HostPort> local = HostPort.parse(word, separator);
    Integer port = local.map(HostPort::port).orElse(null);
    if (local.isEmpty()) {
      boolean named = HostPort.namesPort(word, separator);
      view.unreadable(named ? "a port by name: run it with -n" : "no port", ByteText.raw(line));
      return Optional.empty();
    }
    if (port == null) {
      view.understood();
      return Optional.empty();
    }
    Optional<Endpoint> endpoint =
        address.apply(local.get()).map(where -> new Endpoint(protocol, where, port));
    endpoint.ifPresentOrElse(
        found -> view.listener(found, dualStack, owners),
        () -> view.unreadable("no numeric address: run it with -n", ByteText.raw(line)));
    return endpoint;
  }

  /**
   * Returns the process of a row; empty for pid 0, which means no process.
   *
   * @param name the printed name, or {@code null}
   */
  static List<Owner> owner(String pid, @Nullable String name) {
    String text = unpadded(name);
    HostText visible = text.isEmpty() ? null : HostText.of(ByteText.raw(text));
    return ByteText.pid(pid).map(number -> new Owner(number, visible, null, null, null)).stream()
        .toList();
  }

  /** Removes the padding spaces of a column; control characters of a name stay. */
  static String unpadded(@Nullable String column) {
    if (column == null) {
      return "";
    }
    int start = 0;
    int end = column.length();
    while (start < end && isBlank(column.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(column.charAt(end - 1))) {
      end--;
    }
    return column.substring(start, end);
  }

  /** Returns the first word of a text, or an empty one. */
  static String firstWord(String text) {
    int end = 0;
    while (end < text.length() && !isBlank(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }

  /** Returns the text after the first word. */
  static String afterFirstWord(String text) {
    return unpadded(text.substring(firstWord(text).length()));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
