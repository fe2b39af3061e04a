package io.portcurfew.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Reads both outputs of a process on a thread of its own, so that neither fills up and blocks it.
 *
 * <p>It never waits for bytes: whoever holds the other end of a pipe, a child of the tool that
 * outlives it for one, could keep a thread that waits for good.
 */
final class OutputReader {

  private static final int CHUNK = 64 * 1024;
  private static final long IDLE_MILLIS = 2;

  private final InputStream output;
  private final InputStream errors;
  private final ByteArrayOutputStream fromOutput = new ByteArrayOutputStream();
  private final ByteArrayOutputStream fromErrors = new ByteArrayOutputStream();
  private final byte[] chunk = new byte[CHUNK];
  private final int most;
  private final Thread thread;
  private volatile boolean nothingMoreComes;
  private volatile boolean full;

  /**
   * @param most how many bytes of both together are read
   */
  OutputReader(Process process, int most) {
    this.output = process.getInputStream();
    this.errors = process.getErrorStream();
    this.most = most;
    this.thread = new Thread(this::run, "portcurfew-drain-" + process.pid());
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Whether more came than is read. */
  boolean isFull() {
    return full;
  }

  boolean isOver() {
    return !thread.isAlive();
  }

  /**
   * Reads what is still in the pipes, closes them and ends the thread.
   *
   * @return whether it did so in time
   */
  boolean end(Duration atMost) {
    nothingMoreComes = true;
    UninterruptibleWait.await(this::isOver, atMost);
    return isOver();
  }

  /** Standard output; to be asked after the end. */
  String output() {
    return fromOutput.toString(StandardCharsets.ISO_8859_1);
  }

  /** Standard error; to be asked after the end. */
  String errors() {
    return fromErrors.toString(StandardCharsets.ISO_8859_1);
  }

  private void run() {
    try (output;
        errors) {
      boolean last;
      boolean moved;
      do {
        last = nothingMoreComes;
        moved = move(output, fromOutput);
        moved |= move(errors, fromErrors);
        if (!moved && !last) {
          Thread.sleep(IDLE_MILLIS);
        }
      } while (!full && (moved || !last));
    } catch (IOException | InterruptedException closed) {
      // Nothing is left to be read, and what was read stands.
    }
  }

  private boolean move(InputStream from, ByteArrayOutputStream to) throws IOException {
    int count;
    // When the process exits, the JDK takes what is left in the pipe and puts another stream in its
    // place, under this lock: between the question and the answer it must not.
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
