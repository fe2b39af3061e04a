package io.portcurfew.observe.command;

import io.portcurfew.process.ByteText;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One row of ss.
 *
 * @param netid the kind of socket; {@code null} if ss omitted the column, because only one kind was
 *     requested
 * @param state {@code null} in the form of el6, which has no such column for mixed kinds
 * @param rest the text after the peer: users and details, unescaped
 */
record SsRow(
    @Nullable String netid, @Nullable String state, String local, String peer, String rest) {

  private static final Set<String> STATES =
      Set.of(
          "LISTEN",
          "UNCONN",
          "ESTAB",
          "SYN-SENT",
          "SYN-RECV",
          "FIN-WAIT-1",
          "FIN-WAIT-2",
          "TIME-WAIT",
          "CLOSE-WAIT",
          "LAST-ACK",
          "CLOSING",
          "NEW-SYN-RECV",
          "BOUND-INACTIVE",
          "UNKNOWN");

  /** Netids of transports that have ports and are not judged. */
  static final Set<String> NOT_JUDGED = Set.of("sctp", "dccp", "raw", "icmp6");

  /** Netids without ports; a listener of mptcp also appears as tcp. */
  private static final Set<String> OTHERS =
      Set.of(
          "nl", "u_str", "u_dgr", "u_seq", "p_raw", "p_dgr", "v_str", "v_dgr", "ti_rd", "ti_sq",
          "ti_st", "ti_dg", "xdp", "mptcp", "???");

  /** A number, a name of /etc/services, or a star. */
  private static final Pattern PORT = Pattern.compile("\\*|\\d++|[A-Za-z][\\w.+-]*+");

  /** A state followed directly by the length of a queue. */
  private static final int LONGEST_STATE = 24;

  private static final String USERS = "users:((";

  /**
   * Parses a row that is complete up to the peer. A shorter one is rejected: a name of 15 bytes
   * that contains a line end can forge the start of a row, but not more.
   */
  static Optional<SsRow> parse(String line) {
    Words words = new Words(line);
    String first = words.next();
    String netid = isNetid(first) ? first : gluedNetid(first);
    String second = netid == null ? first : netid.equals(first) ? words.next() : first.substring(3);
    String state = STATES.contains(second) ? second : gluedState(second);
    String received =
        state == null
            ? second
            : state.equals(second) ? words.next() : second.substring(state.length());
    String sent = words.next();
    String local = words.next();
    String peer = words.nextBefore(USERS);
    boolean counted = ByteText.isNumber(received) && ByteText.isNumber(sent);
    if ((netid == null && state == null) || !counted || !whole(netid, local, peer)) {
      return Optional.empty();
    }
    return Optional.of(new SsRow(netid, state, local, peer, words.rest()));
  }

  /** Without a terminal the ss of iproute2 4.15 prints no space: {@code LISTEN0 128}. */
  private static @Nullable String gluedState(String word) {
    int end = word.length();
    if (end > LONGEST_STATE) {
      return null;
    }
    while (end > 0 && Character.isDigit(word.charAt(end - 1))) {
      end--;
      String state = word.substring(0, end);
      if (STATES.contains(state)) {
        return state;
      }
    }
    return null;
  }

  private static @Nullable String gluedNetid(String word) {
    boolean transport = word.startsWith("tcp") || word.startsWith("udp");
    String rest = transport ? word.substring(3) : "";
    return STATES.contains(rest) || gluedState(rest) != null ? word.substring(0, 3) : null;
  }

  static boolean isNetid(String word) {
    return word.equals("tcp")
        || word.equals("udp")
        || NOT_JUDGED.contains(word)
        || OTHERS.contains(word);
  }

  private static boolean whole(@Nullable String netid, String local, String peer) {
    boolean hasPorts = netid == null || netid.equals("tcp") || netid.equals("udp");
    return hasPorts
        ? isEnd(local) && isEnd(peer)
        : !local.isEmpty() && !local.contains("\",") && !peer.contains("\",");
  }

  private static boolean isEnd(String word) {
    int colon = word.lastIndexOf(':');
    return colon > 0 && PORT.matcher(word).region(colon + 1, word.length()).matches();
  }

  /** Returns tcp or udp, from the state if the column is missing. */
  String transport() {
    return netid != null ? netid : "LISTEN".equals(state) ? "tcp" : "udp";
  }

  /** True if the kind of socket has no ports or is not judged. */
  boolean isOther() {
    return netid != null && !netid.equals("tcp") && !netid.equals("udp");
  }

  /** True if it takes traffic: tcp in LISTEN, or udp without a peer. */
  boolean listens() {
    if (state == null) {
      return HostPort.parse(peer, ':').filter(end -> end.port() == null).isPresent();
    }
    return state.equals(transport().equals("tcp") ? "LISTEN" : "UNCONN");
  }

  /** Reads the words of a line one by one. */
  private static final class Words {

    private final String line;
    private int at;

    Words(String line) {
      this.line = line;
    }

    /** Returns the next word; empty at the end. */
    String next() {
      while (at < line.length() && isBlank(line.charAt(at))) {
        at++;
      }
      int start = at;
      while (at < line.length() && !isBlank(line.charAt(at))) {
        at++;
      }
      return line.substring(start, at);
    }

    /** Returns the next word up to a text in it; the rest begins with that text. */
    String nextBefore(String text) {
      int before = at;
      String word = next();
      int glued = word.indexOf(text);
      if (glued > 0) {
        at = line.indexOf(text, before);
        return word.substring(0, glued);
      }
      return word;
    }

    String rest() {
      return line.substring(at);
    }

    private static boolean isBlank(char c) {
      return c == ' ' || c == '\t';
    }
  }
}
