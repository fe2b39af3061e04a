package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses copies of {@code /proc/net/tcp}, {@code tcp6}, {@code udp} and {@code udp6}, one after the
 * other (net/ipv4/tcp_ipv4.c, udp.c and the IPv6 files). The header shows which table follows.
 *
 * <p>An address is printed as words in the byte order of the host; little-endian is assumed. The
 * tables name no process and do not show if an IPv6 wildcard accepts IPv4.
 */
final class ProcNetCopies implements Parser {

  private static final Pattern HEADER =
      Pattern.compile(
          "\\s*+sl\\s++local_address\\s++rem(?:ote)?_address\\s++st\\s++tx_queue\\s++rx_queue"
              + "\\s++tr\\s++tm->when\\s++retrnsmt\\s++uid\\s++timeout\\s++inode"
              + "(\\s++ref\\s++pointer\\s++drops)?+\\s*+");

  private static final Pattern ROW =
      Pattern.compile(
          "\\s*+(\\d{1,9}+):\\s*+([0-9A-F]{32}|[0-9A-F]{8}):([0-9A-F]{4})"
              + "\\s++(?:[0-9A-F]{32}|[0-9A-F]{8}):([0-9A-F]{4})\\s++([0-9A-F]{2})"
              + "\\s++[0-9A-F]{8}:[0-9A-F]{8}\\s++[0-9A-F]{2}:[0-9A-F]{8}\\s++[0-9A-F]{8}"
              + "\\s++\\d++\\s++\\d++\\s++\\d++((?:\\s++[0-9a-fx-]++)*+)\\s*+");

  /** The titles that head, tail, more and shell loops print before each of several files. */
  private static final Pattern FILE =
      Pattern.compile("(?:\\W{1,6} )?\\S{0,80}/net/(?:tcp|udp)6?(?: \\W{1,6}|:)?\\s*+|:{10,}\\s*+");

  private static final String LISTEN = "0A";

  /** TCP_CLOSE of tcp_states.h: a UDP socket without a peer. */
  private static final String UNCONNECTED = "07";

  /** Reference count, pointer, drops. */
  private static final int COLUMNS_OF_UDP = 3;

  /** Reference count and pointer of a socket in TIME_WAIT or SYN_RECV. */
  private static final int LEAST_OF_TCP = 2;

  static boolean isHeader(String line) {
    return HEADER.matcher(line).matches();
  }

  @Override
  public View parse(String source, byte[] output) {
    return Parser.byLine(source, output, view -> new CopiedRows(view)::line);
  }

  /** The state of one parse: the last header defines the protocol of the rows below it. */
  private static final class CopiedRows {

    private final ViewBuilder view;
    private @Nullable Protocol protocol;
    private int next;

    CopiedRows(ViewBuilder view) {
      this.view = view;
    }

    void line(String line) {
      Matcher row = ROW.matcher(line);
      Matcher header = HEADER.matcher(line);
      if (line.isBlank()) {
        return;
      }
      if (line.length() > NetstatRows.LONGEST) {
        view.unreadable("too long for a row", ByteText.raw(line));
      } else if (header.matches()) {
        protocol = header.group(1) == null ? Protocol.TCP : Protocol.UDP;
        next = 0;
        view.understood();
      } else if (row.matches()) {
        row(row, line);
      } else if (FILE.matcher(line).matches()) {
        protocol = null;
      } else {
        view.unreadable("not a row of /proc/net", ByteText.raw(line));
      }
    }

    private void row(Matcher row, String line) {
      List<String> more = ByteText.words(row.group(6));
      boolean udp = more.size() == COLUMNS_OF_UDP;
      if (protocol == null || udp != (protocol == Protocol.UDP) || more.size() < LEAST_OF_TCP) {
        view.unreadable("it does not fit its header", ByteText.raw(line));
        return;
      }
      number(Integer.parseInt(row.group(1)), udp);
      int port = Integer.parseInt(row.group(3), 16);
      String listens = udp ? UNCONNECTED : LISTEN;
      if (!row.group(5).equals(listens) || port == 0) {
        view.understood();
        return;
      }
      view.listener(new Endpoint(protocol, address(row.group(2)), port), null, List.of());
    }

    /** The kernel counts the rows of TCP from 0; the number of UDP is a place in its table. */
    private void number(int number, boolean udp) {
      if (!udp && number != next) {
        view.gap(Gap.What.LISTENERS, "row " + next + " of a table of TCP is missing");
      }
      next = number + 1;
    }

    private static Address address(String hex) {
      byte[] bytes = new byte[hex.length() / 2];
      for (int i = 0; i < bytes.length; i++) {
        int at = (i / 4 * 4 + 3 - i % 4) * 2;
        bytes[i] = (byte) Integer.parseInt(hex.substring(at, at + 2), 16);
      }
      return Address.of(bytes);
    }
  }
}
