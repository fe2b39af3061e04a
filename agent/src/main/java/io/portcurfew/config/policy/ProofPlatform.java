package io.portcurfew.config.policy;

import io.portcurfew.policy.OwnerTerm;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The facts about owners that a host can prove.
 *
 * @param isLinux true if the kernel of Linux shows units, containers, digests, scripts and its own
 *     sockets
 * @param hasSystemd true if systemd runs the services (sd_booted(3))
 * @param hasDpkg true if the host has the database of dpkg
 */
public record ProofPlatform(boolean isLinux, boolean hasSystemd, boolean hasDpkg) {

  /** A host that proves everything; for a policy that is meant for other hosts. */
  public static final ProofPlatform ANY = new ProofPlatform(true, true, true);

  /** The platform of this host. */
  public static ProofPlatform ofThisHost() {
    return new ProofPlatform(
        System.getProperty("os.name", "").equals("Linux"),
        mayExist("/run/systemd/system"),
        mayExist("/var/lib/dpkg/status"));
  }

  private static boolean mayExist(String path) {
    return !Files.notExists(Path.of(path), LinkOption.NOFOLLOW_LINKS);
  }

  /** The reason why this host can never prove the term; {@code null} if it can. */
  @Nullable String problem(OwnerTerm term) {
    boolean windows = term.executable() != null && !term.executable().text().startsWith("/");
    if (windows) {
      return "the path is one of Windows, whose captures show no path";
    }
    if (!isLinux) {
      return needsLinux(term)
          ? "unit, container, script, sha256, package and kernel need Linux"
          : null;
    }
    if (term.unit() != null && !hasSystemd) {
      return "systemd does not run on this host";
    }
    return term.packageName() != null && !hasDpkg ? "this host has no database of dpkg" : null;
  }

  private static boolean needsLinux(OwnerTerm term) {
    return term.unit() != null
        || term.container() != null
        || term.script() != null
        || term.sha256() != null
        || term.packageName() != null
        || term.kernel() != null;
  }
}
