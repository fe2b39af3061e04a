package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.Format;
import java.util.regex.Pattern;

/**
 * Patterns that match a row of a protocol or of a family.
 *
 * @param command the command for a capture with all of them
 */
record RowKinds(Pattern tcp, Pattern udp, Pattern ipv4, Pattern ipv6, String command) {

  private static final String IPV6_END = "\\s\\S*:\\S*:\\S*";
  private static final String IPV4_END = "\\s(?:\\d+\\.\\d+\\.\\d+\\.\\d+\\S*|\\*):\\S";

  /** Returns the patterns of a format. */
  static RowKinds of(Format format) {
    return switch (format) {
      case LSOF -> kinds("\\sTCP\\s", "\\sUDP\\s", "\\sIPv4\\s", "\\sIPv6\\s", "lsof -nP -i");
      case LSOF_FIELDS -> kinds("^PTCP", "^PUDP", "^tIPv4", "^tIPv6", "lsof -nP -i -F 0pcuLftPnT");
      case SS ->
          kinds(
              "^\\s*(?:tcp|LISTEN|ESTAB)",
              "^\\s*(?:udp|UNCONN)",
              IPV4_END,
              "\\s(?:\\[|\\*:|:::|\\S*:\\S*:\\S*:)",
              "ss -n -t -u -l -p -e");
      case NETSTAT_LINUX -> kinds("^tcp", "^udp", IPV4_END, IPV6_END, "netstat -tulpn");
      case NETSTAT_MACOS ->
          kinds("^tcp", "^udp", "^(?:tcp|udp)(?:46?)?\\s", "^(?:tcp|udp)4?6\\s", "netstat -anv");
      case NETSTAT_WINDOWS ->
          kinds("^\\s*TCP\\s", "^\\s*UDP\\s", "P\\s+\\d+\\.", "P\\s+\\[", "netstat -ano");
      case GET_NETTCPCONNECTION ->
          kinds(
              "(?:\\bState\\b|\"State\")",
              "^(?!.*\\bState\\b)(?=.*\\bLocalAddress\\b).*\\bLocalPort\\b",
              "(?:^|\\s|\")\\d+\\.\\d+\\.\\d+\\.\\d+(?:\\s|\")",
              "(?:^|\\s|\")[0-9a-f]*:[0-9a-f:%]*(?:\\s|\")",
              "Get-NetTCPConnection and Get-NetUDPEndpoint");
      case PROC_NET ->
          kinds(
              "inode\\s*$",
              "drops\\s*$",
              "rem_address",
              "remote_address",
              "cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6");
      case OSQUERY ->
          kinds(
              "\"protocol\"\\s*:\\s*\"?6\\b",
              "\"protocol\"\\s*:\\s*\"?17\\b",
              "\"address\"\\s*:\\s*\"\\d+\\.",
              "\"address\"\\s*:\\s*\"[0-9a-f]*:",
              "osqueryi --json 'select * from listening_ports'");
      case NMAP_XML -> kinds("", "", "", "", "nmap -sS -sU -p- -oX -");
      case SOCKSTAT ->
          kinds(
              "\\W(?:tcp)",
              "\\W(?:udp)",
              "\\W(?:tcp|udp)4?6?\\W.*\\d\\.\\d|\\W(?:tcp|udp)(?:46?)?\\W",
              "\\W(?:tcp|udp)4?6\\W",
              "sockstat -46l");
    };
  }

  private static RowKinds kinds(String tcp, String udp, String ipv4, String ipv6, String command) {
    return new RowKinds(
        Pattern.compile(tcp),
        Pattern.compile(udp),
        Pattern.compile(ipv4),
        Pattern.compile(ipv6),
        command);
  }
}
