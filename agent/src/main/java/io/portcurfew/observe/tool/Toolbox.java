package io.portcurfew.observe.tool;

import io.portcurfew.process.ToolTrust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The folders that native tools are looked for in, one after the other. PATH is never asked: the
 * JDK would search the one that the agent inherited.
 *
 * @param folders absolute paths
 */
record Toolbox(List<Path> folders, ToolTrust trust) {

  Toolbox {
    folders = List.copyOf(folders);
  }

  /** The first file of that name that may be executed; whether it is to be trusted is not said. */
  Optional<Path> find(String file) {
    return folders.stream()
        .map(folder -> folder.resolve(file))
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst();
  }

  /** Why a tool that is not there is not there. */
  String notFound(String file) {
    String where = folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    return "not installed: looked for " + file + " in " + where;
  }
}
