package io.portcurfew.cli;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Looked;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.observe.command.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Reads what a tool printed on another host. */
final class Capture {

  private static final int MOST = 16 << 20;

  private Capture() {}

  /**
   * The capture as a snapshot of an unknown host, taken when its file was written.
   *
   * @param file a path, or {@code -} for standard input
   * @throws IOException where it cannot be read
   */
  static Snapshot read(String file, Format format) throws IOException {
    if (file.equals("-")) {
      return snapshot(format, System.in.readNBytes(MOST + 1), Clock.systemUTC().instant());
    }
    Path path = Path.of(file);
    try (InputStream in = Files.newInputStream(path)) {
      Instant written = Files.getLastModifiedTime(path).toInstant();
      return snapshot(format, in.readNBytes(MOST + 1), written);
    }
  }

  static Snapshot snapshot(Format format, byte[] output, Instant takenAt) {
    View view = format.parse(format.label(), output);
    if (output.length > MOST) {
      view = cut(view);
    }
    List<Looked> looks = List.of(new Looked(view, Duration.ZERO));
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
