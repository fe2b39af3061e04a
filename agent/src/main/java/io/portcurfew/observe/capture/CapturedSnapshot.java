package io.portcurfew.observe.capture;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.View;
import io.portcurfew.observe.command.Format;
import io.portcurfew.observe.command.NmapXml;
import io.portcurfew.observe.command.SockstatJson;
import io.portcurfew.observe.command.ViewBuilder;
import io.portcurfew.process.ByteText;
import io.portcurfew.process.PlainText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Converts captures of other hosts to snapshots. */
public final class CapturedSnapshot {

  /** The maximum size of a capture in bytes; the rest is a gap. */
  public static final int MOST = 16 << 20;

  /** The maximum number of truncated lines that are shown. */
  private static final int MOST_SHOWN = ViewBuilder.MOST_SHOWN;

  private static final int LONGEST_NAME = 253;
  private static final String START_OF_SCAN = "<?xml";
  private static final String END_OF_SCAN = "</nmaprun>";

  private final Format format;
  private final PlainText text;
  private final boolean cut;

  private CapturedSnapshot(Format format, byte[] output) {
    this.format = format;
    PlainText plain = EscapedText.of(output);
    this.text = new PlainText(tabular(format, plain.text()), plain.wide());
    this.cut = output.length > MOST;
  }

  /** Converts the records of some tools to the form that their parser reads. */
  private static String tabular(Format format, String text) {
    return switch (format) {
      case GET_NETTCPCONNECTION -> PowerShellRecords.csv(text).orElse(text);
      case OSQUERY -> OsqueryTable.json(text).orElse(text);
      case NMAP_XML -> document(text);
      default -> text;
    };
  }

  /** Returns the XML of a scan without a prompt before it or a Markdown fence around it. */
  private static String document(String text) {
    int start = text.indexOf(START_OF_SCAN);
    int end = text.lastIndexOf(END_OF_SCAN);
    boolean alone = start < 0 || end < start || text.substring(0, start).indexOf('<') >= 0;
    return alone ? text : text.substring(start, end + END_OF_SCAN.length());
  }

  /** Returns the hosts of all scans of a file, which begin with an XML declaration each. */
  private List<NmapXml.ScannedHost> scannedHosts() {
    return Arrays.stream(text.text().split("(?=<\\?xml )"))
        .filter(one -> !one.isBlank() || text.text().isBlank())
        .flatMap(one -> NmapXml.hosts(format.label(), ByteText.raw(one)).stream())
        .toList();
  }

  /**
   * Returns the capture as a snapshot of an unknown host. Of several hosts only the first is used,
   * with a gap.
   *
   * @param output the capture, or its first {@link #MOST} bytes and one more
   */
  public static Snapshot snapshot(Format format, byte[] output, Instant takenAt) {
    CapturedSnapshot captured = new CapturedSnapshot(format, output);
    List<HostCapture> hosts = captured.hosts();
    View view = captured.view(hosts.get(0));
    if (hosts.size() > 1) {
      Gap more =
          new Gap(view.source(), Gap.What.LISTENERS, "the capture has " + hosts.size() + " hosts");
      view = with(view, List.of(more));
    }
    return captured.snapshot("capture", view, takenAt);
  }

  /**
   * Returns one snapshot per host, in the order of the file. A host without a name is {@code
   * capture}.
   *
   * @param output the capture, or its first {@link #MOST} bytes and one more
   */
  public static List<Snapshot> snapshots(Format format, byte[] output, Instant takenAt) {
    CapturedSnapshot captured = new CapturedSnapshot(format, output);
    if (format == Format.NMAP_XML) {
      return captured.scannedHosts().stream()
          .map(host -> captured.snapshot(host.name(), captured.withSizeGap(host.view()), takenAt))
          .toList();
    }
    return captured.hosts().stream()
        .map(
            host -> {
              String name = host.host() == null ? "capture" : host.host();
              return captured.snapshot(name, captured.view(host), takenAt);
            })
        .toList();
  }

  private Snapshot snapshot(String host, View view, Instant takenAt) {
    HostText name = HostText.of(ByteText.raw(host), LONGEST_NAME);
    List<TimedView> views = List.of(new TimedView(view, Duration.ZERO));
    return Snapshot.of(name, takenAt, views, ephemeral(format));
  }

