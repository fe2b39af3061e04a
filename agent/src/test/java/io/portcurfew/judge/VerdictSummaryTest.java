package io.portcurfew.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictSummaryTest {

  @Test
  void hiddenOwner_leavesTheVerdictCompliant() {
    VerdictSummary summary = new VerdictSummary(false, 0, 0, 1, 0, 3);
    assertThat(summary.word()).isEqualTo(VerdictSummary.Word.COMPLIANT);
    assertThat(summary.hidden()).isEqualTo("; 1 owner not visible");
  }

  @Test
  void hiddenListeners_makeItIncomplete() {
    VerdictSummary summary = new VerdictSummary(true, 0, 0, 0, 0, 3);
    assertThat(summary.word()).isEqualTo(VerdictSummary.Word.INCOMPLETE);
    assertThat(summary.reason()).startsWith("Blind: ");
  }

  @Test
  void blindnessAndFindings_nameBlindnessFirst() {
    VerdictSummary summary = new VerdictSummary(true, 2, 0, 0, 0, 3);
    assertThat(summary.word()).isEqualTo(VerdictSummary.Word.NOT_COMPLIANT);
    assertThat(summary.reason()).startsWith("Blind: ").endsWith("; 2 findings already");
  }

  @Test
  void ownerThatARuleNames_mustBeKnown() {
    VerdictSummary summary = new VerdictSummary(false, 0, 1, 0, 0, 3);
    assertThat(summary.word()).isEqualTo(VerdictSummary.Word.INCOMPLETE);
    assertThat(summary.reason()).contains("names an owner for 1 listener");
  }
}
