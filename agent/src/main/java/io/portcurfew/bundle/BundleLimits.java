package io.portcurfew.bundle;

/** The bounds of a bundle. */
public final class BundleLimits {

  /** The largest archive, in bytes. */
  public static final int ARCHIVE = 4 << 20;

  /** The most bytes that an archive may hold when it is unpacked. */
  public static final int UNPACKED = 16 << 20;

  /** The most files of an archive, the manifest among them. */
  public static final int FILES = 256;

  /** The longest name of a file: the field of a tar header (POSIX.1-1988 ustar). */
  public static final int NAME = 100;

  private BundleLimits() {}
}
