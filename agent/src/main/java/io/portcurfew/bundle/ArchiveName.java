package io.portcurfew.bundle;

import java.util.regex.Pattern;

/** The names that a file of a bundle may have. */
final class ArchiveName {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.+@ -]+(/[A-Za-z0-9_.+@ -]+)*");
  private static final Pattern DOTS = Pattern.compile("(^|/)\\.{1,2}(/|$)");

  private ArchiveName() {}

  /** Refuses a name that could lead out of the archive or look like another one. */
  static void check(String name) throws BundleRefusal {
    if (name.startsWith("/")) {
      throw new BundleRefusal(
          "the archive has a file with an absolute path: " + BundleRefusal.shown(name));
    }
    if (DOTS.matcher(name).find()) {
      throw new BundleRefusal(
          "the archive has a path that leads elsewhere: " + BundleRefusal.shown(name));
    }
    if (name.length() > BundleLimits.NAME || !PLAIN.matcher(name).matches()) {
      throw new BundleRefusal(
          "the archive has a file with a bad name: "
              + BundleRefusal.shown(name)
              + "; expected: at most 100 letters, digits, spaces and _ . + @ - between slashes");
    }
  }
}
