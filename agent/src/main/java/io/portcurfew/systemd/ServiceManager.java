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
 * Reports the state of the agent to systemd by datagrams to the socket in NOTIFY_SOCKET
 * (sd_notify(3)). Without that variable it does nothing.
 */
public final class ServiceManager {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

  /** Bytes: systemd ignores messages of more than 4,096. */
  private static final int MOST = 3_800;

  private final @Nullable String socket;
  private final boolean watched;
  private final AtomicBoolean unreachable = new AtomicBoolean();

  private ServiceManager(@Nullable String socket, boolean watched) {
    this.socket = socket;
    this.watched = watched;
  }

  /** The service manager of this environment. */
  public static ServiceManager of(Map<String, String> environment) {
    String socket = environment.get("NOTIFY_SOCKET");
    boolean usable = socket != null && (socket.startsWith("/") || socket.startsWith("@"));
    return new ServiceManager(usable ? socket : null, environment.containsKey("WATCHDOG_USEC"));
  }

  /**
   * Reports that the agent is ready and alive.
   *
   * @param status one line for people; called only if it is sent
   * @param patience the time within which the next call must come; otherwise systemd restarts the
   *     agent, if the service has a watchdog
   */
  public void alive(Supplier<String> status, Duration patience) {
    if (socket == null) {
      return;
    }
    String watchdog = "\nWATCHDOG=1\nWATCHDOG_USEC=" + patience.toNanos() / 1_000;
    send("READY=1\nSTATUS=" + oneLine(status.get()) + (watched ? watchdog : ""));
  }

  /** Sets the status line of the service, which is also shown after its end. */
  public void status(String text) {
    send("STATUS=" + oneLine(text));
  }

  /** Reports that the agent is stopping. */
  public void stopping() {
    send("STOPPING=1");
  }

  private static String oneLine(String text) {
    String line = text.replace('\n', ' ');
    CharBuffer left = CharBuffer.wrap(line);
    StandardCharsets.UTF_8.newEncoder().encode(left, ByteBuffer.allocate(MOST), true);
    return left.hasRemaining()
        ? line.substring(0, left.position()) + " ... (more in the log)"
        : line;
  }

  private void send(String assignments) {
    if (socket == null) {
      return;
    }
    String failed = send(socket, assignments);
    if (failed.isEmpty()) {
      unreachable.set(false);
    } else if (!unreachable.getAndSet(true)) {
      LOG.warn("cannot notify the service manager at {}: {}", socket, failed);
    }
  }

  /** Sends a message; returns the error, or an empty text. */
  private static String send(String socket, String assignments) {
    try {
      int errno = UnixDatagram.send(socket, assignments);
      return errno == 0 ? "" : "errno " + errno;
    } catch (LinkageError noNativeLibrary) {
      return "cannot load the native library: " + noNativeLibrary.getMessage();
    }
  }
}
