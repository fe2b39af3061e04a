package io.portcurfew.host;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.file.HostFile;
import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Follows the links in paths of this host, as its first process sees them. Only on Linux. */
public final class PathResolver {

  /** Paths that {@link HostText} shows without escapes. */
  private static final String PLAIN = "/[\\x21-\\x5b\\x5d-\\x7e]*";

  private PathResolver() {}

  /**
   * A file of this host.
   *
   * @param path the path behind all links
   * @param exists false if there is no such file
   * @param isOfRootAlone true if only root can change the file, and every folder and link of its
   *     path
   */
  public record ResolvedPath(String path, boolean exists, boolean isOfRootAlone) {}

  /** The files of these paths; those that cannot be looked up are left out. */
  public static Map<String, ResolvedPath> resolve(Set<String> paths) {
    Map<String, ResolvedPath> resolved = new LinkedHashMap<>();
    if (paths.isEmpty() || !HostFactory.isLinux()) {
      return resolved;
    }
    try {
      HostTree tree = new HostTree(new ProcFs(Path.of("/")));
      paths.stream()
          .filter(path -> path.matches(PLAIN))
          .forEach(path -> resolve(tree, path, resolved));
    } catch (LinkageError noNativeLibrary) {
      resolved.clear();
    }
    return resolved;
  }

  private static void resolve(HostTree tree, String path, Map<String, ResolvedPath> into) {
    HostTree.Resolved found = tree.resolve(path);
    if (!found.file().isUnknown()) {
      HostText target = HostText.of(found.path().getBytes(StandardCharsets.ISO_8859_1));
      boolean exists = found.file().state() == HostFile.State.FOUND;
      into.put(path, new ResolvedPath(target.toString(), exists, found.file().ofRootAlone()));
    }
  }
}
