package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Protocol;
import io.portcurfew.process.ByteText;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tcp or udp socket of ss.
 *
 * @param users {@code null} if the list cannot be parsed
 * @param v6only the detail of {@code -e}; {@code null} if it is missing
 */
record SsSocket(SsRow row, @Nullable SsUsers users, @Nullable Boolean v6only) {

  private static final Set<String> V6ONLY = Set.of("v6only:0", "v6only:1");

  /** The start of a row or a header, where only details are expected. */
  private static final Pattern GLUED =
      Pattern.compile(
          "(?:LISTEN|UNCONN|ESTAB|(?:tcp|udp)\\s++[A-Z-]*+)\\s*+\\d++\\s++\\d++\\s|Recv-Q");

  /** Both ends of a socket; no line of details has them. */
  private static final Pattern ENDPOINTS =
      Pattern.compile(
          "\\s(?:\\d++\\.\\d++\\.[\\d.]++|\\[\\S{1,64}|\\*)(?:%\\S{1,16})?:\\d++\\s++[^\\s:]*+:");

  /**
   * Parses a row with all text after its peer. Lines that belong to no row become gaps.
   *
   * @return empty for another kind of socket
   */
  static Optional<SsSocket> of(SsRow row, String rest, ViewBuilder view) {
    view.understood();
    if (row.isOther()) {
      reportGlued(row, withoutUsers(rest), view);
      if (SsRow.NOT_JUDGED.contains(row.transport())) {
        view.gap(Gap.What.PROTOCOL, "rows of " + row.transport() + " sockets are not read");
      }
      return Optional.empty();
    }
    SsUsers users = SsUsers.read(rest).orElse(null);
    if (users == null) {
      String text = row.local() + " " + row.peer() + rest;
      view.unreadable("the list of users is truncated or invalid", ByteText.raw(text));
      return Optional.of(new SsSocket(row, null, null));
    }
    if (!users.certain()) {
      view.gap(Gap.What.OWNERS, "a process name forges other owners of " + row.local());
    }
    String[] lines = rest.substring(users.end()).split("\n", -1);
    reportGlued(row, lines[0], view);
    reportStray(view, lines);
    return Optional.of(new SsSocket(row, users, v6only(lines[0])));
  }

  /** An indented line that does not begin like the mark of an omission, as in {@code ...}. */
  private static final Pattern DETAIL =
      Pattern.compile("\\s++(?:<->|(?!\\z|[.:<\\[(-]|\u00e2\u0080\u00a6))");

  /** Adds a gap if the details of a row contain another row. */
  private static void reportGlued(SsRow row, String details, ViewBuilder view) {
    if (GLUED.matcher(details).find() || ENDPOINTS.matcher(details).find()) {
      view.unreadable(
          "more than one row in a line", ByteText.raw(row.local() + " " + details.trim()));
    }
  }

  /** Returns the text beside the users, whose names are not details. */
  private static String withoutUsers(String rest) {
    int start = rest.indexOf(" users:((");
    if (start < 0) {
      return rest;
    }
    String users = rest.substring(start);
    return rest.substring(0, start)
        + users.substring(SsUsers.read(users).map(SsUsers::end).orElse(0));
  }

