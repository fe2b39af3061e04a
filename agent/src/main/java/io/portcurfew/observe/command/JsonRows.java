package io.portcurfew.observe.command;

import io.portcurfew.json.JsonText;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.process.ByteText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shared code of the JSON parsers: reads objects as rows, and values as text or numbers. */
final class JsonRows {

  private JsonRows() {}

  /**
   * Parses all values of a text.
   *
   * @return empty if the text is not valid JSON to its end; the view then has a gap
   */
  static List<Object> values(ViewBuilder view, byte[] output) {
    try {
      return JsonText.values(new String(output, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      view.unreadable("incomplete or invalid JSON", output);
      return List.of();
    }
  }

  /** Returns a value as text, with or without quotes in the JSON. */
  static String text(Map<?, ?> row, String key) {
    Object value = row.get(key);
    return value instanceof String || value instanceof Long ? value.toString() : "";
  }

  /** Parses a port, 1 to 65535. */
  static Optional<Integer> port(String text) {
    return ByteText.number(text).filter(n -> n > 0 && n < 65_536).map(Long::intValue);
  }

  /** Adds a listener; a row with an invalid address becomes a gap. */
  static void listener(
      ViewBuilder view,
      Protocol protocol,
      String address,
      int port,
      List<Owner> owners,
      Object row) {
    Address.parse(address)
        .ifPresentOrElse(
            where -> view.listener(new Endpoint(protocol, where, port), null, owners),
            () -> unreadable(view, "no address", row));
  }

  static void unreadable(ViewBuilder view, String why, Object row) {
    view.unreadable(why, row.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the process of a row; empty if its pid is invalid. */
  static List<Owner> owner(String pid, String name, @Nullable HostText user) {
    HostText visible = name.isEmpty() ? null : HostText.of(name.getBytes(StandardCharsets.UTF_8));
    return ByteText.pid(pid).map(number -> new Owner(number, visible, null, user, null)).stream()
        .toList();
  }
}
