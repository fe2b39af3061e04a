package io.portcurfew.cli.text;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.output.VerdictJson;
import io.portcurfew.policy.Severity;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * The text of {@code scan} and {@code judge}: the verdict, findings, listeners, gaps and sources.
 */
public final class VerdictTable {

  private static final List<String> HEAD =
      List.of("PROTO", "ADDRESS", "PORT", "VERDICT", "RULE", "OWNER", "SEEN BY");

  private final Snapshot snapshot;
  private final Judgement judgement;
  private final StringBuilder out = new StringBuilder();

  /** Creates the table of a snapshot and its judgement. */
  public VerdictTable(Snapshot snapshot, Judgement judgement) {
    this.snapshot = snapshot;
    this.judgement = judgement;
  }

  /** Renders the table. */
  public String render() {
    verdict();
    judgement.findings().forEach(this::finding);
    line("");
    listeners();
    gaps();
    sources();
    return out.toString();
  }

  private void verdict() {
    String verdict =
        judgement.hasBreach()
            ? style("bold,red", "NOT COMPLIANT")
            : judgement.compliant()
                ? style("bold,green", "COMPLIANT")
                : style("bold,yellow", "NOT KNOWN TO BE COMPLIANT");
    int count = judgement.findings().size();
    line(
        verdict
            + ": "
            + snapshot.host()
            + ", "
            + VerdictJson.time(snapshot.takenAt())
            + ", "
            + plural(snapshot.listeners().size(), "listener")
            + ", "
            + plural(count, "finding"));
  }

  private void finding(Finding finding) {
    line("");
    String severity = finding.severity().label().toUpperCase(Locale.ROOT);
    String colour = finding.severity() == Severity.CRITICAL ? "bold,red" : "bold,yellow";
    line(
        style(colour, severity)
            + " "
            + finding.kind().label()
            + " ["
            + finding.rule()
            + "] "
            + finding.message());
    if (finding.because() != null) {
      line("  because: " + finding.because());
    }
    finding.evidence().forEach(evidence -> line("  " + evidence));
  }

  private void listeners() {
    TextColumns columns = new TextColumns(HEAD);
    snapshot.listeners().forEach(listener -> columns.row(row(listener)));
    columns.lines().forEach(this::line);
  }

  private List<String> row(Listener listener) {
    Ruling ruling = judgement.rulings().get(listener.endpoint());
    String namespace = listener.endpoint().namespace();
    String address = address(listener);
    return List.of(
        listener.endpoint().protocol().label(),
        namespace.equals("host") ? address : address + " in " + namespace,
        Integer.toString(listener.endpoint().port()),
        verdict(listener, ruling),
        ruling == null || ruling.rule() == null ? "-" : ruling.rule(),
        owners(listener),
        String.join(",", listener.seenBy()));
  }

  /** Only a socket option decides if {@code ::} takes IPv4 too (ipv6(7), IPV6_V6ONLY). */
  private static String address(Listener listener) {
    String address = listener.endpoint().address().toString();
    return Boolean.TRUE.equals(listener.dualStack()) ? address + " and IPv4" : address;
  }

  private String verdict(Listener listener, @Nullable Ruling ruling) {
    String verdict = ruling == null ? "-" : ruling.verdict().label();
    return snapshot.isEphemeral(listener) ? verdict + " (ephemeral)" : verdict;
  }

  private static String owners(Listener listener) {
    String owners =
        listener.owners().stream().map(Owner::toString).collect(Collectors.joining("; "));
    Redirect via = listener.via();
    UnknownOwner cause = listener.unknownOwner();
    if (via == null) {
      String unknown = cause == null ? "unknown" : "unknown (" + cause.label() + ")";
      return owners.isEmpty() ? unknown : owners;
    }
    Container container = via.container();
    String facts = container == null ? "" : container.facts();
    return (owners.isEmpty() ? "" : owners + "; ") + "via " + via + facts;
  }

  private void gaps() {
    if (!snapshot.gaps().isEmpty()) {
      line("");
      line("Not seen:");
      snapshot.gaps().forEach(this::gap);
    }
  }

  private void gap(Gap gap) {
    line("  " + gap.source() + ": " + gap.why());
  }

  private void sources() {
    String sources =
        snapshot.sources().stream().map(VerdictTable::source).collect(Collectors.joining(", "));
    line("");
    line("Sources: " + sources);
  }

  private static String source(SourceReport source) {
    String state = source.up() ? Integer.toString(source.listeners()) : "down";
    return source.name() + " " + state;
  }

  private static String plural(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** Only fixed words are styled: text of the host could contain the markup of the library. */
  private static String style(String style, String word) {
    return Ansi.AUTO.string("@|" + style + " " + word + "|@");
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }
}
