package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one file piece by piece and computes its digests. */
final class FileDigestJob implements AutoCloseable {

  /** The maximum size of a file. A longer file gets no digest. */
  static final long MOST_BYTES = 1L << 30;

  /** The number of bytes in one piece, which takes some milliseconds. */
  private static final int PIECE = 1 << 20;

  private final FileId file;
  private final MessageDigest sha256 = digest("SHA-256");
  private final MessageDigest md5 = digest("MD5");
  private int fd;
  private long total;
  private boolean done;
  private @Nullable FileDigests digests;

  FileDigestJob(FileId file, int fd) {
    this.file = file;
    this.fd = fd;
  }

  FileId file() {
    return file;
  }

  boolean isDone() {
    return done;
  }

  /**
   * Returns the digests after the job is done. The result is empty if the file cannot be read or
   * has changed.
   */
  Optional<FileDigests> digests() {
    return Optional.ofNullable(digests);
  }

  /** Reads the next piece and returns its number of bytes. */
  synchronized int readPiece(ProcFs proc, NativeBuffer buffer) {
    int piece = 0;
    while (!done && piece < PIECE) {
      long got = fd < 0 ? -1 : Libc.read(fd, buffer.address(), buffer.size());
      if (got > 0) {
        ByteBuffer bytes = buffer.bytes().slice(0, (int) got);
        sha256.update(bytes);
        md5.update(bytes.rewind());
        piece += (int) got;
      }
      total += Math.max(got, 0);
      if (got <= 0 || total > MOST_BYTES) {
        done = true;
        // If the file was changed during the reading, the digest matches no version of it.
        digests = got == 0 && file.equals(proc.file(fd)) ? make() : null;
      }
    }
    return piece;
  }

  private FileDigests make() {
    HexFormat hex = HexFormat.of();
    return new FileDigests(hex.formatHex(sha256.digest()), hex.formatHex(md5.digest()));
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime does not provide " + name, e);
    }
  }

  @Override
  public synchronized void close() {
    if (fd >= 0) {
      Libc.close(fd);
    }
    fd = -1;
  }
}
