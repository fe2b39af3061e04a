package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The digests of a file that runs.
 *
 * @param md5 what dpkg compares files by; it proves nothing against somebody who made both
 */
record FileDigests(String sha256, String md5) {

  /** A longer file is not read: a look must end. */
  private static final long MOST_BYTES = 1L << 30;

  private static final int PIECE = 64 * 1024;

  /** Reads the file that a process runs, whatever its name leads to by now. */
  static @Nullable FileDigests of(ProcessFolder process) {
    int fd = process.open("exe");
    if (fd < 0) {
      return null;
    }
    try {
      return read(fd);
    } finally {
      Libc.close(fd);
    }
  }

  private static @Nullable FileDigests read(int fd) {
    MessageDigest sha256 = digest("SHA-256");
    MessageDigest md5 = digest("MD5");
    NativeBuffer piece = new NativeBuffer(PIECE);
    long all = 0;
    long got = Libc.read(fd, piece.address(), PIECE);
    while (got > 0 && all <= MOST_BYTES) {
      ByteBuffer bytes = piece.bytes().slice(0, (int) got);
      sha256.update(bytes);
      md5.update(bytes.rewind());
      all += got;
      got = Libc.read(fd, piece.address(), PIECE);
    }
    HexFormat hex = HexFormat.of();
    return got != 0
        ? null
        : new FileDigests(hex.formatHex(sha256.digest()), hex.formatHex(md5.digest()));
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + name, e);
    }
  }
}
