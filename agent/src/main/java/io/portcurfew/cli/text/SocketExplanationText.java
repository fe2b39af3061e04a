package io.portcurfew.cli.text;

import io.portcurfew.explain.SocketExplanation;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.output.VerdictJson;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import java.util.List;
import java.util.stream.Collectors;

/** The text of {@code explain} about a family of sockets. */
public final class SocketExplanationText {

  private SocketExplanationText() {}

  /**
   * Renders the explanation.
   *
   * @param terminal the width of the terminal in characters; 0 without a terminal
   */
  public static String render(SocketExplanation explanation, int terminal) {
    TextPage page = new TextPage(terminal);
    page.heading("Sockets of the family " + explanation.family());
    page.prose(0, explanation.withoutRule());
    page.heading("Rules, the first that matches decides");
    page.few(explanation.rules(), rule -> page.text(2, line(rule)));
    if (explanation.rules().isEmpty()) {
      page.prose(2, "None.");
    }
    page.heading(
        "Open now on " + explanation.host() + ", " + VerdictJson.time(explanation.takenAt()));
    page.few(explanation.sockets(), one -> socket(page, one));
    if (!explanation.looked()) {
      page.prose(2, "No source of this host looks for such sockets.");
    } else if (explanation.sockets().isEmpty() && explanation.unlisted().isEmpty()) {
      page.prose(2, "None.");
    }
    page.few(explanation.unlisted(), one -> page.text(2, line(one)));
    return page.toString();
  }

  private static String line(Rule rule) {
    List<OwnerTerm> by = rule.terms().by();
    String namespace = rule.scope().namespace();
    return rule.name()
        + ": "
        + rule.expect().label()
        + (by.isEmpty() ? "" : " by " + join(by))
        + (rule.scope().owners().isEmpty() ? "" : ", if held by " + join(rule.scope().owners()))
        + (namespace == null ? "" : ", in " + namespace);
  }

  private static String join(List<OwnerTerm> terms) {
    return terms.stream().map(OwnerTerm::toString).collect(Collectors.joining(" or "));
  }

  private static void socket(TextPage page, SocketExplanation.JudgedSocket one) {
    Ruling ruling = one.ruling();
    String rule = ruling == null || ruling.rule() == null ? "" : " by " + ruling.rule();
    page.text(
        2, one.socket().place() + ": " + (ruling == null ? "-" : ruling.verdict().label()) + rule);
    page.text(4, "held by " + OtherSocketTable.owners(one.socket()).whole());
  }

  private static String line(OtherSockets.Unlisted one) {
    return "Not listed in " + one.namespace() + ": " + one.why();
  }
}
