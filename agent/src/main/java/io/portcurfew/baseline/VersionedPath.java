package io.portcurfew.baseline;

import io.portcurfew.policy.PathPattern;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces the versions in the path of an executable by {@code *}, so that an update does not break
 * a learned rule. Only below folders that packages own, where users cannot choose a path.
 */
final class VersionedPath {

  private static final Pattern OF_PACKAGES = Pattern.compile("/(?:usr|opt|snap|nix/store)/.*");

  /** A revision of a snap: a number, or x and a number for a local one (snapcraft.io). */
  private static final Pattern SNAP = Pattern.compile("^(/snap/[^/]+/)x?[0-9]+(?=/)");

  /** A path of the Nix store: a hash of 32 digits, a name, and mostly a version (Nix manual). */
  private static final Pattern NIX =
      Pattern.compile("^(/nix/store/)[0-9a-z]{32}(-[^/]*?)(-[0-9][^/]*)?(?=/)");

  /** A folder that is a version: {@code /15/}, {@code /1.2.3/}. */
  private static final Pattern FOLDER = Pattern.compile("(?<=/)v?[0-9]+(?:\\.[0-9]+)*(?=/)");

  /** A folder that ends with a version: {@code /app-1.2.3/}. */
  private static final Pattern SUFFIX =
      Pattern.compile("(?<=/)([^/*]*[^/*0-9.])-[0-9]+(?:\\.[0-9]+)+(?=/)");

  private VersionedPath() {}

  /** The pattern for a path; it matches only this path if that has no version. */
  static PathPattern pattern(String path) {
    String exact = PathPattern.exactly(path).text();
    if (!OF_PACKAGES.matcher(exact).matches()) {
      return new PathPattern(exact);
    }
    String text = SNAP.matcher(exact).replaceAll("$1*");
    Matcher nix = NIX.matcher(text);
    if (nix.find()) {
      String version = nix.group(3) == null ? "" : "-*";
      text = nix.group(1) + "*" + nix.group(2) + version + text.substring(nix.end());
    }
    text = FOLDER.matcher(text).replaceAll("*");
    return new PathPattern(SUFFIX.matcher(text).replaceAll("$1-*"));
  }
}
