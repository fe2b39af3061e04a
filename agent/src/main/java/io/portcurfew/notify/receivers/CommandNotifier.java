package io.portcurfew.notify.receivers;

import io.portcurfew.json.Json;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.http.Redaction;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.process.ProcessResult;
import io.portcurfew.process.ProcessRunner;
import java.nio.charset.StandardCharsets;

/**
 * Runs a program for each notification, which gets it on standard input in the form of
 * Alertmanager's webhook. Its exit status says what became of it: 0 it has it, 65 it never will
 * (EX_DATAERR, sysexits.h), anything else that it may later.
 */
final class CommandNotifier implements Notifier {

  private static final int TAKEN = 0;
  private static final int NEVER = 65;
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
    ProcessResult ran =
        runner.run(settings.program(), settings.arguments(), json.getBytes(StandardCharsets.UTF_8));
    Integer status = ran.status();
    if (status == null) {
      return new Delivery.Retry(settings.program() + ": " + ran.stopped());
    }
    String said = Redaction.of().of(status == TAKEN ? ran.output() : ran.errors());
    String what = "exit status " + status + (said.isEmpty() ? "" : ": " + said);
    return switch (status) {
      case TAKEN -> new Delivery.Delivered(what);
      case NEVER -> new Delivery.Refused(settings.program() + ": " + what);
      default -> new Delivery.Retry(settings.program() + ": " + what);
    };
  }
}
