package io.portcurfew.cli;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.ProgressLine;
import io.portcurfew.cli.text.TextColumns;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.host.HostFactory;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.receivers.Notifiers;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code notify test}: sends a test message to receivers and prints the results. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Sends a message that is marked as a test to one receiver or to all, and prints their"
          + " answers. Filters of receivers do not apply. Receivers that get resolutions also get"
          + " the resolution of the test."
    },
    footer = {
      "",
      "Exit status: 0 if every receiver accepted the message; 1 if one did not, or none is"
          + " configured; 2 if no receiver has this name; "
          + Exit.COMMON
    })
final class NotifyTestCommand implements Callable<Integer> {

  private static final List<String> HEAD = List.of("RECEIVER", "KIND", "RESULT", "ANSWER");

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Parameters(
      arity = "0..1",
      paramLabel = "RECEIVER",
      description = "The name of a receiver. Default: all receivers.")
  private @Nullable String wanted;

  @Override
  public Integer call() throws InterruptedException {
    Optional<LoadedConfig> loaded = files.loadAnyPolicy(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    List<Receiver> receivers = chosen(loaded.get().config().receivers());
    PrintWriter out = spec.commandLine().getOut();
    if (receivers.isEmpty()) {
      out.println("No receiver is configured: alerts go only to the agent's log.");
      out.flush();
      return Exit.FINDINGS;
    }
    TextColumns table = new TextColumns(HEAD);
    boolean all = true;
    for (Receiver receiver : receivers) {
      Delivery outcome = sent(receiver);
      all &= outcome instanceof Delivery.Delivered;
      table.row(
          List.of(receiver.name(), receiver.settings().kind(), result(outcome), answer(outcome)));
    }
    table.lines().forEach(out::println);
    out.flush();
    return all ? Exit.OK : Exit.FINDINGS;
  }

  private List<Receiver> chosen(List<Receiver> all) {
    if (wanted == null || all.isEmpty()) {
      return all;
    }
    List<Receiver> chosen = all.stream().filter(one -> one.name().equals(wanted)).toList();
    if (chosen.isEmpty()) {
      List<String> names = all.stream().map(Receiver::name).toList();
      throw new ParameterException(
          spec.commandLine(),
          "No receiver has this name. The receivers are: " + String.join(", ", names));
    }
    return chosen;
  }

  private Delivery sent(Receiver receiver) throws InterruptedException {
    try (ProgressLine progress = ProgressLine.of(spec)) {
      progress.step("sending to " + receiver.name());
      return send(receiver, Clock.systemUTC());
    }
  }

  private static Delivery send(Receiver receiver, Clock clock) throws InterruptedException {
    Notifiers notifiers = new Notifiers(BuildVersion.OF_THIS_BUILD, clock, List::of);
    Notification test =
        NotificationFactory.test(receiver.name(), HostFactory.name().toString(), clock.instant());
    try (Notifier notifier =
        notifiers.of(receiver.name(), receiver.settings(), receiver.filter())) {
      Delivery outcome = notifier.deliver(test);
      boolean ends = outcome instanceof Delivery.Delivered && receiver.filter().resolved();
      Delivery end = ends ? notifier.deliver(NotificationFactory.endOfTest(test)) : outcome;
      return end instanceof Delivery.Delivered ? outcome : end;
    }
  }

  private static String result(Delivery outcome) {
    if (outcome instanceof Delivery.Delivered) {
      return "delivered";
    }
    return outcome instanceof Delivery.Retry ? "retry later" : "refused";
  }

  private static String answer(Delivery outcome) {
    if (outcome instanceof Delivery.Delivered delivered) {
      return delivered.answer();
    }
    return outcome instanceof Delivery.Retry retry
        ? retry.why()
        : ((Delivery.Refused) outcome).why();
  }
}
