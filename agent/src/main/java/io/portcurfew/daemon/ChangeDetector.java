package io.portcurfew.daemon;

import io.portcurfew.config.files.FileStamps;

/** Decides when changed files are read: once they are the same at two runs in a row. */
final class ChangeDetector {

  private FileStamps read;
  private FileStamps seen;

  /**
   * @param read the state of the files when they were read
   */
  ChangeDetector(FileStamps read) {
    this.read = read;
    this.seen = read;
  }

  /** The files as they were last read. */
  FileStamps read() {
    return read;
  }

  /** Notes that the files were read again. */
  void read(FileStamps stamps) {
    read = stamps;
    seen = stamps;
  }

  /** True if files in this state should be read. */
  boolean wantsReading(FileStamps now) {
    boolean still = now.equals(seen);
    seen = now;
    return still && !now.equals(read);
  }
}
