package io.portcurfew.systemd;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the agent is, as sd_notify(3) has it: by datagrams to the socket that it names
 * in the environment. Under anything else nothing is told.
 */
public final class ServiceManager {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

  /** Bytes: systemd ignores messages of more than 4,096. */
  private static final int MOST = 3_800;

  private final @Nullable String socket;
  private final boolean watched;
  private final AtomicBoolean deaf = new AtomicBoolean();

  private ServiceManager(@Nullable String socket, boolean watched) {
    this.socket = socket;
    this.watched = watched;
  }

  /** The one that this environment speaks of. */
  public static ServiceManager of(Map<String, String> environment) {
    String socket = environment.get("NOTIFY_SOCKET");
    boolean usable = socket != null && (socket.startsWith("/") || socket.startsWith("@"));
    return new ServiceManager(usable ? socket : null, environment.containsKey("WATCHDOG_USEC"));
  }

  /**
   * The agent is up, or still is.
   *
   * @param status one line for people; asked for only where somebody is told
   * @param patience without another call within this time the agent is taken for stuck, and started
   *     anew; only where the service asks for that
   */
  public void alive(Supplier<String> status, Duration patience) {
    if (socket == null) {
      return;
    }
    String watchdog = "\nWATCHDOG=1\nWATCHDOG_USEC=" + patience.toNanos() / 1_000;
    tell("READY=1\nSTATUS=" + oneLine(status.get()) + (watched ? watchdog : ""));
  }

  /** What a person is shown as the state of the service, also after it has ended. */
  public void status(String text) {
    tell("STATUS=" + oneLine(text));
  }

  /** The agent has begun to end. */
  public void stopping() {
    tell("STOPPING=1");
  }

  private static String oneLine(String text) {
    String line = text.replace('\n', ' ');
    CharBuffer left = CharBuffer.wrap(line);
    StandardCharsets.UTF_8.newEncoder().encode(left, ByteBuffer.allocate(MOST), true);
    return left.hasRemaining()
        ? line.substring(0, left.position()) + " ... (more in the log)"
        : line;
  }

  private void tell(String assignments) {
    if (socket == null) {
      return;
    }
    String failed = send(socket, assignments);
    if (failed.isEmpty()) {
      deaf.set(false);
    } else if (!deaf.getAndSet(true)) {
      LOG.warn("the service manager cannot be told anything at {}: {}", socket, failed);
    }
  }

  /** Why it could not be sent; empty where it was. */
  private static String send(String socket, String assignments) {
    try {
      int errno = UnixDatagram.send(socket, assignments);
      return errno == 0 ? "" : "errno " + errno;
    } catch (LinkageError noNativeLibrary) {
      return noNativeLibrary.toString();
    }
  }
}
