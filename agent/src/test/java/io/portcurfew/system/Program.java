package io.portcurfew.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that a test starts, the finished distribution first of all. */
final class Program {

  /** The distribution that {@code mvn package} leaves. */
  static final Path HOME =
      Path.of(System.getProperty("portcurfew.home", "target/portcurfew")).toAbsolutePath();

  /** Its launcher. */
  static final String PORTCURFEW = HOME.resolve("bin/portcurfew").toString();

  private Program() {}

  /** How a program ended. */
  record Ended(int status, String out, String err) {}

  /** Runs a program to its end, within some minutes. */
  static Ended run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    try {
      Process process =
          builder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(Daemon.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        ProcessEnd.kill(process);
        throw new AssertionError(
            "no end: " + command + "\n" + Files.readString(out) + Files.readString(err));
      }
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  static Ended run(String... command) throws IOException, InterruptedException {
    return run(Arrays.asList(command));
  }

  /** Runs a program that has to end well. */
  static String must(String... command) throws IOException, InterruptedException {
    Ended ended = run(command);
    if (ended.status() != 0) {
      throw new AssertionError(List.of(command) + " ended with " + ended);
    }
    return ended.out();
  }

  /** The builder of a command, with the Java that runs the tests. */
  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PORTCURFEW_JAVA", System.getProperty("java.home") + "/bin/java");
    return builder;
  }

  /** A Python program that goes on until it is closed. */
  static final class Python implements AutoCloseable {
    private final Process process;

    private Python(Process process) {
      this.process = process;
    }

    /**
     * Starts a script below a command such as {@code ip netns exec NAME}, and waits for it to print
     * its first line.
     */
    static Python start(List<String> prefix, String script) throws IOException {
      List<String> command = new ArrayList<>(prefix);
      command.addAll(List.of("/usr/bin/python3", "-c", script));
      Process process = builder(command).redirectErrorStream(true).start();
      String first = firstLine(process.getInputStream());
      if (!first.equals("ready")) {
        ProcessEnd.kill(process);
        throw new AssertionError("the script said: " + first);
      }
      return new Python(process);
    }

    private static String firstLine(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        line.append((char) next);
      }
      return line.toString();
    }

    long pid() {
      return process.pid();
    }

    @Override
    public void close() {
      ProcessEnd.kill(process);
    }
  }

  /** A script that opens a socket by a Python expression and holds it. */
  static String holding(String... statements) {
    return String.join(
        "\n",
        "import socket, sys, time",
        "def bound(kind, family, address, port):",
        "    s = socket.socket(family, kind)",
        "    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)",
        "    s.bind((address, port))",
        "    return s",
        "TCP, UDP, V4, V6 = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.AF_INET, socket.AF_INET6",
        String.join("\n", statements),
        "print('ready', flush=True)",
        "time.sleep(3600)");
  }

  /** Bytes as a test compares them. */
  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
