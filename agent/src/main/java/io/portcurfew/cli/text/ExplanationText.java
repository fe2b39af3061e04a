package io.portcurfew.cli.text;

import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.ManualCommand;
import io.portcurfew.explain.PortDecision;
import io.portcurfew.explain.PortNote;
import io.portcurfew.explain.ServiceNames;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.Rule;
import io.portcurfew.text.ShortList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** An {@link Explanation} as plain text for a terminal. */
public final class ExplanationText {

  private final TextPage page;
  private final Explanation explanation;
  private final int port;

  private ExplanationText(Explanation explanation, int terminal) {
    this.page = new TextPage(terminal);
    this.explanation = explanation;
    this.port = explanation.query().port();
  }

  /**
   * Renders the explanation; every line ends with a newline.
   *
   * @param terminal the width of the terminal in characters; 0 without a terminal
   */
  public static String render(Explanation explanation, int terminal) {
    return new ExplanationText(explanation, terminal).render();
  }

  private String render() {
    page.heading(title());
    page.heading("Registration");
    registrations();
    names();
    for (PortNote note : explanation.notes()) {
      page.heading(note.title());
      note.paragraphs().forEach(paragraph -> page.prose(2, paragraph));
    }
    page.heading("Facts about the number");
    explanation.numberFacts().forEach(fact -> page.prose(2, fact));
    page.heading("Policy");
    explanation.decisions().forEach(this::decision);
    explanation.traces().forEach(trace -> new RuleTraceText(page, trace).write());
    page.heading("Listening now");
    new ListeningNowText(page, explanation.now()).write();
    page.heading("Commands to check by hand, as root or administrator");
    explanation.commands().forEach(this::command);
    return page.toString();
  }

  private String title() {
    Endpoint endpoint = explanation.query().endpoint();
    return endpoint == null
        ? "Port " + port + ", " + join(explanation.query().protocols(), " and ")
        : "Endpoint " + endpoint;
  }

  private void registrations() {
    List<Catalogue.PortEntry> entries = explanation.registrations();
    // Equal entries of both protocols are printed once.
    entries.stream()
        .collect(
            Collectors.groupingBy(
                ExplanationText::body,
                LinkedHashMap::new,
                Collectors.mapping(entry -> name(entry.protocol()), Collectors.joining(" and "))))
        .forEach(this::registration);
    for (Protocol protocol : explanation.query().protocols()) {
      if (entries.stream().noneMatch(entry -> entry.protocol() == protocol)) {
        page.prose(2, name(protocol) + ": not in the catalogue.");
      }
    }
    if (entries.isEmpty()) {
      page.prose(
          2,
          "The catalogue holds the ports that people ask for most. The port may still be registered"
              + " with IANA.");
    }
  }

  private static List<String> body(Catalogue.PortEntry entry) {
    return List.of(
        entry.name() + " (" + entry.status().label() + ")",
        entry.was() + " " + entry.why(),
        "Source: " + entry.source() + (entry.checked() ? "" : "; not verified for this catalogue"));
  }

  private void registration(List<String> body, String ports) {
    page.prose(2, ports + ": " + body.get(0));
    body.stream().skip(1).forEach(text -> page.prose(6, text));
  }

  private void names() {
    List<ServiceNames.ServiceName> names = explanation.names();
    if (names.isEmpty() && explanation.servicesRemarks().isEmpty()) {
      page.prose(2, "No name in " + ServiceNames.FILE + ".");
    }
    page.few(
        names,
        entry ->
            page.field(
                2,
                name(entry.protocol()),
                entry.name() + " in " + ServiceNames.FILE + aliases(entry)));
    explanation.servicesRemarks().forEach(remark -> page.prose(2, remark));
  }

  private static String aliases(ServiceNames.ServiceName entry) {
    List<HostText> aliases = entry.aliases();
    return aliases.isEmpty() ? "" : ", also " + ShortList.of(aliases, TextPage.MOST);
  }

  private void decision(PortDecision decision) {
    Rule rule = decision.rule();
    page.prose(
        2,
        name(decision.protocol())
            + ": "
            + (rule == null ? "no rule selects it. " : "the rule " + rule.name() + " decides. ")
            + decision.expects());
    if (rule != null && rule.because() != null) {
      page.prose(6, "Because: " + rule.because());
    }
  }

  private void command(ManualCommand command) {
    page.verbatim(2, command.command());
    page.prose(6, command.remark());
  }

  private String name(Protocol protocol) {
    return port + "/" + protocol;
  }

  static String join(Collection<?> values, String separator) {
    return values.stream().map(Object::toString).collect(Collectors.joining(separator));
  }
}
