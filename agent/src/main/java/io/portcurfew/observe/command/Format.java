package io.portcurfew.observe.command;

import io.portcurfew.observe.View;
import java.util.Locale;

/** The format of a capture: the output of a native tool that shows listeners. */
public enum Format {
  /** The columns of {@code lsof}. */
  LSOF,
  /** The fields of {@code lsof -F}, one per line or separated by NUL. */
  LSOF_FIELDS,
  /** The {@code ss} of iproute2. */
  SS,
  /** The {@code netstat} of net-tools and of BusyBox. */
  NETSTAT_LINUX,
  /** The {@code netstat} of macOS. */
  NETSTAT_MACOS,
  /** The {@code netstat} of Windows. */
  NETSTAT_WINDOWS,
  /** The {@code sockstat} of FreeBSD and NetBSD, also with {@code --libxo json}. */
  SOCKSTAT,
  /** {@code Get-NetTCPConnection} and {@code Get-NetUDPEndpoint} of PowerShell, table or CSV. */
  GET_NETTCPCONNECTION,
  /** Copies of {@code /proc/net/tcp}, {@code tcp6}, {@code udp} and {@code udp6}. */
  PROC_NET,
  /** The table {@code listening_ports} of osquery as JSON. */
  OSQUERY,
  /** The XML of {@code nmap -oX}: the ports that are open from outside. */
  NMAP_XML;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name on the command line, for example {@code lsof-fields}. */
  public String label() {
    return label;
  }

  /**
   * Parses the output. Never throws: text that cannot be parsed becomes a gap.
   *
   * @param source the name of the source for {@code seen_by} and the gaps
   */
  public View parse(String source, byte[] output) {
    return parser().parse(source, output);
  }

  /** True if the output is one document instead of lines. */
  public boolean isDocument() {
    return this == OSQUERY || this == NMAP_XML;
  }

  private Parser parser() {
    return switch (this) {
      case LSOF -> new LsofColumns();
      case LSOF_FIELDS -> new LsofFields();
      case SS -> new Ss();
      case NETSTAT_LINUX -> new NetstatLinux();
      case NETSTAT_MACOS -> new NetstatMacos();
      case NETSTAT_WINDOWS -> new NetstatWindows();
      case SOCKSTAT -> new Sockstat();
      case GET_NETTCPCONNECTION -> new NetTcpConnection();
      case PROC_NET -> new ProcNetCopies();
      case OSQUERY -> new Osquery();
      case NMAP_XML -> new NmapXml();
    };
  }
}