  /** Returns the hosts. A document without host marks before it has one host. */
  private List<HostCapture> hosts() {
    String start = text.text().stripLeading();
    boolean object = start.startsWith("{") && AnsibleJson.hosts(null, text.text()).isEmpty();
    boolean alone = start.startsWith("[") || start.startsWith("<") || object;
    boolean document = format.isDocument() && alone;
    return document
        ? List.of(new HostCapture(null, text.text(), List.of()))
        : HostSections.of(text.text());
  }

  private View withSizeGap(View view) {
    return cut
        ? with(view, List.of(listeners(format.label(), "only the first 16 MiB were read")))
        : view;
  }

  private View view(HostCapture host) {
    String source = format.label();
    List<Gap> gaps = new ArrayList<>();
    host.problems().forEach(why -> gaps.add(listeners(source, visible(why))));
    if (cut) {
      gaps.add(listeners(source, "only the first 16 MiB were read"));
    }
    if (format.isDocument() || SockstatJson.looksLikeIt(ByteText.raw(host.text()))) {
      if (format != Format.NMAP_XML) {
        doubts(gaps, source, host.text().lines().toList());
      }
      return with(format.parse(source, ByteText.raw(host.text())), gaps);
    }
    if (format == Format.LSOF_FIELDS && host.text().indexOf('\0') >= 0) {
      List<String> fields = List.of(host.text().split("[\\x00\\n]"));
      doubts(gaps, source, fields);
      return with(format.parse(source, ByteText.raw(host.text())), gaps);
    }
    CaptureLines lines = CaptureLines.of(format, host.text());
    View view = format.parse(source, lines.text());
    if (hasUnreadRow(view)) {
      for (String original : WrappedLines.originals(host.text())) {
        CaptureLines other = CaptureLines.of(format, original);
        View parsed = format.parse(source, other.text());
        if (!hasUnreadRow(parsed)) {
          lines = other;
          view = parsed;
          break;
        }
      }
    }
    lines.cut().stream().limit(MOST_SHOWN).forEach(line -> gaps.add(cut(source, line)));
    session(gaps, lines);
    doubts(gaps, source, lines.whole());
    return with(view, gaps);
  }

  private static boolean hasUnreadRow(View view) {
    return view.gaps().stream().anyMatch(gap -> gap.what() == Gap.What.ROW);
  }

  /** Adds gaps for commands that show only a part of the listeners. */
  private void session(List<Gap> gaps, CaptureLines lines) {
    if (lines.watched()) {
      gaps.add(
          listeners(format.label(), "watch shows only what fits a screen: run the command itself"));
    }
    for (String command : lines.commands()) {
      ShownCommand.limit(format, command)
          .map(why -> why + ": run " + RowKinds.of(format).command())
          .ifPresent(why -> gaps.add(listeners(format.label(), visible(why))));
    }
  }

  private static String visible(String text) {
    return HostText.of(ByteText.raw(text), 120).toString();
  }

  private void doubts(List<Gap> gaps, String source, List<String> lines) {
    CaptureDoubts.of(format, lines, text.wide()).forEach(why -> gaps.add(listeners(source, why)));
  }

  private static Gap cut(String source, String line) {
    return Gap.row(source, "the line has no line end, so it may be truncated", ByteText.raw(line));
  }

  private static Gap listeners(String source, String why) {
    return new Gap(source, Gap.What.LISTENERS, why);
  }

  private static View with(View view, List<Gap> more) {
    List<Gap> gaps = new ArrayList<>(view.gaps());
    gaps.addAll(more);
    boolean complete = view.complete() && gaps.stream().noneMatch(Gap::hidesListeners);
    return new View(view.source(), complete, view.listeners(), gaps);
  }

  /**
   * Returns the range of client ports. lsof runs on several systems; the narrower range marks fewer
   * sockets as clients.
   */
  private static PortRange ephemeral(Format format) {
    return switch (format) {
      case SS, NETSTAT_LINUX, PROC_NET -> PortRange.LINUX_EPHEMERAL;
      default -> PortRange.IANA_EPHEMERAL;
    };
  }
}
