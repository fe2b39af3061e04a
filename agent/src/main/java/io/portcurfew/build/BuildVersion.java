package io.portcurfew.build;

/** The version of this build. */
public final class BuildVersion {

  /** The version in the jar's manifest; {@code unpackaged} if run from classes. */
  public static final String OF_THIS_BUILD = read();

  private BuildVersion() {}

  private static String read() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
