package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A receiver that runs any code on a connection after reading a request. */
final class RawReceiver implements AutoCloseable {

  interface Answer {
    void to(OutputStream out) throws IOException, InterruptedException;
  }

  private static final char TLS_HANDSHAKE = 0x16;
  private static final Pattern LENGTH =
      Pattern.compile("^content-length: ([0-9]+)", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Answer answer;

  RawReceiver(Answer answer) throws IOException {
    this.answer = answer;
    start(this::accept);
  }

  /** Sends a text and closes. */
  static RawReceiver sending(String text) throws IOException {
    return new RawReceiver(out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Never answers. */
  static RawReceiver hanging() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    return new RawReceiver(out -> never.await());
  }

  /** Sends a start at once, then the same text for ever. */
  static RawReceiver dripping(String start, String drop) throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    return new RawReceiver(
        out -> {
          out.write(start.getBytes(StandardCharsets.US_ASCII));
          do {
            out.write(drop.getBytes(StandardCharsets.US_ASCII));
          } while (!never.await(20, TimeUnit.MILLISECONDS));
        });
  }

  URI url(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/hook?token=t0ken");
  }

  /** Waits until the other side closed a connection while this side still wrote. */
  boolean wasCut() throws InterruptedException {
    return gone.await(30, TimeUnit.SECONDS);
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        start(() -> serve(socket));
      } catch (IOException ended) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      readRequest(socket.getInputStream());
      answer.to(socket.getOutputStream());
    } catch (IOException cut) {
      gone.countDown();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads to the end: closing with unread data would reset the connection. */
  private static void readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append((char) in.read());
    if (head.charAt(0) == TLS_HANDSHAKE) {
      assertThat(in.read(new byte[64 * 1024])).isPositive();
      return;
    }
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      head.append((char) next);
    }
    Matcher length = LENGTH.matcher(head);
    if (length.find()) {
      in.readNBytes(Integer.parseInt(length.group(1)));
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "raw-receiver");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
  }
}
