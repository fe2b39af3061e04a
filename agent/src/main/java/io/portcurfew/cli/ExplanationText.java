package io.portcurfew.cli;

import io.portcurfew.judge.Catalogue;
import io.portcurfew.judge.Decision;
import io.portcurfew.judge.Explanation;
import io.portcurfew.judge.HandCommand;
import io.portcurfew.judge.Note;
import io.portcurfew.judge.Rule;
import io.portcurfew.judge.Services;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An {@link Explanation} as plain text for a terminal. */
final class ExplanationText {

  /** How many of a kind are shown; a stranger may open a thousand sockets on one port. */
  private static final int MOST = 20;

  private final TextPage page = new TextPage();
  private final Explanation explanation;
  private final int port;

  private ExplanationText(Explanation explanation) {
    this.explanation = explanation;
    this.port = explanation.port();
  }

  /** Renders it; every line ends with a newline. */
  static String render(Explanation explanation) {
    return new ExplanationText(explanation).render();
  }

  private String render() {
    page.heading("Port " + port + ", " + join(explanation.protocols(), " and "));
    page.heading("Registration");
    registrations();
    names();
    for (Note note : explanation.notes()) {
      page.heading(note.title());
      note.paragraphs().forEach(paragraph -> page.prose(2, paragraph));
    }
    page.heading("What the number tells");
    explanation.numberFacts().forEach(fact -> page.prose(2, fact));
    page.heading("Policy");
    explanation.decisions().forEach(this::decision);
    page.heading("Listening now");
    now();
    page.heading("To look by hand, as root or administrator");
    explanation.commands().forEach(this::command);
    return page.toString();
  }

  private void registrations() {
    List<Catalogue.Entry> entries = explanation.registrations();
    for (Protocol protocol : explanation.protocols()) {
      if (entries.stream().noneMatch(entry -> entry.protocol() == protocol)) {
        page.prose(2, name(protocol) + ": not in the catalogue.");
      }
    }
    if (entries.isEmpty()) {
      page.prose(
          2,
          "The catalogue holds legacy and risky ports, not the whole registry of IANA: the port may"
              + " be registered all the same.");
    }
    // What is the same for both protocols is said once.
    entries.stream()
        .collect(
            Collectors.groupingBy(
                ExplanationText::body,
                LinkedHashMap::new,
                Collectors.mapping(entry -> name(entry.protocol()), Collectors.joining(" and "))))
        .forEach(this::registration);
  }

  private static List<String> body(Catalogue.Entry entry) {
    return List.of(
        entry.name() + " (" + entry.status().label() + ")",
        entry.was() + " " + entry.why(),
        "Source: "
            + entry.source()
            + (entry.checked() ? "" : "; not verified again for this catalogue"));
  }

  private void registration(List<String> body, String who) {
    page.prose(2, who + ": " + body.get(0));
    body.stream().skip(1).forEach(text -> page.prose(6, text));
  }

  private void names() {
    List<Services.Entry> names = explanation.names();
    if (names.isEmpty() && explanation.servicesRemarks().isEmpty()) {
      page.prose(2, "No name in " + Services.FILE + ".");
    }
    few(
        names,
        entry ->
            page.field(
                2, name(entry.protocol()), entry.name() + " in " + Services.FILE + aliases(entry)));
    explanation.servicesRemarks().forEach(remark -> page.prose(2, remark));
  }

  private static String aliases(Services.Entry entry) {
    List<HostText> aliases = entry.aliases();
    String more = aliases.size() > MOST ? " and " + (aliases.size() - MOST) + " more" : "";
    return aliases.isEmpty()
        ? ""
        : ", also " + join(aliases.subList(0, Math.min(MOST, aliases.size())), ", ") + more;
  }

  private void decision(Decision decision) {
    Rule rule = decision.rule();
    page.prose(
        2,
        name(decision.protocol())
            + ": "
            + (rule == null ? "no rule is about it. " : "the rule " + rule.name() + " decides. ")
            + decision.expects());
    if (rule != null && rule.because() != null) {
      page.prose(6, "Because: " + rule.because());
    }
  }

  private void now() {
    Explanation.Now now = explanation.now();
    page.prose(2, "On " + now.host() + " at " + now.takenAt() + ":");
    few(now.listeners(), this::listener);
    if (now.listeners().isEmpty()) {
      page.prose(2, now.complete() ? "Nothing listens on it." : "Nothing was seen on it.");
    }
    if (!now.complete()) {
      page.prose(
          2, "The look was incomplete, and not seen is not absent: something may listen there.");
    }
    few(now.gaps(), this::gap);
  }

  private void listener(Explanation.Seen seen) {
    Listener listener = seen.listener();
    page.text(2, listener.endpoint() + dualStack(listener));
    if (seen.looksLikeClient()) {
      page.prose(
          6,
          "Looks like the socket of a UDP client: unconnected, on every address, on a port that the"
              + " host gives to clients ("
              + explanation.now().ephemeral()
              + "). It is judged only where a rule names the port.");
    }
    few(listener.owners(), this::owner);
    if (listener.owners().isEmpty()) {
      page.field(6, "owner", "not seen");
    }
    page.field(6, "seen by", join(listener.seenBy(), ", "));
  }

  private static String dualStack(Listener listener) {
    Address address = listener.endpoint().address();
    if (!address.isIpv6() || !address.isWildcard()) {
      return "";
    }
    Boolean dualStack = listener.dualStack();
    if (dualStack == null) {
      return " (IPv4 too, or not: no source told)";
    }
    return dualStack ? " (IPv4 too)" : " (IPv6 only)";
  }

  private void owner(Owner owner) {
    page.field(6, "pid", Integer.toString(owner.pid()));
    unlessUnknown("executable", owner.executable());
    unlessUnknown("user", owner.user() != null ? owner.user() : owner.uid());
    unlessUnknown("calls itself", owner.name());
  }

  private void unlessUnknown(String label, @Nullable Object value) {
    if (value != null) {
      page.field(6, label, value.toString());
    }
  }

  private void gap(Gap gap) {
    page.field(2, "gap", gap.source() + ", " + gap.what().label() + ": " + gap.why());
  }

  private void command(HandCommand command) {
    page.verbatim(2, command.command());
    page.prose(6, command.remark());
  }

  private String name(Protocol protocol) {
    return port + "/" + protocol;
  }

  private <T> void few(List<T> all, Consumer<T> each) {
    all.stream().limit(MOST).forEach(each);
    if (all.size() > MOST) {
      page.prose(2, "and " + (all.size() - MOST) + " more.");
    }
  }

  private static String join(Collection<?> values, String separator) {
    return values.stream().map(Object::toString).collect(Collectors.joining(separator));
  }
}
