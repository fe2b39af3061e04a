package io.portcurfew.daemon;

import io.portcurfew.config.files.FileStamps;

/** Decides when changed files are read: once they have stood still from one look to the next. */
final class ChangeDetector {

  private FileStamps read;
  private FileStamps seen;

  /**
   * @param read how the files stood when they were read
   */
  ChangeDetector(FileStamps read) {
    this.read = read;
    this.seen = read;
  }

  /** The files as they were read last. */
  FileStamps read() {
    return read;
  }

  /** They were read again. */
  void read(FileStamps stamps) {
    read = stamps;
    seen = stamps;
  }

  /** Whether they are to be read, now that they stand like this. */
  boolean wantsReading(FileStamps now) {
    boolean still = now.equals(seen);
    seen = now;
    return still && !now.equals(read);
  }
}
