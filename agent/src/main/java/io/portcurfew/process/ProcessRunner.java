package io.portcurfew.process;

import static java.lang.ProcessBuilder.Redirect.PIPE;

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
 * Runs one program, such as the native tool of a source: without a shell, in a fixed environment,
 * with limits for time and output, and without leaving a process behind. One run at a time.
 */
public final class ProcessRunner {

  /** The whole environment of a program; the agent's own is not passed on. */
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
  private @Nullable ProcessTree tree;
  private @Nullable OutputReader reader;

  /**
   * With limits of five seconds and 8 MiB: several times the need of a host with 10,000 listeners,
   * and small enough for the output of three tools in the heap of an agent.
   */
  public ProcessRunner() {
    this(LIMIT, MOST_BYTES);
  }

  /**
   * With other limits.
   *
   * @param limit the longest time of a run
   * @param mostBytes the limit for standard output and error together
   */
  public ProcessRunner(Duration limit, int mostBytes) {
    this.limit = limit;
    this.mostBytes = mostBytes;
  }

  /** Runs a program with an empty standard input. */
  public ProcessResult run(Path tool, List<String> arguments) throws InterruptedException {
    return run(tool, arguments, null);
  }

  /**
   * Runs a program to its end, or kills it.
   *
   * @param input its standard input
   * @throws InterruptedException if the run was interrupted; it leaves no process behind either
   */
  public ProcessResult run(Path tool, List<String> arguments, byte @Nullable [] input)
      throws InterruptedException {
    if (!running.tryLock()) {
      return ProcessResult.stopped("its previous run has not ended");
    }
    try {
      if (isAnythingLeft()) {
        return ProcessResult.stopped(
            "its previous run could not be killed: the system does not release it");
      }
      return start(tool, arguments, input);
    } finally {
      running.unlock();
    }
  }

  private boolean isAnythingLeft() {
    return (tree != null && !tree.isOver()) || (reader != null && !reader.isOver());
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
      return ProcessResult.stopped("it could not be started: " + start(e));
    }
  }

  private static String start(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.substring(0, Math.min(message.length(), 200));
  }

  private ProcessResult watch(Process process) throws InterruptedException {
    ProcessTree all = new ProcessTree(process);
    OutputReader both = new OutputReader(process, mostBytes);
    tree = all;
    reader = both;
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
    if (clean) {
      // Their ids may be those of other processes soon.
      tree = null;
      reader = null;
    }
    if (stopped == null && both.isFull()) {
      stopped = tooMuch();
    }
    if (stopped == null && !clean) {
      stopped = "it left a process behind that cannot be killed";
    }
    return stopped == null
        ? ProcessResult.ended(process.exitValue(), both.output(), both.errors())
        : ProcessResult.stopped(stopped);
  }

  /** Waits for the end, or for a reason to kill it. */
  private @Nullable String await(Process process, ProcessTree all, OutputReader both)
      throws InterruptedException {
    Duration start = Ticker.SYSTEM.elapsed();
    long wait = TimeUnit.MILLISECONDS.toNanos(FIRST_LOOK_MILLIS);
    long longest = TimeUnit.MILLISECONDS.toNanos(LAST_LOOK_MILLIS);
    while (true) {
      long left = limit.minus(Ticker.SYSTEM.since(start)).toNanos();
      if (process.waitFor(Math.min(wait, left), TimeUnit.NANOSECONDS)) {
        return null;
      }
      if (both.isFull()) {
        return tooMuch();
      }
      if (left <= 0) {
        return "it did not end within " + limit.toMillis() + " ms and was killed";
      }
      // Each look reads all of /proc, so a slow program is looked at less and less often.
      all.look();
      wait = Math.min(2 * wait, longest);
    }
  }

  private String tooMuch() {
    return "it printed more than " + mostBytes + " bytes and was killed";
  }
}
