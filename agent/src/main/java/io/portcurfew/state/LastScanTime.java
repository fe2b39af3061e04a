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
 * The time of the last scan, saved as the modification time of a file, so that the next agent knows
 * for how long no scan ran. Only that time is written, and it is not synced to the disk.
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

  /** The end of the last scan; empty if there was none or it is unknown. */
  public Optional<Instant> at() {
    try {
      return Optional.of(Files.getLastModifiedTime(file).toInstant());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("cannot read the time of the last scan: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Records the end of a scan. */
  public void ended(Instant now) {
    try {
      write(now);
    } catch (IOException e) {
      LOG.debug("cannot save the time of the last scan: {}", e.getMessage());
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
