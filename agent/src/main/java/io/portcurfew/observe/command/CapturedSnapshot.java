package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What a tool printed on another host, as a snapshot. */
public final class CapturedSnapshot {

  /** How much of a capture counts, in bytes. */
  public static final int MOST = 16 << 20;

  private CapturedSnapshot() {}

  /**
   * The capture as a snapshot of an unknown host.
   *
   * @param output of a longer one no more than one byte beyond {@link #MOST}
   */
  public static Snapshot snapshot(Format format, byte[] output, Instant takenAt) {
    View view = format.parse(format.label(), output);
    if (output.length > MOST) {
      view = cut(view);
    }
    List<TimedView> looks = List.of(new TimedView(view, Duration.ZERO));
    return Snapshot.of(HostText.of("capture"), takenAt, looks, ephemeral(format));
  }

  private static View cut(View view) {
    Gap cut = new Gap(view.source(), Gap.What.LISTENERS, "only the first 16 MiB were read");
    List<Gap> gaps = Stream.concat(view.gaps().stream(), Stream.of(cut)).toList();
    return new View(view.source(), false, view.listeners(), gaps);
  }

  /** lsof runs on several systems; the narrower range takes fewer sockets for those of clients. */
  private static PortRange ephemeral(Format format) {
    return switch (format) {
      case SS, NETSTAT_LINUX -> PortRange.LINUX_EPHEMERAL;
      case LSOF, LSOF_FIELDS, NETSTAT_MACOS, NETSTAT_WINDOWS, SOCKSTAT -> PortRange.IANA_EPHEMERAL;
    };
  }
}
