package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The daemon of the finished distribution, run in a folder of the test's own. */
public final class Daemon implements AutoCloseable {

  private static final Pattern WEB = Pattern.compile("(https?):/(/[^/]+)/metrics");

  private static final Pattern SCANS =
      Pattern.compile("portcurfew_scans_total\\{outcome=\"(?:complete|partial)\"} (\\d+)");

  private final Process process;
  private final Path log;

  private Daemon(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it and waits until it says where its metrics are. */
  static Daemon start(Path config, Path log) throws Exception {
    return start(List.of(), config, log);
  }

  /** The same behind a command, which has to end in it. */
  static Daemon start(List<String> prefix, Path config, Path log) throws Exception {
    Process process = begin(prefix, config, log);
    Daemon daemon = new Daemon(process, log);
    until("the daemon says where its metrics are", () -> WEB.matcher(daemon.log()).find());
    return daemon;
  }

  /** Starts it and does not wait. */
  static Process begin(Path config, Path log) throws IOException {
    return begin(List.of(), config, log);
  }

  private static Process begin(List<String> prefix, Path config, Path log) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(Program.PORTCURFEW, "run", "--config", config.toString()));
    return Program.builder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  long pid() {
    return process.pid();
  }

  /** The address of its web server, as in {@code 127.0.0.1:40123}. */
  String web() throws IOException {
    Matcher matcher = WEB.matcher(log());
    if (!matcher.find()) {
      throw new AssertionError("it does not say where its metrics are: " + log());
    }
    return matcher.group(2).substring(1);
  }

  /** http or https. */
  String webScheme() throws IOException {
    Matcher matcher = WEB.matcher(log());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  String get(String path) throws IOException {
    return Daemon.get("http://" + web(), path);
  }

  /** How many scans it has counted that did not fail; a namespace that others make may be a gap. */
  long scans() throws IOException {
    Matcher matcher = SCANS.matcher(get("/metrics"));
    return matcher.results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
  }

  static String get(String base, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(base + path).toURL().openConnection();
    connection.setConnectTimeout(2_000);
    connection.setReadTimeout(5_000);
    try (var in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends SIGTERM; gives the exit status, or fails after this time. */
  int terminate(Duration most) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running " + most + " after SIGTERM");
    }
    return process.exitValue();
  }

  /** Waits for something that has to happen within half a minute. */
  public static void until(String what, Callable<Boolean> happened) throws Exception {
    until(what, Duration.ofSeconds(30), happened);
  }

  /** Waits until something is what it has to become within half a minute. */
  static <T> void untilIs(T expected, Callable<T> found) throws Exception {
    try {
      until("it is " + expected, () -> found.call().equals(expected));
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "; it is " + found.call(), late);
    }
  }

  public static void until(String what, Duration most, Callable<Boolean> happened)
      throws Exception {
    long deadline = System.nanoTime() + most.toNanos();
    while (!happened.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("within " + most + " it did not happen that " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Override
  public void close() {
    Program.end(process);
  }
}
