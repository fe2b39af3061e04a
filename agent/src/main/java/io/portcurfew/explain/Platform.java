package io.portcurfew.explain;

/** The platform whose tools the manual commands use. */
public enum Platform {
  LINUX,
  MACOS,
  WINDOWS,
  FREEBSD,
  OTHER;

  /** The platform of a Java system property {@code os.name}. */
  public static Platform of(String osName) {
    if (osName.equals("Linux")) {
      return LINUX;
    }
    if (osName.startsWith("Mac OS X")) {
      return MACOS;
    }
    if (osName.startsWith("Windows")) {
      return WINDOWS;
    }
    return osName.equals("FreeBSD") ? FREEBSD : OTHER;
  }
}
