package io.portcurfew.observe.command;

import io.portcurfew.process.ByteText;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Recognises the headers of tables. A header is a whole line of known columns and nothing else: a
 * line that only begins with a header also contains a row.
 */
public final class Header {

  private static final Pattern SS =
      Pattern.compile(
          "(?:Netid\\s*+)?(?:State\\s*+)?Recv-Q\\s*+Send-Q\\s*+Local\\s++Address:Port"
              + "\\s*+Peer\\s++Address:Port\\s*+(?:Process)?\\s*+");

  private static final Pattern NETSTAT_LINUX =
      Pattern.compile(
          "Proto\\s++Recv-Q\\s++Send-Q\\s++Local\\s++Address\\s++Foreign\\s++Address\\s++State"
              + "(?:\\s++(?:User|Inode|PID/Program\\s++[Nn]ame|Timer|Security Context))*+\\s*+");

  private static final Pattern NETSTAT_MACOS =
      Pattern.compile(
          "(?:Socket\\s++(?:PCB\\s++)?)?"
              + "Proto\\s++Recv-Q\\s++Send-Q\\s++Local\\s++Address\\s++Foreign\\s++Address"
              + "(?:\\s++(?:\\(state\\)|(?:TCP-)?State|[rt]xbytes|[rs]hiwat|e?pid|e?process:e?pid|state|options"
              + "|gencnt|flags1?|us[se]cnt|rtncnt|fltrs))*+\\s*+");

  private static final Pattern NETSTAT_WINDOWS =
      Pattern.compile(
          "\\s*+Proto\\s++Local\\s++Address\\s++Foreign\\s++Address"
              + "(?:\\s++(?:State|PID|Offload State|Template))*+\\s*+");

  /** sockstat.c of FreeBSD 9 to 15, of NetBSD and of DragonFly. */
  private static final Pattern SOCKSTAT =
      Pattern.compile(
          "USER\\s++COMMAND\\s++PID\\s++FD\\s++PROTO\\s++LOCAL\\s++ADDRESS\\s++FOREIGN\\s++ADDRESS"
              + "(?:\\s++(?:ID|ENCAPS|FIB|PCB KVA|SPLICE ADDRESS|INP GENCNT|PATH STATE|CONN STATE|STATE"
              + "|BBLOG STATE|BBLOG|STACK|CC))*+\\s*+");

  private static final Set<String> LSOF =
      Set.of(
          "COMMAND",
          "PID",
          "TID",
          "TASKCMD",
          "ZONE",
          "PGID",
          "PPID",
          "USER",
          "FD",
          "TYPE",
          "FILE-ADDR",
          "FCT",
          "FILE-FLAG",
          "NODE-ID",
          "DEVICE",
          "SIZE",
          "OFFSET",
          "SIZE/OFF",
          "NLINK",
          "NODE",
          "NAME");

  /** A translated header keeps the first word. A row has numbers, and an address has a colon. */
  private static final Pattern TRANSLATED = Pattern.compile("\\s*+Proto\\s[^\\d:*\\p{Cntrl}]++");

  /** Old catalogues of net-tools translate the last columns alone. */
  private static final Pattern MIXED =
      Pattern.compile(
          "Proto\\s++Recv-Q\\s++Send-Q\\s++Local\\s++Address\\s++Foreign\\s++Address"
              + "\\s++(?!\\(|TCP-|Stat|Use|Ino|PID/Program n|Tim)\\S.*");

  private static final Pattern ROW_WORD =
      Pattern.compile("(?i)\\b(?:tcp|udp|raw|unix|LISTEN|LISTENING|Recv-Q.*Recv-Q)\\b");

  private Header() {}

  /** True if the line is a header of the format, in English or in a translation. */
  public static boolean is(Format format, String line) {
    return line.length() <= NetstatRows.LONGEST
        && switch (format) {
          case LSOF -> lsof(ByteText.words(line));
          case SS -> SS.matcher(line.trim()).matches();
          case NETSTAT_LINUX -> NETSTAT_LINUX.matcher(line).matches() || isTranslated(line);
          case NETSTAT_MACOS -> NETSTAT_MACOS.matcher(line).matches();
          case NETSTAT_WINDOWS ->
              NETSTAT_WINDOWS.matcher(line).matches()
                  || (isTranslated(line) && !line.contains("-Q") && !line.contains("PID/"));
          case SOCKSTAT -> SOCKSTAT.matcher(line).matches();
          case PROC_NET -> ProcNetCopies.isHeader(line);
          case GET_NETTCPCONNECTION -> NetTcpConnection.isHeader(line);
          case LSOF_FIELDS, OSQUERY, NMAP_XML -> false;
        };
  }

  private static boolean lsof(List<String> words) {
    return words.size() > 4
        && words.get(0).equals("COMMAND")
        && words.get(1).equals("PID")
        && words.get(words.size() - 1).equals("NAME")
        && LSOF.containsAll(words)
        && words.size() == Set.copyOf(words).size();
  }

  private static boolean isTranslated(String line) {
    boolean english = line.contains("Local Address") || line.contains("Foreign Address");
    // A line that is English to its end and not a known header is truncated.
    boolean mixed = MIXED.matcher(line).matches();
    return (!english || mixed)
        && TRANSLATED.matcher(line).matches()
        && !ROW_WORD.matcher(line).find();
  }

  /** Returns the columns of a header of lsof. */
  static List<String> columns(String header) {
    return Arrays.asList(header.trim().split("\\s+"));
  }
}
