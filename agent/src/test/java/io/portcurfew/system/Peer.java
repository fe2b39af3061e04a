package io.portcurfew.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** A real server of another project that gets alerts from a test, with a log of its own. */
public final class Peer implements AutoCloseable {

  /** Below the ports that the kernel gives to clients, and above those that tests name. */
  private static final int FIRST_PORT = 25_000;

  private static final int PORTS = 7_000;

  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 100 % PORTS));

  private final Process process;
  private final Path log;

  private Peer(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it; everything that it prints goes into the log. */
  public static Peer start(Path log, String... command) throws IOException {
    Process process =
        Program.builder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new Peer(process, log);
  }

  /** A port on which nobody listened a moment ago; each call gives another one. */
  public static int freePort() {
    while (true) {
      int port = FIRST_PORT + NEXT.getAndIncrement() % PORTS;
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException used) {
        // The next one.
      }
    }
  }

  /** Waits for something that has to happen soon. */
  public static void until(String what, Callable<Boolean> happened) throws Exception {
    Daemon.until(what, happened);
  }

  /** Waits until somebody takes connections there. */
  public void untilItListens(int port) throws Exception {
    try {
      until("somebody listens on " + port, () -> listens(port));
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  private boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      if (process.isAlive()) {
        return false;
      }
      throw new AssertionError("it has ended: " + this, notYet);
    }
  }

  /** The lines of a file that end; the last one may still be written. */
  public static List<String> wholeLines(Path file) throws IOException {
    if (Files.notExists(file)) {
      return List.of();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /** A key and a certificate for {@code localhost} that vouches for itself, by OpenSSL. */
  public static Path certificate(Path folder) throws Exception {
    Program.must(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        folder.resolve("key.pem").toString(),
        "-out",
        folder.resolve("cert.pem").toString());
    readable(folder.resolve("key.pem"));
    return folder.resolve("cert.pem");
  }

  /** Lets servers that run as a user of their own read it. */
  public static void readable(Path file) throws IOException {
    String rights = Files.isDirectory(file) ? "rwxrwxrwx" : "rw-r--r--";
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  /** Its output. */
  @Override
  public String toString() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    ProcessEnd.kill(process);
  }
}
