package io.portcurfew.notify.receivers;

import io.portcurfew.json.Json;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.http.Redaction;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.observe.HostText;
import io.portcurfew.process.ProcessResult;
import io.portcurfew.process.ProcessRunner;
import java.nio.charset.StandardCharsets;

/**
 * Runs a program for each notification and writes the webhook payload to its standard input. Exit
 * status 0 means delivered, 65 (EX_DATAERR, sysexits.h) refused, any other a retry.
 */
final class CommandNotifier implements Notifier {

  private static final int ACCEPTED = 0;
  private static final int REFUSED = 65;
  private static final int MOST_BYTES = 64 * 1024;

  private final String receiver;
  private final CommandSettings settings;
  private final String agent;
  private final ProcessRunner runner;

  /**
   * @param agent the name and version of this agent
   */
  CommandNotifier(String receiver, CommandSettings settings, String agent) {
    this.receiver = receiver;
    this.settings = settings;
    this.agent = agent;
    this.runner = new ProcessRunner(settings.timeout(), MOST_BYTES);
  }

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    String json = Json.compact(AlertPayload.of(notification, receiver, agent)) + "\n";
    ProcessResult result =
        runner.run(settings.program(), settings.arguments(), json.getBytes(StandardCharsets.UTF_8));
    Integer status = result.status();
    if (status == null) {
      return new Delivery.Retry(
          settings.program() + ": " + HostText.of(String.valueOf(result.stopped())));
    }
    String text = Redaction.of().of(status == ACCEPTED ? result.output() : result.errors());
    String what = "exit status " + status + (text.isEmpty() ? "" : ": " + text);
    return switch (status) {
      case ACCEPTED -> new Delivery.Delivered(what);
      case REFUSED -> new Delivery.Refused(settings.program() + ": " + what);
      default -> new Delivery.Retry(settings.program() + ": " + what);
    };
  }
}
