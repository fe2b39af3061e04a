package io.portcurfew.cli;

import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.command.CapturedSnapshot;
import io.portcurfew.observe.command.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/** Reads a capture: the output of a tool on another host. */
final class CaptureInput {

  private CaptureInput() {}

  /**
   * Reads a capture as the snapshot of an unknown host at the time when its file was written.
   *
   * @param file a path, or {@code -} for standard input
   * @throws IOException if it cannot be read
   */
  static Snapshot read(String file, Format format) throws IOException {
    if (file.equals("-")) {
      byte[] output = System.in.readNBytes(CapturedSnapshot.MOST + 1);
      return CapturedSnapshot.snapshot(format, output, Clock.systemUTC().instant());
    }
    Path path = Path.of(file);
    try (InputStream in = Files.newInputStream(path)) {
      Instant written = Files.getLastModifiedTime(path).toInstant();
      return CapturedSnapshot.snapshot(format, in.readNBytes(CapturedSnapshot.MOST + 1), written);
    }
  }
}