  private static void reportStray(ViewBuilder view, String[] lines) {
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isBlank() && !isDetail(lines[i]) && !Ss.isMessage(lines[i])) {
        view.unreadable("not a row of ss", ByteText.raw(lines[i]));
      }
    }
  }

  /**
   * True if the line only adds details to its row: it is indented and does not look like a damaged
   * row.
   */
  private static boolean isDetail(String line) {
    List<String> words = ByteText.words(line);
    return DETAIL.matcher(line).lookingAt()
        && !ENDPOINTS.matcher(line).find()
        && !words.contains("LISTEN")
        && !words.contains("UNCONN")
        && words.stream().limit(1).noneMatch(SsRow::isNetid);
  }

  /** Returns the last such word, because the path of a control group before it may forge it. */
  private static @Nullable Boolean v6only(String details) {
    List<String> v6onlyWords = ByteText.words(details).stream().filter(V6ONLY::contains).toList();
    return v6onlyWords.isEmpty() ? null : v6onlyWords.get(v6onlyWords.size() - 1).endsWith("1");
  }

  /**
   * True if the rows come from an iproute2 before 2018, which prints {@code *} for the IPv4
   * wildcard. A newer one prints {@code 0.0.0.0}, and {@code *} for an IPv6 wildcard that accepts
   * IPv4 too. If nothing shows the version, the newer one is assumed, because it reports more
   * exposure.
   */
  static boolean isOld(List<SsSocket> sockets) {
    boolean isNew = sockets.stream().anyMatch(s -> s.has("0.0.0.0:") || s.has("0.0.0.0%"));
    return !isNew && (sockets.stream().anyMatch(SsSocket::looksOld) || starBesideBrackets(sockets));
  }

  private boolean has(String start) {
    return row.local().startsWith(start) || row.peer().startsWith(start);
  }

  private boolean looksOld() {
    boolean bareIpv6 = isBareIpv6(row.local()) || isBareIpv6(row.peer());
    boolean ipv4WithStar = Character.isDigit(row.local().charAt(0)) && row.peer().equals("*:*");
    return bareIpv6
        || (ipv4WithStar && !isBareIpv6(row.local()))
        || (users != null && users.oldForm());
  }

  private static boolean isBareIpv6(String end) {
    return !end.startsWith("[") && end.indexOf(':') != end.lastIndexOf(':');
  }

  /**
   * True if one port appears on both. The newer version cannot print that, because its {@code *}
   * uses the port on IPv6 too.
   */
  private static boolean starBesideBrackets(List<SsSocket> sockets) {
    Set<String> stars = new HashSet<>();
    Set<String> brackets = new HashSet<>();
    for (SsSocket socket : sockets) {
      String local = socket.row.local();
      String port = socket.row.transport() + local.substring(local.lastIndexOf(':'));
      if (local.startsWith("*:")) {
        stars.add(port);
      } else if (local.startsWith("[::]:")) {
        brackets.add(port);
      }
    }
    stars.retainAll(brackets);
    return !stars.isEmpty();
  }

  /** Adds the listener, if it is one. */
  void addTo(ViewBuilder view, boolean old) {
    if (!row.listens()) {
      return;
    }
    Optional<HostPort> end = HostPort.parse(row.local(), ':');
    if (end.isEmpty()) {
      boolean named = HostPort.namesPort(row.local(), ':');
      unreadable(view, named ? "a port by name: run it with -n" : "no address and port");
    } else if (end.get().port() != null) {
      addTo(view, old, end.get(), end.get().port());
    } else if (row.transport().equals("tcp")) {
      unreadable(view, "a listener without a port");
    }
  }

  private void addTo(ViewBuilder view, boolean old, HostPort end, int port) {
    boolean star = row.local().startsWith("*");
    boolean ipv4Star = star && old && v6only == null;
    Optional<Address> address = end.address(ipv4Star ? Address.ANY_IPV4 : Address.ANY_IPV6);
    if (address.isEmpty()) {
      unreadable(view, "the address is not numeric: run it without -r");
      return;
    }
    Protocol protocol = row.transport().equals("tcp") ? Protocol.TCP : Protocol.UDP;
    boolean anyIpv6 = address.get().isIpv6() && address.get().isWildcard();
    view.listener(
        new Endpoint(protocol, address.get(), port),
        anyIpv6 ? dualStack(star, old) : null,
        users == null ? List.of() : users.owners());
  }

  private @Nullable Boolean dualStack(boolean star, boolean old) {
    if (v6only != null) {
      return !v6only;
    }
    return old ? null : Boolean.valueOf(star);
  }

  private void unreadable(ViewBuilder view, String why) {
    String text = row.local() + " " + row.peer() + row.rest();
    view.unreadable(why, ByteText.raw(text));
  }
}
