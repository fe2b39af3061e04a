package io.portcurfew.observe.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;

/** Scripts that replace tools in a test, and the processes and pipes that they leave. */
public final class ToolScripts {

  /** A duration that no other process sleeps for; it identifies child processes. */
  final String marker = "86400.%09d".formatted(new Random().nextInt(1_000_000_000));

  private final Path folder;

  public ToolScripts(Path folder) {
    this.folder = folder;
  }

  /** Writes a shell script; {@code $M} is the marker. */
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

  /**
   * Returns running processes with the marker; killed processes that were not reaped do not count.
   */
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
      return (int) descriptors.filter(ToolScripts::isPipe).count();
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
