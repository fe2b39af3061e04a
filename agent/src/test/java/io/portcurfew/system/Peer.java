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

/** A real server of another project that gets alerts from a test, with a log of its own. */
public final class Peer implements AutoCloseable {

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

  /** A port on which nobody listened a moment ago. */
  public static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Waits for something that has to happen within half a minute. */
  public static void until(String what, Callable<Boolean> happened) throws Exception {
    Daemon.until(what, happened);
  }

  /** Waits until somebody takes connections there. */
  public void untilItListens(int port) throws Exception {
    until(
        "somebody listens on " + port + ": " + Files.readString(log),
        () -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (IOException notYet) {
            return false;
          }
        });
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
    Program.end(process);
  }
}
