package io.portcurfew.cli.text;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.VerdictSummary;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.output.VerdictJson;
import io.portcurfew.policy.Severity;
import io.portcurfew.text.CountedNoun;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/**
 * The text of {@code scan} and {@code judge}: the verdict, findings, listeners, gaps and sources.
 */
public final class VerdictTable {

  private static final int INDENT = 4;

  private final Snapshot snapshot;
  private final Judgement judgement;
  private final TableView view;
  private final StringBuilder out = new StringBuilder();

  /** Creates the table of a snapshot and its judgement. */
  public VerdictTable(Snapshot snapshot, Judgement judgement, TableView view) {
    this.snapshot = snapshot;
    this.judgement = judgement;
    this.view = view;
  }

  /** Renders the table of this host, and on a terminal the command that helps most. */
  public String renderWithNextCommand() {
    render();
    if (view.width() > 0) {
      next();
    }
    return out.toString();
  }

  /** Renders the table. */
  public String render() {
    VerdictSummary summary = VerdictSummary.of(new JudgedSnapshot(snapshot, judgement));
    verdict(summary);
    Map<Endpoint, Listener> listeners =
        snapshot.listeners().stream()
            .collect(Collectors.toMap(Listener::endpoint, l -> l, (one, other) -> one));
    List<Finding> shown = judgement.findings().stream().filter(f -> isShown(f, listeners)).toList();
    FoldedFinding.of(shown, view.all() ? Integer.MAX_VALUE : ListenerTable.MANY)
        .forEach(this::finding);
    line("");
    new ListenerTable(snapshot, judgement, view).lines().forEach(this::line);
    if (!view.isFiltered()) {
      OtherSocketTable.lines(snapshot.sockets().all(), judgement, view.width()).forEach(this::line);
    }
    replaced();
    gaps();
    sources();
    return out.toString();
  }

  /** A finding about a place without a listener, such as a missing one, has no owner. */
  private boolean isShown(Finding finding, Map<Endpoint, Listener> listeners) {
    Endpoint endpoint = finding.endpoint();
    if (!view.isFiltered() || endpoint == null) {
      return true;
    }
    Listener listener = listeners.get(endpoint);
    return listener == null
        ? view.owner().isEmpty()
            && (view.ports().isEmpty() || view.ports().contains(endpoint.port()))
        : view.shows(listener, judgement);
  }

  private void verdict(VerdictSummary summary) {
    String colour =
        switch (summary.word()) {
          case COMPLIANT -> "bold,green";
          case INCOMPLETE -> "bold,yellow";
          case NOT_COMPLIANT -> "bold,red";
        };
    int count = judgement.findings().size();
    line(
        style(colour, summary.word().words())
            + (summary.word() == VerdictSummary.Word.COMPLIANT ? summary.hidden() : "")
            + ": "
            + snapshot.host()
            + ", "
            + VerdictJson.time(snapshot.takenAt())
            + ", "
            + CountedNoun.of(snapshot.listeners().size(), "listener")
            + ", "
            + CountedNoun.of(count, "finding"));
    if (summary.word() == VerdictSummary.Word.INCOMPLETE || summary.blind()) {
      prose(summary.reason() + ".");
    }
  }

  private void replaced() {
    long replaced = snapshot.replacedOwners();
    if (replaced > 0) {
      line("");
      line(
          CountedNoun.of(replaced, "owner")
              + (replaced == 1 ? " runs" : " run")
              + " a file that a package upgrade replaced: restart "
              + (replaced == 1 ? "it." : "them."));
    }
  }

  private void next() {
    VerdictSummary summary = VerdictSummary.of(new JudgedSnapshot(snapshot, judgement));
    if (summary.blind() || summary.untested() > 0 || summary.hiddenOwners() > 0) {
      line("Next: portcurfew doctor (lists the limits of this user on this host, and remedies)");
    } else if (summary.breaches() > 0) {
      judgement.findings().stream()
          .map(Finding::endpoint)
          .filter(Objects::nonNull)
          .findFirst()
          .ifPresent(endpoint -> line("Next: portcurfew explain " + endpoint.port()));
    }
  }

  private void finding(FoldedFinding folded) {
    Finding finding = folded.first();
    line("");
    String severity = finding.severity().label().toUpperCase(Locale.ROOT);
    String colour = finding.severity() == Severity.CRITICAL ? "bold,red" : "bold,yellow";
    prose(
        style(colour, severity)
            + " "
            + finding.kind().label()
            + " ["
            + finding.rule()
            + "] "
            + finding.message());
    if (finding.because() != null) {
      prose("  because: " + finding.because());
    }
    finding.evidence().forEach(evidence -> prose("  " + evidence));
    if (!folded.others().isEmpty()) {
      prose("  " + folded.rest());
    }
  }

  private void gaps() {
    List<Gap> gaps = snapshot.gaps().stream().filter(gap -> !isHarmless(gap)).toList();
    if (!gaps.isEmpty()) {
      line("");
      line("Not seen:");
      gaps.forEach(this::gap);
    }
  }

  /** A tool that is not installed adds nothing where another source saw everything. */
  private boolean isHarmless(Gap gap) {
    return snapshot.complete() && gap.cause() == Gap.Cause.NOT_INSTALLED;
  }

  private void gap(Gap gap) {
    prose("  " + gap.source() + ": " + gap.why());
  }

  private void sources() {
    String sources =
        snapshot.sources().stream().map(this::source).collect(Collectors.joining(", "));
    line("");
    prose("Sources: " + sources);
  }

  private String source(SourceReport source) {
    boolean absent =
        snapshot.gaps().stream()
            .anyMatch(gap -> gap.source().equals(source.name()) && isHarmless(gap));
    String down = absent ? "not installed" : "down";
    return source.name() + " " + (source.up() ? Integer.toString(source.listeners()) : down);
  }

  /** Only fixed words are styled: text of the host could contain the markup of the library. */
  private static String style(String style, String word) {
    return Ansi.AUTO.string("@|" + style + " " + word + "|@");
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }

  /** A line that a terminal must not break within a path; its rest cannot imitate another line. */
  private void prose(String text) {
    line(view.width() == 0 ? text : WordWrap.of(text, view.width(), 0, INDENT));
  }
}
