package io.portcurfew.observe.linux.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The state of one thread of the agent as the kernel shows it (proc(5), {@code stat}). */
final class ThreadState {

  private static final Path PROC = Path.of("/proc");

  private final @Nullable Path stat;

  private ThreadState(@Nullable Path stat) {
    this.stat = stat;
  }

  /** Returns that of the calling thread; without /proc it is never known. */
  static ThreadState ofThisThread() {
    try {
      Path link = Files.readSymbolicLink(PROC.resolve("thread-self"));
      return new ThreadState(PROC.resolve(link).resolve("stat"));
    } catch (IOException | UnsupportedOperationException unknown) {
      return new ThreadState(null);
    }
  }

  /** Returns true if the thread runs or waits for a processor, and for nothing else. */
  boolean isRunning() {
    if (stat == null) {
      return false;
    }
    try {
      // The name in parentheses may have any character, so the last one counts.
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      return text.startsWith(") R", text.lastIndexOf(')'));
    } catch (IOException ended) {
      return false;
    }
  }
}
