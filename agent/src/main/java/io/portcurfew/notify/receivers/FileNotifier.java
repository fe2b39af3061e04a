package io.portcurfew.notify.receivers;

import io.portcurfew.json.Json;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Summary;
import io.portcurfew.notify.message.EcsLine;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.message.OcsfFinding;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Appends each notification to a file as a line of JSON, a summary with a line for each alert. */
final class FileNotifier implements Notifier {

  private final FileSettings settings;
  private final LineFile file;
  private final String version;
  private final InstantSource clock;

  /**
   * @param version the version of this agent
   */
  FileNotifier(FileSettings settings, String version, InstantSource clock) {
    this(settings, new LineFile(settings), version, clock);
  }

  /**
   * @param file the file of the settings
   */
  FileNotifier(FileSettings settings, LineFile file, String version, InstantSource clock) {
    this.settings = settings;
    this.file = file;
    this.version = version;
    this.clock = clock;
  }

  private Map<String, Object> document(Notification notification) {
    return settings.form() == MessageForm.OCSF
        ? OcsfFinding.of(notification, version, clock.instant())
        : EcsLine.of(notification, clock.instant());
  }

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    String lines = parts(notification).map(this::line).collect(Collectors.joining());
    return file.append(lines.getBytes(StandardCharsets.UTF_8));
  }

  /** The alerts that a summary lists, and then the summary, which has only their number. */
  private static Stream<Notification> parts(Notification one) {
    Summary summary = one.summary();
    Stream<Notification> listed =
        summary == null ? Stream.of() : summary.shown().stream().map(each -> each.at(one.head()));
    return Stream.concat(listed, Stream.of(one));
  }

  private String line(Notification one) {
    return Json.compact(document(one)) + "\n";
  }
}
