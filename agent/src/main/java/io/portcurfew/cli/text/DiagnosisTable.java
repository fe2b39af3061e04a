package io.portcurfew.cli.text;

import io.portcurfew.doctor.Check;
import io.portcurfew.doctor.Check.CheckState;
import io.portcurfew.doctor.Diagnosis;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * The text of {@code doctor}: a summary, then every check by topic. The text of a check stays to
 * the right of its name on every line, so that hostile text cannot imitate another check.
 */
public final class DiagnosisTable {

  private static final int NAME = 23;
  private static final int STATE = 10;
  private static final int LEAST_ROOM = 20;
  private static final String INDENT = " ".repeat(2 + STATE + NAME);

  private final Diagnosis diagnosis;
  private final int room;
  private final StringBuilder out = new StringBuilder();
  private Check.@Nullable Topic topic;

  /**
   * Creates the table of a diagnosis.
   *
   * @param terminal the width of the terminal in characters; 0 without a terminal
   */
  public DiagnosisTable(Diagnosis diagnosis, int terminal) {
    this.diagnosis = diagnosis;
    this.room = Math.max(LEAST_ROOM, TextPage.width(terminal) - INDENT.length());
  }

  /** Renders the table. */
  public String render() {
    summary();
    diagnosis.checks().forEach(this::check);
    return out.toString();
  }

  private void summary() {
    String sum =
        diagnosis.allWell()
            ? style(CheckState.OK, "ALL IS SEEN")
            : diagnosis.allSeen()
                ? style(CheckState.BROKEN, "ALL IS SEEN, BUT SOMETHING IS BROKEN")
                : style(CheckState.NOT_SEEN, "NOT ALL IS SEEN");
    out.append(sum).append(": ").append(diagnosis.host());
    for (CheckState state : CheckState.values()) {
      if (diagnosis.count(state) > 0) {
        out.append(", ").append(diagnosis.count(state)).append(' ').append(state.title());
      }
    }
    out.append('\n');
  }

  private void check(Check check) {
    if (check.topic() != topic) {
      topic = check.topic();
      out.append('\n').append(check.topic().title()).append('\n');
    }
    String state = check.state().title();
    out.append("  ").append(style(check.state(), state)).append(" ".repeat(STATE - state.length()));
    out.append(check.name()).append(" ".repeat(Math.max(1, NAME - check.name().length())));
    words(check.found(), "");
    if (check.remedy() != null) {
      out.append(INDENT);
      words("do: " + check.remedy(), "    ");
    }
  }

  /** Breaks lines between words. A word that is longer than a line is not broken. */
  private void words(String text, String more) {
    int used = 0;
    for (String word : text.split(" ", -1)) {
      int length = word.codePointCount(0, word.length());
      if (used > 0 && used + 1 + length > room) {
        out.append('\n').append(INDENT).append(more);
        used = more.length();
      } else if (used > 0) {
        out.append(' ');
        used++;
      }
      out.append(word);
      used += length;
    }
    out.append('\n');
  }

  /** Only fixed words are styled: text of the host could contain the markup of the library. */
  private static String style(CheckState state, String word) {
    String colour =
        switch (state) {
          case OK -> "green";
          case LIMITED -> "yellow";
          case NOT_SEEN, BROKEN -> "bold,red";
        };
    return Ansi.AUTO.string("@|" + colour + " " + word + "|@");
  }
}
