package io.portcurfew.build;

/** The version of this build. */
public final class Version {

  /** As the jar's manifest tells it; {@code unpackaged} when run from classes. */
  public static final String OF_THIS_BUILD = read();

  private Version() {}

  private static String read() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
