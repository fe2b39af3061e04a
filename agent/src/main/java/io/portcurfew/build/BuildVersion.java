package io.portcurfew.build;

/** The version of this build. */
public final class BuildVersion {

  /** As the jar's manifest tells it; {@code unpackaged} when run from classes. */
  public static final String OF_THIS_BUILD = read();

  private BuildVersion() {}

  private static String read() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
