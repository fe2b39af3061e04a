package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.Format;
import io.portcurfew.observe.command.Header;
import io.portcurfew.observe.command.NmapXml;
import io.portcurfew.observe.command.SockstatJson;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Recognises the format of a capture by its header, its first character or its rows. */
public final class Recognition {

  private static final Pattern FIELDS =
      Pattern.compile("(?s)\\s*p\\d{1,10}[\\n\\x00]\\s*[cfgLpRu]\\S.*");

  /** Formats with headers; the first that matches a line wins. */
  private static final List<Format> WITH_HEADERS =
      List.of(
          Format.SS,
          Format.LSOF,
          Format.SOCKSTAT,
          Format.PROC_NET,
          Format.GET_NETTCPCONNECTION,
          Format.NETSTAT_WINDOWS,
          Format.NETSTAT_LINUX,
          Format.NETSTAT_MACOS);

  /** A row of the netstat of a BSD, whose header may be that of Linux. */
  private static final Pattern BSD_ROW =
      Pattern.compile("(?:tcp|udp)\\w{0,2}\\s+\\d+\\s+\\d+\\s+[^:\\s]*\\.(?:\\d+|\\*)\\s.*");

  private Recognition() {}

  /** Returns the format; empty if no line shows it. */
  public static Optional<Format> of(byte[] output) {
    String text = EscapedText.of(output).text();
    if (NmapXml.looksLikeIt(text.substring(Math.max(0, text.indexOf("<?xml"))))) {
      return Optional.of(Format.NMAP_XML);
    }
    if (SockstatJson.looksLikeIt(ByteText.raw(text))) {
      return Optional.of(Format.SOCKSTAT);
    }
    boolean json = text.stripLeading().startsWith("[") || text.stripLeading().startsWith("{");
    if ((json && text.contains("\"protocol\"")) || OsqueryTable.looksLikeIt(text)) {
      return Optional.of(Format.OSQUERY);
    }
    if (PowerShellRecords.csv(text).isPresent()) {
      return Optional.of(Format.GET_NETTCPCONNECTION);
    }
    List<String> lines = HostSections.of(text).stream().flatMap(Recognition::lines).toList();
    Optional<Format> byHeader =
        WITH_HEADERS.stream()
            .filter(format -> lines.stream().anyMatch(line -> Header.is(format, line)))
            .findFirst()
            .map(format -> bsd(format, lines));
    return byHeader.or(() -> byFields(lines)).or(() -> wrapped(text));
  }

  private static Format bsd(Format format, List<String> lines) {
    boolean dots = lines.stream().anyMatch(line -> BSD_ROW.matcher(line).matches());
    return format == Format.NETSTAT_LINUX && dots ? Format.NETSTAT_MACOS : format;
  }

  private static Stream<String> lines(HostCapture host) {
    return CaptureLines.of(Format.SS, host.text()).whole().stream().limit(10_000);
  }

  /** Recognises the only format without a header by a process and a field of its files. */
  private static Optional<Format> byFields(List<String> lines) {
    return IntStream.range(0, lines.size())
            .mapToObj(i -> lines.get(i) + "\n" + (i + 1 < lines.size() ? lines.get(i + 1) : ""))
            .anyMatch(two -> FIELDS.matcher(two).matches())
        ? Optional.of(Format.LSOF_FIELDS)
        : Optional.empty();
  }

  /** Recognises a table whose lines were broken, so that its header is in several lines. */
  private static Optional<Format> wrapped(String text) {
    return WrappedLines.originals(text).stream()
        .flatMap(original -> WITH_HEADERS.stream().filter(format -> hasHeader(format, original)))
        .findFirst();
  }

  private static boolean hasHeader(Format format, String text) {
    return text.lines().limit(10_000).anyMatch(line -> Header.is(format, line));
  }
}
