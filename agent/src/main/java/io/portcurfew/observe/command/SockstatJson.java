package io.portcurfew.observe.command;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses {@code sockstat --libxo json} of FreeBSD 15 (usr.bin/sockstat/main.c). */
public final class SockstatJson implements Parser {

  private static final Pattern PROTOCOL = Pattern.compile("(tcp|udp)(4|6|46)?");

  public static boolean looksLikeIt(byte[] output) {
    return looksLikeIt(List.of(ByteText.text(output)));
  }

  public static boolean looksLikeIt(List<String> lines) {
    return lines.stream()
            .filter(line -> !line.isBlank())
            .findFirst()
            .orElse("")
            .stripLeading()
            .startsWith("{")
        && lines.stream().anyMatch(line -> line.contains("\"sockstat\""));
  }

  @Override
  public View parse(String source, byte[] output) {
    ViewBuilder view = new ViewBuilder(source);
    for (Object value : JsonRows.values(view, output)) {
      if (value instanceof Map<?, ?> root
          && root.get("sockstat") instanceof Map<?, ?> table
          && table.get("socket") instanceof List<?> sockets) {
        view.understood();
        sockets.forEach(socket -> socket(view, socket));
      } else {
        JsonRows.unreadable(view, "no list of sockets", value);
      }
    }
    return view.build(true);
  }

  private static void socket(ViewBuilder view, Object value) {
    if (!(value instanceof Map<?, ?> socket)) {
      JsonRows.unreadable(view, "not a socket", value);
      return;
    }
    String proto = JsonRows.text(socket, "proto");
    Matcher protocol = PROTOCOL.matcher(proto);
    if (!protocol.matches()) {
      other(view, proto, value);
      return;
    }
    if (!(socket.get("local") instanceof Map<?, ?> local)
        || !(socket.get("foreign") instanceof Map<?, ?> foreign)) {
      JsonRows.unreadable(view, "no addresses", value);
      return;
    }
    String state = JsonRows.text(socket, "conn-state");
    String port = JsonRows.text(local, "port");
    boolean unbound = port.equals("*") || port.equals("0");
    boolean connected = JsonRows.port(JsonRows.text(foreign, "port")).isPresent();
    if (connected || unbound || !(state.isEmpty() || state.equals("LISTEN"))) {
      view.understood();
    } else if (JsonRows.port(port).isEmpty()) {
      JsonRows.unreadable(view, "no port", value);
    } else {
      String address = JsonRows.text(local, "address");
      String any = proto.endsWith("4") && !proto.endsWith("46") ? "0.0.0.0" : "::";
      Protocol which = NetstatRows.protocol(proto);
      int number = JsonRows.port(port).get();
      String where = address.equals("*") ? any : address;
      JsonRows.listener(view, which, where, number, owner(socket), value);
    }
  }

  private static void other(ViewBuilder view, String proto, Object value) {
    if (proto.isEmpty()) {
      JsonRows.unreadable(view, "no protocol", value);
    } else {
      view.understood();
    }
  }

  private static List<Owner> owner(Map<?, ?> socket) {
    String user = JsonRows.text(socket, "user");
    boolean named = !user.isEmpty() && !ByteText.isNumber(user);
    HostText name = named ? HostText.of(user.getBytes(StandardCharsets.UTF_8)) : null;
    return JsonRows.owner(JsonRows.text(socket, "pid"), JsonRows.text(socket, "command"), name);
  }
}
