package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.ViewBuilder;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the parsers of netstat and sockstat do alike. */
public final class NetstatRows {

  /** No tool prints a longer row; a longer line is not worth the time of a pattern. */
  public static final int LONGEST = 4096;

  /** What everybody but root is told of owners. */
  public static final String NO_RIGHT =
      "no right to see the owners of other users' sockets: run it as root";

  private NetstatRows() {}

  /** The protocol that a word such as {@code tcp46} begins with. */
  static Protocol protocol(String word) {
    return Protocol.valueOf(word.substring(0, 3).toUpperCase(Locale.ROOT));
  }

  /** Whether a word has a port or what stands for one: where it has none, the row is damaged. */
  static boolean hasPort(String word, char separator) {
    int at = word.lastIndexOf(separator);
    return at > 0 && at < word.length() - 1;
  }

  /** Whether a foreign address stands for nobody in particular: it has no port. */
  static boolean isNobody(String word, char separator) {
    return HostPort.parse(word, separator).filter(far -> far.port() == null).isPresent();
  }

  /**
   * Adds the listener that a row tells of; where the row cannot be told whole, it is a gap.
   *
   * @param word the local address
   * @param address what the host stands for; nothing where it is no literal
   * @return the listener's endpoint, where there is one
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
        () -> view.unreadable("no address, or one by name: run it with -n", ByteText.raw(line)));
    return endpoint;
  }

  /**
   * The process that a row names; none for pid 0, which stands for nobody.
   *
   * @param name what the tool prints as its name, or {@code null}
   */
  static List<Owner> owner(String pid, @Nullable String name) {
    String text = unpadded(name);
    HostText visible = text.isEmpty() ? null : CaptureText.visible(text);
    return ByteText.pid(pid).map(number -> new Owner(number, visible, null, null, null)).stream()
        .toList();
  }

  /** A column without the blanks that fill it up; control characters of a name stay. */
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

  /** The first word of a text, or an empty one. */
  static String firstWord(String text) {
    int end = 0;
    while (end < text.length() && !isBlank(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }

  /** What follows the first word of a text. */
  static String afterFirstWord(String text) {
    return unpadded(text.substring(firstWord(text).length()));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
