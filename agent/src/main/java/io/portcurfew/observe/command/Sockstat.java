package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses {@code sockstat -46l} of FreeBSD, with or without {@code -n}, {@code -w}, {@code -s} and
 * {@code -q}, and of NetBSD.
 *
 * <p>A process chooses the command before the pid, and it may contain spaces; the same holds for
 * the path after a unix socket. A row is parsed from its pid, descriptor and protocol. A row with
 * two places that look like these is not parsed.
 */
public final class Sockstat implements Parser {

  /** In a narrow user column, names are truncated to 8 characters. */
  private static final int CUT_USER = 8;

  private static final Pattern ANCHOR =
      Pattern.compile(
          "(?<![\\d?])(\\d{1,10}+|\\?{1,2}+)\\s++(?:\\d++|\\?{1,2}+)\\s++"
              + "((?:tcp|udp|sctp|udpl|icmp|div|raw)(?:4|6|46)?"
              + "|stream|dgram|seqpac\\w*+|divert\\w*+)(?=\\s|\\z)");
  private static final Pattern ADDRESSES =
      Pattern.compile("(?s)\\s++(\\S++)\\s++(\\S++)(?:\\s++(\\S.*)?)?");
  private static final Pattern CONNECTED =
      Pattern.compile("\\s(?:tcp|udp)(?:4|6|46)\\s++\\S++\\s++\\S+:\\d");
  private static final Pattern NETBSD =
      Pattern.compile("\\*\\.\\*|[^:]+\\.\\d++|\\S*:\\S*\\.\\d++");
  private static final Pattern WITH_STATE =
      Pattern.compile(
          "\\stcp(?:4|6|46)\\s++\\S++\\s++\\S++\\s.*\\b(?:LISTEN|CLOSED|ESTABLISHED)\\b");
  private static final Pattern WITHOUT_STATE =
      Pattern.compile("\\stcp(?:4|6|46)\\s++\\S++\\s++\\S++\\s*+\\z");
  private static final Pattern TO_NOBODY = Pattern.compile("\\s\\*:\\*(?=\\s|\\z)");

  /** States of a TCP socket that does not listen; -f and -s put them in different places. */
  private static final Pattern NOT_LISTENING =
      Pattern.compile(
          "(?:^|\\s)(?:CLOSED|SYN_SENT|SYN_RCVD|ESTABLISHED|CLOSE_WAIT|FIN_WAIT_[12]|CLOSING"
              + "|LAST_ACK|TIME_WAIT)(?=\\s|\\z)");

  /** The columns of -f, -s, -i, -C, -S and -U after the addresses: numbers and words. */
  private static final Pattern TAIL = Pattern.compile("(?:[\\w?-]{1,24}+(?:\\s++|\\z)){0,8}+");

  /** Text in a name of at most 19 characters (MAXCOMLEN) that belongs between columns. */
  private static final Pattern WIDE_BLANK = Pattern.compile("(?s) {2,}\\S|\\t\\S|\\S{20}|.{24}");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");

  @Override
  public View parse(String source, byte[] output) {
    if (SockstatJson.looksLikeIt(output)) {
      return new SockstatJson().parse(source, output);
    }
    ViewBuilder view = new ViewBuilder(source);
    List<String> lines = ByteText.lines(output);
    boolean bare = hasBareHeader(lines);
    lines.forEach(line -> read(view, line, bare));
    if (lines.stream().anyMatch(line -> WITH_STATE.matcher(line).find())) {
      lines.stream()
          .filter(line -> WITHOUT_STATE.matcher(line).find())
          .forEach(
              line ->
                  view.unreadable("no state, although other rows have one", ByteText.raw(line)));
    }
    if (lines.stream().anyMatch(line -> CONNECTED.matcher(line).find())
        && lines.stream().noneMatch(line -> TO_NOBODY.matcher(line).find())) {
      view.gap(Gap.What.LISTENERS, "no socket in it listens: run it with -l");
    }
    return view.build(true);
  }

  /** True if no header names a column after the addresses. */
  private static boolean hasBareHeader(List<String> lines) {
    List<String> headers = lines.stream().filter(line -> Header.is(Format.SOCKSTAT, line)).toList();
    return !headers.isEmpty()
        && headers.stream().allMatch(line -> line.stripTrailing().endsWith("FOREIGN ADDRESS"));
  }

