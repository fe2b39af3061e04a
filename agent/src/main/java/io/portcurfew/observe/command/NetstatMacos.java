package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code netstat -an} of macOS, with {@code -v}, {@code -b} and {@code -l} or without.
 *
 * <p>Hosts are cut to 16 characters unless taken with {@code -l}; ports are whole. The pid that
 * {@code -v} prints is the last process that used the socket ({@code so_last_pid} in Apple's {@code
 * inet.c}): mostly the one that opened it, and never more than one.
 */
final class NetstatMacos implements Parser {

  private static final int CUT_HOST = 16;

  private static final Pattern ROW =
      Pattern.compile(
          "(?s)((?:tcp|udp)(4|6|46))\\s++\\d++\\s++\\d++\\s++(\\S++)\\s++(\\S++)(\\s.*)?");
  private static final Pattern ROW_OF_A =
      Pattern.compile(
          "(?s)[0-9a-f]{8,16}+\\s++(?:[0-9a-f]{8,16}+\\s++)?(?:tcp|udp)(?:4|6|46)\\s.*");
  private static final Pattern NOT_A_PORT =
      Pattern.compile("(?s)(?:icm|ip|igmp|div|raw|esp)\\w*+\\s++\\d++\\s++\\d++\\s.*");
  private static final Pattern HEADER = Pattern.compile("Proto\\s++Recv-Q\\s++Send-Q\\s");
  private static final Pattern FOOTER =
      Pattern.compile(
          "Some \\w++ sockets may have been (?:created or deleted|created|deleted)\\.?");

  @Override
  public View parse(String source, byte[] output) {
    Reading reading = new Reading(new ViewBuilder(source));
    ByteText.lines(output).forEach(reading::line);
    return reading.view.build(true);
  }

  /** One reading: a header says what the columns below it are. */
  private static final class Reading {

    private final ViewBuilder view;
    private MacosColumns columns = MacosColumns.NONE;
    private boolean elsewhere;

    Reading(ViewBuilder view) {
      this.view = view;
    }

    void line(String line) {
      Matcher row = ROW.matcher(line);
      if (line.isBlank()) {
        return;
      }
      if (line.length() > NetstatRows.LONGEST) {
        view.unreadable("too long for a row", ByteText.raw(line));
      } else if (row.matches()) {
        row(row, line);
      } else if (ROW_OF_A.matcher(line).matches()) {
        view.unreadable("taken with -A, which cuts ports: take it without", ByteText.raw(line));
      } else if (line.startsWith("Active ") || line.startsWith("Registered kernel ")) {
        title(line);
      } else if (HEADER.matcher(line).find()) {
        view.understood();
        columns = MacosColumns.of(line);
      } else {
        besidesRows(line);
      }
    }

    private void besidesRows(String line) {
      Matcher footer = FOOTER.matcher(line);
      if (footer.lookingAt()) {
        // Sockets that came or went while it looked. One form has no line end of its own.
        view.understood();
        line(line.substring(footer.end()));
      } else if (elsewhere || NOT_A_PORT.matcher(line).matches()) {
        view.understood();
      } else {
        view.unreadable("not a row of netstat", ByteText.raw(line));
      }
    }

    private void title(String line) {
      view.understood();
      elsewhere = !line.startsWith("Active Internet connections");
      if (!elsewhere && !line.contains("(including servers)")) {
        view.gap(Gap.What.LISTENERS, "taken without -a: it shows no listeners");
      }
    }

    private void row(Matcher row, String line) {
      Protocol protocol = NetstatRows.protocol(row.group(1));
      String rest = NetstatRows.unpadded(row.group(5));
      String state = protocol == Protocol.TCP ? NetstatRows.firstWord(rest) : "";
      boolean toNobody = row.group(4).equals("*.*");
      if (!NetstatRows.hasPort(row.group(4), '.')) {
        view.unreadable("no foreign address", ByteText.raw(line));
      } else if (protocol == Protocol.TCP && toNobody && state.isEmpty()) {
        view.unreadable("no state", ByteText.raw(line));
      } else if (protocol == Protocol.TCP ? state.equals("LISTEN") : toNobody) {
        String counters = protocol == Protocol.TCP ? NetstatRows.afterFirstWord(rest) : rest;
        listener(protocol, row.group(2), row.group(3), columns.owners(counters), line);
      } else {
        view.understood();
      }
    }

    private void listener(
        Protocol protocol, String family, String word, List<Owner> owners, String line) {
      boolean wildcard6 = word.startsWith("*.") && !family.equals("4");
      Boolean dualStack = wildcard6 ? family.equals("46") : null;
      Function<HostPort, Optional<Address>> address = local -> address(family, local.host());
      NetstatRows.listener(view, protocol, word, '.', address, dualStack, owners, line);
    }

    private static Optional<Address> address(String family, @Nullable String host) {
      if (host == null) {
        return Optional.of(family.equals("4") ? Address.ANY_IPV4 : Address.ANY_IPV6);
      }
      if (family.equals("4")) {
        return Address.parse(host).filter(address -> !address.isIpv6());
      }
      if (host.length() != CUT_HOST || host.indexOf(':') < 0) {
        return Address.parse(host);
      }
      // A zone stands last, so where there is one, it alone can be cut.
      int zone = host.indexOf('%');
      return zone < 0 ? Optional.of(Address.cutAt(host)) : Address.parse(host.substring(0, zone));
    }
  }
}
