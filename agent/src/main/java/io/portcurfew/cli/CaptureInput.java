package io.portcurfew.cli;

import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.capture.CapturedSnapshot;
import io.portcurfew.observe.capture.EncodedFile;
import io.portcurfew.observe.capture.Recognition;
import io.portcurfew.observe.command.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A capture file: the output of a tool on one or more other hosts. */
final class CaptureInput {

  private final byte[] output;
  private final Instant takenAt;

  private CaptureInput(byte[] output, Instant takenAt) {
    this.output = output;
    this.takenAt = takenAt;
  }

  /**
   * Reads a capture. Its time is the modification time of the file.
   *
   * @param file a path, or {@code -} for standard input
   * @throws IOException if it cannot be read, or is no text but compressed or encoded
   */
  static CaptureInput read(String file) throws IOException {
    if (file.equals("-")) {
      byte[] output = text(System.in.readNBytes(CapturedSnapshot.MOST + 1));
      return new CaptureInput(output, Clock.systemUTC().instant());
    }
    Path path = Path.of(file);
    try (InputStream in = Files.newInputStream(path)) {
      Instant written = Files.getLastModifiedTime(path).toInstant();
      return new CaptureInput(text(in.readNBytes(CapturedSnapshot.MOST + 1)), written);
    }
  }

  private static byte[] text(byte[] raw) throws IOException {
    Optional<String> encoding = EncodedFile.encoding(raw);
    if (encoding.isPresent()) {
      throw new IOException("it is " + encoding.get() + ": decode it first");
    }
    return raw;
  }

  /** Returns the recognised format, if any. */
  Optional<Format> format() {
    return Recognition.of(output);
  }

  /** Returns the snapshots of its hosts. */
  List<Snapshot> hosts(Format format) {
    return CapturedSnapshot.snapshots(format, output, takenAt);
  }
}
