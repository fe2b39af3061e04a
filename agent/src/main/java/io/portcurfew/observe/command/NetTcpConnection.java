package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Parses the output of {@code Get-NetTCPConnection} and {@code Get-NetUDPEndpoint} of PowerShell,
 * as a table or from {@code ConvertTo-Csv} or {@code Export-Csv}. A header with a local port and
 * without a state belongs to UDP, unless it may be that of TCP with selected columns.
 */
final class NetTcpConnection implements Parser {

  private static final Pattern RULE = Pattern.compile("(?:-{3,}+\\s*+)++");
  private static final Pattern TYPE = Pattern.compile("#TYPE [\\w.#/]{1,200}\\s*+");
  private static final Pattern COLUMN = Pattern.compile("[A-Z][A-Za-z]{1,40}");
  private static final List<String> NEEDED = List.of("LocalAddress", "LocalPort");

  static boolean isHeader(String line) {
    return !header(line).isEmpty();
  }

  private static List<String> header(String line) {
    if (line.length() > NetstatRows.LONGEST) {
      return List.of();
    }
    List<String> columns = line.startsWith("\"") ? cells(line) : ByteText.words(line);
    boolean names = columns.stream().allMatch(column -> COLUMN.matcher(column).matches());
    // A truncated header of TCP is not a header of UDP.
    boolean cut = columns.contains("RemoteAddress") && !columns.contains("State");
    return names && !cut && columns.containsAll(NEEDED) ? columns : List.of();
  }

  /** Returns the cells of a CSV line as PowerShell writes it; empty for any other line. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    String rest = line.strip() + ",";
    while (!rest.isEmpty()) {
      int end = rest.startsWith("\"") ? rest.indexOf("\",", 1) : rest.startsWith(",") ? 0 : -1;
      if (end < 0) {
        return List.of();
      }
      cells.add(end == 0 ? "" : rest.substring(1, end));
      rest = rest.substring(end == 0 ? 1 : end + 2);
    }
    return cells;
  }

  @Override
  public View parse(String source, byte[] output) {
    boolean states =
        ByteText.lines(output).stream().anyMatch(line -> header(line).contains("State"));
    return Parser.byLine(source, output, view -> new ConnectionRows(view, states)::line);
  }

  /** The state of one parse: the last header defines the rows below it. */
  private static final class ConnectionRows {

    private final ViewBuilder view;
    private final boolean states;
    private List<String> columns = List.of();
    private boolean csv;

    ConnectionRows(ViewBuilder view, boolean states) {
      this.view = view;
      this.states = states;
    }

    void line(String line) {
      if (line.isBlank()) {
        return;
      }
      List<String> header = header(line);
      if (!header.isEmpty()) {
        columns = header;
        csv = line.startsWith("\"");
        view.understood();
      } else if (!RULE.matcher(line).matches() && !TYPE.matcher(line).matches()) {
        row(line);
      }
    }

    private void row(String line) {
      List<String> cells =
          line.length() > NetstatRows.LONGEST ? List.of() : csv ? cells(line) : words(line);
      if (columns.isEmpty() || cells.size() != columns.size()) {
        view.unreadable("it does not fit its header", ByteText.raw(line));
        return;
      }
      boolean tcp = columns.contains("State");
      if (!tcp && !states && columns.contains("OwningProcess")) {
        view.unreadable("TCP or UDP: select the column State too", ByteText.raw(line));
        return;
      }
      String state = cell(cells, "State");
      String port = cell(cells, "LocalPort");
      if (tcp && !state.matches("[A-Za-z]{3,20}\\d?|\\d{1,3}")) {
        view.unreadable("no state", ByteText.raw(line));
      } else if (tcp && !state.equals("Listen") && !state.equals("2")) {
        view.understood();
      } else {
        listener(tcp ? Protocol.TCP : Protocol.UDP, cell(cells, "LocalAddress"), port, cells, line);
      }
    }

    private void listener(
        Protocol protocol, String host, String port, List<String> cells, String line) {
      Optional<Address> address = Address.parse(host);
      if (address.isEmpty() || JsonRows.port(port).isEmpty()) {
        view.unreadable("no address and port", ByteText.raw(line));
        return;
      }
      // Each family has its own rows, so :: never includes IPv4.
      boolean any = address.get().isIpv6() && address.get().isWildcard();
      Boolean dualStack = any ? false : null;
      List<Owner> owners = NetstatRows.owner(cell(cells, "OwningProcess"), null);
      Endpoint endpoint = new Endpoint(protocol, address.get(), JsonRows.port(port).get());
      view.listener(endpoint, dualStack, owners);
    }

    /** Returns the words of a row; AppliedSetting is empty for a listener. */
    private List<String> words(String line) {
      List<String> words = new ArrayList<>(ByteText.words(line));
      int empty = columns.indexOf("AppliedSetting");
      if (empty >= 0 && words.size() == columns.size() - 1) {
        words.add(empty, "");
      }
      return words;
    }

    private String cell(List<String> cells, String column) {
      int at = columns.indexOf(column);
      return at < 0 ? "" : cells.get(at);
    }
  }
}
