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

  /**
   * The time for something that takes some seconds on an idle machine. That of a test may run
   * twenty other things at once, and one that waits in vain fails anyway.
   */
  public static final Duration PATIENCE = Duration.ofMinutes(3);

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
    try {
      until("the daemon says where its metrics are", daemon::hasStarted);
      return daemon;
    } catch (Exception | Error e) {
      daemon.close();
      throw e;
    }
  }

  private boolean hasStarted() throws IOException {
    boolean runs = process.isAlive();
    boolean says = WEB.matcher(log()).find();
    assertThat(runs || says).as("it runs: %s", log()).isTrue();
    return says;
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
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
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
    connection.setConnectTimeout(30_000);
    connection.setReadTimeout(60_000);
    try (var in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends SIGTERM and gives the exit status. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running " + PATIENCE + " after SIGTERM");
    }
    return process.exitValue();
  }

  /** Waits until something is what it has to become. */
  static <T> void untilIs(T expected, Callable<T> found) throws Exception {
    try {
      until("it is " + expected, () -> found.call().equals(expected));
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "; it is " + found.call(), late);
    }
  }

  /** Waits for something that has to happen soon. */
  public static void until(String what, Callable<Boolean> happened) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!happened.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("within " + PATIENCE + " it did not happen that " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Override
  public void close() {
    ProcessEnd.kill(process);
  }
}
