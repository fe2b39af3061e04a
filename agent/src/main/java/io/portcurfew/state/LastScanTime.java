package io.portcurfew.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When an agent looked last, kept as the time of a file, so that the next agent can tell for how
 * long nobody looked. No more than that time is written, and it is not forced to the disk.
 */
public final class LastScanTime {

  static final String FILE = "last-look";

  private static final Logger LOG = LoggerFactory.getLogger(LastScanTime.class);

  private final Path file;

  /**
   * @param folder the state folder, which this process holds
   */
  public LastScanTime(Path folder) {
    this.file = folder.resolve(FILE);
  }

  /** When the last look ended; nothing where there was none, or nobody knows. */
  public Optional<Instant> at() {
    try {
      return Optional.of(Files.getLastModifiedTime(file).toInstant());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("when this host was looked at last cannot be read: {}", e.toString());
      return Optional.empty();
    }
  }

  /** A look has ended. */
  public void ended(Instant now) {
    try {
      write(now);
    } catch (IOException e) {
      LOG.debug("the time of the last look cannot be kept: {}", e.toString());
    }
  }

  private void write(Instant now) throws IOException {
    try {
      Files.setLastModifiedTime(file, FileTime.from(now));
    } catch (NoSuchFileException none) {
      Files.createFile(file);
      Files.setLastModifiedTime(file, FileTime.from(now));
    }
  }
}
