package io.portcurfew.config.policy;

import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.VisibleText;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A policy file and the chain of files that include it.
 *
 * @param name its name in problems
 * @param path its absolute path
 * @param above the chain of including files, the policy itself first
 */
record PolicyFile(String name, Path path, List<PolicyFile> above) {

  private static final String EXPECTED =
      "the path of a policy file, relative to this one, like baseline.yaml";

  PolicyFile {
    above = List.copyOf(above);
  }

  /**
   * The file that one include of this file names; adds a problem if it must not be read.
   *
   * @param read the files that were read before
   */
  Optional<PolicyFile> included(Field field, Collection<Path> read) {
    return PathReader.any(field, EXPECTED).flatMap(relative -> included(field, relative, read));
  }

  private Optional<PolicyFile> included(Field field, Path relative, Collection<Path> read) {
    if (relative.isAbsolute()) {
      field.wrong("the path is absolute", EXPECTED);
      return Optional.empty();
    }
    PolicyFile target =
        new PolicyFile(
            Path.of(name).resolveSibling(relative).normalize().toString(),
            path.resolveSibling(relative).normalize(),
            Stream.concat(above.stream(), Stream.of(this)).toList());
    String wrong = problem(target, read);
    if (wrong != null) {
      field.wrong(wrong, EXPECTED);
    }
    return wrong == null ? Optional.of(target) : Optional.empty();
  }

  private static @Nullable String problem(PolicyFile target, Collection<Path> read) {
    if (!target.path().startsWith(target.root())) {
      return "the path points out of the policy's folder";
    }
    if (target.above().stream().anyMatch(file -> file.path().equals(target.path()))) {
      return "the file includes itself: " + target.chain();
    }
    if (read.contains(target.path())) {
      return "the file is already included";
    }
    if (target.above().size() > PolicyFiles.MOST_DEPTH) {
      return "includes are nested more than " + PolicyFiles.MOST_DEPTH + " deep: " + target.chain();
    }
    return read.size() >= PolicyFiles.MOST_FILES
        ? "the policy has more than " + PolicyFiles.MOST_FILES + " files"
        : null;
  }

  /** The folder of the policy itself; no include may lead out of it. */
  private @Nullable Path root() {
    return (above.isEmpty() ? path : above.get(0).path()).getParent();
  }

  private String chain() {
    return Stream.concat(above.stream(), Stream.of(this))
        .map(file -> VisibleText.name(String.valueOf(file.path().getFileName())))
        .collect(Collectors.joining(" > "));
  }
}
