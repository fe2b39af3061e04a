package io.portcurfew.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, driven by WebDriver. It has a profile of its own. */
public final class Browser implements AutoCloseable {

  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--hide-scrollbars");

  private final ChromeDriver driver;
  private final Path profile;

  private Browser(ChromeDriver driver, Path profile) {
    this.driver = driver;
    this.profile = profile;
  }

  /** Starts the browser; without Debian's Chromium, skips the test, and fails it in CI. */
  public static Browser start(String... flags) throws IOException {
    Requirement.program("chromium");
    Requirement.program("chromedriver");
    Path profile = Files.createTempDirectory("portcurfew-browser");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(FLAGS);
    options.addArguments(flags);
    options.addArguments("--user-data-dir=" + profile);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
            .usingAnyFreePort()
            .withSilent(true)
            .withTimeout(Daemon.PATIENCE)
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(Daemon.PATIENCE);
    return new Browser(driver, profile);
  }

  /** Opens a page and waits until it is loaded. */
  public void open(String url) {
    driver.get(url);
  }

  /** Sets the size of the page's viewport, in CSS pixels. */
  public void viewport(int width, int height) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Prefers a colour scheme: {@code dark} or {@code light}. */
  public void colourScheme(String scheme) {
    command(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Renders for a medium: {@code screen} or {@code print}. */
  public void medium(String medium) {
    command("Emulation.setEmulatedMedia", Map.of("media", medium));
  }

  /** Allows or forbids the scripts of the pages that are opened later. */
  public void scripts(boolean allowed) {
    command("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
  }

  /** Sends a command of the DevTools protocol. */
  public Map<String, Object> command(String name, Map<String, Object> parameters) {
    return driver.executeCdpCommand(name, parameters);
  }

  /** Runs a script in the page and gives the value that it returns. */
  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Waits until a script of the page returns true. */
  public void until(String what, String condition) throws Exception {
    Daemon.until(what, () -> Boolean.TRUE.equals(run("return " + condition)));
  }

  /** Types into the element that a CSS selector selects. */
  public void type(String selector, CharSequence... keys) {
    driver.findElement(By.cssSelector(selector)).sendKeys(keys);
  }

  /** Clicks on the first element that a CSS selector selects. */
  public void click(String selector) {
    driver.findElement(By.cssSelector(selector)).click();
  }

  /** Presses a key in the element that has the focus. */
  public void press(CharSequence key) {
    driver.switchTo().activeElement().sendKeys(key);
  }

  /** The visible text of each element that a CSS selector selects. */
  public List<String> texts(String selector) {
    return driver.findElements(By.cssSelector(selector)).stream()
        .filter(element -> element.isDisplayed())
        .map(element -> element.getText())
        .toList();
  }

  /** From the next page on, measures the processor time of the page's main thread. */
  public void measureProcessorTime() {
    command("Performance.enable", Map.of("timeDomain", "threadTicks"));
  }

  /** The processor time of all tasks of the page's main thread, in seconds. */
  public double taskSeconds() {
    List<?> metrics = (List<?>) command("Performance.getMetrics", Map.of()).get("metrics");
    return metrics.stream()
        .map(metric -> (Map<?, ?>) metric)
        .filter(metric -> metric.get("name").equals("TaskDuration"))
        .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue())
        .sum();
  }

  /** The messages of the console since the last call, violations of the CSP among them. */
  public List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  /** The violations that npm's axe-core finds in the page, one line each. */
  public List<String> accessibilityViolations() {
    run(resource("/axe.min.js"));
    Object found =
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "axe.run().then(result => done(result.violations.map("
                + "v => v.id + ': ' + v.help + ': ' + v.nodes.map(n => n.html).join(' '))));");
    List<String> lines = new ArrayList<>();
    ((List<?>) found).forEach(line -> lines.add(String.valueOf(line)));
    return lines;
  }

  /** A picture of the viewport, as PNG. */
  public byte[] picture() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  private static String resource(String name) {
    try (InputStream in = Browser.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it and deletes its profile, into which its processes may write until they end. */
  @Override
  public void close() {
    driver.quit();
    long end = System.nanoTime() + Daemon.PATIENCE.toNanos();
    while (!deleteProfile() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private boolean deleteProfile() {
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
      return true;
    } catch (IOException | UncheckedIOException stillWritten) {
      return Files.notExists(profile);
    }
  }
}
