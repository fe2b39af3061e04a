package io.portcurfew.observe.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;

/** Tools made for a test, and what is left of them. */
public final class Scripts {

  /** A number of seconds that no other process sleeps for: children are found by it. */
  final String marker = "86400.%09d".formatted(new Random().nextInt(1_000_000_000));

  private final Path folder;

  public Scripts(Path folder) {
    this.folder = folder;
  }

  /** A shell script in which {@code $M} is the marker. */
  public Path write(String name, String script) {
    return write(name, "#!/bin/sh\nM=" + marker + "\n" + script + "\n", "rwxr-xr-x");
  }

  public Path write(String name, String content, String permissions) {
    try {
      Path file = Files.writeString(folder.resolve(name), content);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processes with the marker that run still; one that was killed and not asked for is over. */
  public List<ProcessHandle> leftProcesses() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(marker))
        .toList();
  }

  public static List<String> leftThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("portcurfew-drain-"))
        .toList();
  }

  public static int openPipes() {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return (int) descriptors.filter(Scripts::isPipe).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
    } catch (IOException gone) {
      return false;
    }
  }
}
