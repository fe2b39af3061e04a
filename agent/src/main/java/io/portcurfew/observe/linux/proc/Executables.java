package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.OwnerFact;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What costs much to find out about the files that processes run: their SHA-256 and their package.
 * A file is read once, however many processes run it.
 */
final class Executables {

  /** What was found out; what was not asked for or is not known is {@code null}. */
  record Facts(@Nullable HostText sha256, @Nullable HostText packageName) {
    static final Facts NONE = new Facts(null, null);
  }

  private static final int MOST_REMEMBERED = 1024;

  private final DpkgPackages packages;
  private final Map<FileId, FileDigests> known = new LinkedHashMap<>();
  private Set<OwnerFact> asked = Set.of();

  Executables(Path root) {
    packages = new DpkgPackages(root);
  }

  /** From now on these are found out; whether it is another set than before. */
  boolean ask(Set<OwnerFact> facts) {
    boolean other = !asked.equals(facts);
    asked = Set.copyOf(facts);
    return other;
  }

  /**
   * Finds out what is asked for.
   *
   * @param file the file that the process runs
   * @param path its path where it is known to lead to that file; else {@code null}, and there is no
   *     package to be told
   */
  Facts of(ProcessFolder process, FileId file, byte @Nullable [] path) {
    if (asked.isEmpty()) {
      return Facts.NONE;
    }
    FileDigests digests = digests(process, file);
    if (digests == null) {
      return Facts.NONE;
    }
    boolean wantsPackage = asked.contains(OwnerFact.PACKAGE) && path != null;
    return new Facts(
        asked.contains(OwnerFact.SHA256) ? HostText.of(digests.sha256()) : null,
        wantsPackage
            ? packages.of(new String(path, StandardCharsets.ISO_8859_1), digests.md5())
            : null);
  }

  private @Nullable FileDigests digests(ProcessFolder process, FileId file) {
    FileDigests digests = known.get(file);
    if (digests != null) {
      return digests;
    }
    digests = FileDigests.of(process);
    // It may have begun to run another file meanwhile.
    if (digests == null || !file.equals(process.file("exe"))) {
      return null;
    }
    if (known.size() >= MOST_REMEMBERED) {
      known.remove(known.keySet().iterator().next());
    }
    known.put(file, digests);
    return digests;
  }
}