  private static void read(ViewBuilder view, String line, boolean bare) {
    if (line.isBlank()) {
      return;
    }
    if (Header.is(Format.SOCKSTAT, line)) {
      view.understood();
      return;
    }
    Matcher anchor = ANCHOR.matcher(line);
    if (line.length() > NetstatRows.LONGEST || !anchor.find()) {
      view.unreadable("not a row of sockstat", ByteText.raw(line));
    } else if (anchor.find(anchor.end())) {
      view.unreadable("the row is ambiguous", ByteText.raw(line));
    } else {
      anchor.find(0);
      row(view, anchor, line, bare);
    }
  }

  private static void row(ViewBuilder view, Matcher anchor, String line, boolean bare) {
    String proto = anchor.group(2);
    if (proto.startsWith("tcp") || (proto.startsWith("udp") && !proto.startsWith("udpl"))) {
      Matcher addresses = ADDRESSES.matcher(line.substring(anchor.end()));
      if (addresses.matches()) {
        if (bare && addresses.group(3) != null) {
          view.unreadable("more in it than its header has", ByteText.raw(line));
        }
        addressed(view, anchor, addresses, line);
      } else {
        view.unreadable("no addresses", ByteText.raw(line));
      }
      return;
    }
    view.understood();
    if (proto.startsWith("sctp") || proto.startsWith("udpl")) {
      view.gap(
          Gap.What.PROTOCOL,
          "rows of " + (proto.startsWith("s") ? "sctp" : "udplite") + " sockets are not read");
    }
  }

  private static void addressed(ViewBuilder view, Matcher anchor, Matcher addresses, String line) {
    String proto = anchor.group(2);
    boolean dots = NETBSD.matcher(addresses.group(2)).matches();
    String word = dots ? colon(addresses.group(1)) : addresses.group(1);
    String foreign = dots ? colon(addresses.group(2)) : addresses.group(2);
    if (!NetstatRows.hasPort(foreign, ':')) {
      view.unreadable("no foreign address", ByteText.raw(line));
    } else if (addresses.group(3) != null && !TAIL.matcher(addresses.group(3)).matches()) {
      view.unreadable("more in it than a row has", ByteText.raw(line));
    } else if (!NetstatRows.isNobody(foreign, ':')
        || !mayListen(NetstatRows.protocol(proto), addresses.group(3))) {
      view.understood();
    } else {
      Address any =
          proto.endsWith("p4") || (dots && !proto.endsWith("6"))
              ? Address.ANY_IPV4
              : Address.ANY_IPV6;
      String before = line.substring(0, anchor.start());
      // Without a space before the pid, the name of the command and the pid cannot be separated.
      if (WIDE_BLANK.matcher(NetstatRows.afterFirstWord(before)).find()) {
        view.unreadable("more before its pid than a row has", ByteText.raw(line));
        return;
      }
      boolean glued = !before.endsWith(" ") && !before.endsWith("\t");
      List<Owner> owners = glued ? List.of() : owners(before, anchor.group(1));
      Boolean dualStack = dualStack(proto, word);
      NetstatRows.listener(
          view,
          NetstatRows.protocol(proto),
          word,
          ':',
          at -> at.address(any),
          dualStack,
          owners,
          line);
    }
  }

  /** NetBSD prints a dot before the port. */
  private static String colon(String word) {
    int dot = word.lastIndexOf('.');
    return dot < 0 ? word : word.substring(0, dot) + ":" + word.substring(dot + 1);
  }

  /**
   * True for a listener. With -s a TCP socket has a state; a bound socket does not always listen.
   */
  private static boolean mayListen(Protocol protocol, @Nullable String state) {
    return protocol == Protocol.UDP || state == null || !NOT_LISTENING.matcher(state).find();
  }

  private static @Nullable Boolean dualStack(String proto, String word) {
    if (!word.startsWith("*:") || proto.endsWith("p4")) {
      return null;
    }
    return proto.endsWith("46") ? Boolean.TRUE : proto.endsWith("6") ? false : null;
  }

  /** Returns the process with its user, by name or with -n by number, and its command. */
  private static List<Owner> owners(String userAndCommand, String pid) {
    if (pid.startsWith("?")) {
      return List.of();
    }
    String user = NetstatRows.firstWord(userAndCommand);
    return NetstatRows.owner(pid, NetstatRows.afterFirstWord(userAndCommand)).stream()
        .map(owner -> new Owner(owner.pid(), owner.name(), null, name(user), uid(user)))
        .toList();
  }

  /** Returns no user for a name that may be truncated. */
  private static @Nullable HostText name(String user) {
    return user.isEmpty() || user.length() == CUT_USER || uid(user) != null
        ? null
        : HostText.of(ByteText.raw(user));
  }

  private static @Nullable Long uid(String user) {
    return NUMBER.matcher(user).matches() ? Long.valueOf(user) : null;
  }
}
