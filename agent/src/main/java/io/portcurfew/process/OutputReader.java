package io.portcurfew.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Reads both outputs of a process on a thread of its own, so that a full pipe never blocks it.
 *
 * <p>It never blocks in a read: another process that holds the other end of a pipe, such as a child
 * that outlives the tool, could block the thread forever.
 */
final class OutputReader {

  private static final int CHUNK = 64 * 1024;
  private static final long IDLE_MILLIS = 2;

  private final InputStream output;
  private final InputStream errors;
  private final ByteArrayOutputStream fromOutput = new ByteArrayOutputStream();
  private final ByteArrayOutputStream fromErrors = new ByteArrayOutputStream();
  private final int most;
  private final Thread thread;
  private volatile boolean nothingMoreComes;
  private volatile boolean full;

  /**
   * @param most the limit for both outputs together, in bytes
   */
  OutputReader(Process process, int most) {
    this.output = process.getInputStream();
    this.errors = process.getErrorStream();
    this.most = most;
    this.thread = DaemonThreads.of("portcurfew-drain-" + process.pid(), this::run);
  }

  void start() {
    thread.start();
  }

  /** True if the process printed more than the limit. */
  boolean isFull() {
    return full;
  }

  boolean isOver() {
    return !thread.isAlive();
  }

  /**
   * Reads the rest of both pipes, closes them and ends the thread.
   *
   * @return false if it did not end in time
   */
  boolean end(Duration atMost) {
    nothingMoreComes = true;
    UninterruptibleWait.await(this::isOver, atMost);
    return isOver();
  }

  /** Standard output; call it after the end. */
  String output() {
    return fromOutput.toString(StandardCharsets.ISO_8859_1);
  }

  /** Standard error; call it after the end. */
  String errors() {
    return fromErrors.toString(StandardCharsets.ISO_8859_1);
  }

  private void run() {
    byte[] chunk = new byte[CHUNK];
    try (output;
        errors) {
      boolean last;
      boolean moved;
      do {
        last = nothingMoreComes;
        moved = move(output, fromOutput, chunk);
        moved |= move(errors, fromErrors, chunk);
        if (!moved && !last) {
          Thread.sleep(IDLE_MILLIS);
        }
      } while (!full && (moved || !last));
    } catch (IOException | InterruptedException closed) {
      // There is nothing more to read; the text so far stays.
    }
  }

  private boolean move(InputStream from, ByteArrayOutputStream to, byte[] chunk)
      throws IOException {
    int count;
    // When the process exits, the JDK drains the pipe and replaces its stream under this lock; that
    // must not happen between available and read.
    synchronized (from) {
      int ready = Math.min(from.available(), CHUNK);
      count = ready > 0 ? from.read(chunk, 0, ready) : 0;
    }
    int room = most - fromOutput.size() - fromErrors.size();
    full |= count > room;
    to.write(chunk, 0, Math.max(0, Math.min(count, room)));
    return count > 0;
  }
}
