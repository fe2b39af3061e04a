package io.portcurfew.process;

import static java.lang.ProcessBuilder.Redirect.PIPE;

import io.portcurfew.observe.HostText;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs one program, such as the native tool of a source: without a shell, in an environment of its
 * own, for a limited time and output; nothing of a run is left behind. One run at a time.
 */
public final class ProcessRunner {

  /** Nothing of the agent's own environment reaches a tool. */
  static final Map<String, String> ENVIRONMENT =
      Map.of("LC_ALL", "C", "LANG", "C", "PATH", "/usr/bin:/bin");

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 8 << 20;
  private static final Duration TO_CLEAN_UP = Duration.ofSeconds(2);
  private static final long FIRST_LOOK_MILLIS = 20;
  private static final long LAST_LOOK_MILLIS = 320;
  private static final File NOTHING = new File(File.separatorChar == '/' ? "/dev/null" : "NUL");

  private final Duration limit;
  private final int mostBytes;
  private final ReentrantLock running = new ReentrantLock();
  private @Nullable ProcessTree family;
  private @Nullable OutputReader drain;

  /**
   * Five seconds and 8 MiB: several times what a host of 10,000 listeners needs, and little enough
   * for three tools at once to fit into the heap of an agent.
   */
  public ProcessRunner() {
    this(LIMIT, MOST_BYTES);
  }

  /**
   * With limits of its own.
   *
   * @param limit how long a run may take
   * @param mostBytes how much it may print on standard output and error together
   */
  public ProcessRunner(Duration limit, int mostBytes) {
    this.limit = limit;
    this.mostBytes = mostBytes;
  }

  /** Runs a tool with nothing on its standard input. */
  public ProcessResult run(Path tool, List<String> arguments) throws InterruptedException {
    return run(tool, arguments, null);
  }

  /**
   * Runs a tool to its end, or ends it.
   *
   * @param input what it gets on standard input
   * @throws InterruptedException when the run was given up; nothing of it is left then either
   */
  public ProcessResult run(Path tool, List<String> arguments, byte @Nullable [] input)
      throws InterruptedException {
    if (!running.tryLock()) {
      return ProcessResult.stopped("its last run is not over");
    }
    try {
      if (isAnythingLeft()) {
        return ProcessResult.stopped(
            "its last run could not be ended: the system does not let it go");
      }
      return start(tool, arguments, input);
    } finally {
      running.unlock();
    }
  }

  private boolean isAnythingLeft() {
    return (family != null && !family.isOver()) || (drain != null && !drain.isOver());
  }

  private ProcessResult start(Path tool, List<String> arguments, byte @Nullable [] input)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(tool.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(new File("/"));
    builder.redirectInput(input == null ? ProcessBuilder.Redirect.from(NOTHING) : PIPE);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    try {
      Process process = builder.start();
      if (input != null) {
        InputWriter.start(process, input);
      }
      return watch(process);
    } catch (IOException e) {
      return ProcessResult.stopped(
          "it could not be started: " + HostText.of(String.valueOf(e.getMessage()), 200));
    }
  }

  private ProcessResult watch(Process process) throws InterruptedException {
    ProcessTree all = new ProcessTree(process);
    OutputReader both = new OutputReader(process, mostBytes);
    family = all;
    drain = both;
    both.start();
    @Nullable String stopped = null;
    boolean clean;
    try {
      stopped = await(process, all, both);
    } finally {
      boolean gone = all.end(TO_CLEAN_UP);
      boolean read = both.end(TO_CLEAN_UP);
      clean = gone && read;
    }
    if (stopped == null && both.isFull()) {
      stopped = tooMuch();
    }
    if (stopped == null && !clean) {
      stopped = "it ended and left a process behind that cannot be ended";
    }
    return stopped == null
        ? ProcessResult.ended(process.exitValue(), both.output(), both.errors())
        : ProcessResult.stopped(stopped);
  }

  /** Waits for the end, or for a reason to end it. */
  private @Nullable String await(Process process, ProcessTree all, OutputReader both)
      throws InterruptedException {
    long start = System.nanoTime();
    long wait = TimeUnit.MILLISECONDS.toNanos(FIRST_LOOK_MILLIS);
    long longest = TimeUnit.MILLISECONDS.toNanos(LAST_LOOK_MILLIS);
    while (true) {
      long left = limit.toNanos() - (System.nanoTime() - start);
      if (process.waitFor(Math.min(wait, left), TimeUnit.NANOSECONDS)) {
        return null;
      }
      if (both.isFull()) {
        return tooMuch();
      }
      if (left <= 0) {
        return "it was not over after " + limit.toMillis() + " ms and was ended";
      }
      // A look reads all of /proc, so a tool that is slow anyway is looked at ever less often.
      all.look();
      wait = Math.min(2 * wait, longest);
    }
  }

  private String tooMuch() {
    return "it printed more than " + mostBytes + " bytes and was ended";
  }
}
