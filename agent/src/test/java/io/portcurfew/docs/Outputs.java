package io.portcurfew.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compares the outputs of a page with the real ones. {@code -Dportcurfew.docs.write=true} writes
 * the real ones into the page instead.
 */
final class Outputs {

  private final Page page;
  private final Map<Page.Block, StringBuilder> bodies = new LinkedHashMap<>();
  private final StringBuilder differences = new StringBuilder();

  Outputs(Page page) {
    this.page = page;
  }

  /** Takes the real output of the next command of a block. */
  void add(Page.Block block, Session.Step step, String real) {
    boolean same = step.describes(real);
    if (!same) {
      differences.append(
          "%s: $ %s\nshows\n%s\nbut it is\n%s\n"
              .formatted(page, step.command(), step.output(), real));
    }
    boolean kept = same || step.output().contains("...\n");
    bodies
        .computeIfAbsent(block, one -> new StringBuilder())
        .append("$ ")
        .append(step.command())
        .append('\n')
        .append(kept ? step.output() : real);
  }

  /**
   * Fails if an output differs, or writes it. An output with a line {@code ...} is for a person to
   * rewrite.
   *
   * @param remark a text that helps to understand a failure, such as a log
   */
  void settle(String remark) throws IOException {
    if (Boolean.getBoolean("portcurfew.docs.write")) {
      page.rewrite(bodies);
    } else {
      assertThat(differences.toString()).as("%s", remark).isEmpty();
    }
  }
}
