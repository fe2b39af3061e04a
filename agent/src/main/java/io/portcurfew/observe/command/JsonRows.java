package io.portcurfew.observe.command;

import io.portcurfew.json.JsonText;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.ViewBuilder;
import io.portcurfew.process.ByteText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the parsers of JSON do alike: objects as rows, values as text or as numbers. */
final class JsonRows {

  private JsonRows() {}

  /**
   * The values of a text.
   *
   * @return nothing where it is not JSON to its end; the view has been given that as a gap
   */
  static List<Object> values(ViewBuilder view, byte[] output) {
    try {
      return JsonText.values(new String(output, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      view.unreadable("not whole JSON", output);
      return List.of();
    }
  }

  /** A value as text, whether it stands in quotes or not. */
  static String text(Map<?, ?> row, String key) {
    Object value = row.get(key);
    return value instanceof String || value instanceof Long ? value.toString() : "";
  }

  /** A port, 1 to 65535. */
  static Optional<Integer> port(String text) {
    return ByteText.number(text).filter(n -> n > 0 && n < 65_536).map(Long::intValue);
  }

  /** Adds a listener; where the address is none, the row is a gap. */
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

  /** The process of a row; none where its pid is not one. */
  static List<Owner> owner(String pid, String name, @Nullable HostText user) {
    HostText visible = name.isEmpty() ? null : HostText.of(name.getBytes(StandardCharsets.UTF_8));
    return ByteText.pid(pid).map(number -> new Owner(number, visible, null, user, null)).stream()
        .toList();
  }
}
