package io.portcurfew.observe.tool;

import io.portcurfew.process.ToolTrust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The folders of native tools, in search order. PATH is not used: the JDK would search the
 * inherited one.
 *
 * @param folders absolute paths
 */
record Toolbox(List<Path> folders, ToolTrust trust) {

  Toolbox {
    folders = List.copyOf(folders);
  }

  /** Returns the first executable file of that name; its trust is not checked. */
  Optional<Path> find(String file) {
    return folders.stream()
        .map(folder -> folder.resolve(file))
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst();
  }

  /** Returns the reason for a missing tool. */
  String notFound(String file) {
    String where = folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    return "not installed: looked for " + file + " in " + where;
  }
}
