package io.portcurfew.config.yaml;

import io.portcurfew.observe.Address;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the name or address of a server and its port. */
public final class ServerReader {

  private static final String EXPECTED = "a host and a port, like logs.example.org:6514";

  /** A host name as in RFC 1123, 2.1, or an IPv6 address in brackets, which is parsed later. */
  private static final Pattern FORM =
      Pattern.compile(
          "((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})?\\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})?"
              + "|\\[[0-9A-Fa-f:.]+])"
              + ":([1-9][0-9]{0,4})");

  private static final int LONGEST_NAME = 253;

  private ServerReader() {}

  /** Reads a server without resolving its name. */
  public static Optional<InetSocketAddress> read(Field field) {
    return TextReader.line(field, LONGEST_NAME + 6, EXPECTED).flatMap(text -> parse(field, text));
  }

  private static Optional<InetSocketAddress> parse(Field field, String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches() && Integer.parseInt(form.group(2)) <= 65_535 && isHost(form.group(1))) {
      String host = form.group(1).replaceAll("[\\[\\]]", "");
      return Optional.of(InetSocketAddress.createUnresolved(host, Integer.parseInt(form.group(2))));
    }
    field.wrong("not a host and a port", EXPECTED);
    return Optional.empty();
  }

  private static boolean isHost(String host) {
    return !host.startsWith("[") || Address.parse(host.substring(1, host.length() - 1)).isPresent();
  }

  /** True if the server is on the loopback interface. */
  public static boolean isThisHost(InetSocketAddress server) {
    String host = server.getHostString();
    return host.equals("localhost") || Address.parse(host).filter(Address::isLoopback).isPresent();
  }
}
