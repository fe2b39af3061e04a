package io.portcurfew.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.store.audit.LogHead;
import io.portcurfew.store.audit.VerificationResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTextTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "entry 2 was changed")
  void resultNamesWhatItCovers(String broken) {
    VerificationResult result = new VerificationResult(1, LogHead.NONE, broken);
    assertThat(VerificationText.table(result).lines())
        .anyMatch(line -> line.startsWith("Checked: the audit log"))
        .anyMatch(line -> line.startsWith("Not checked: ") && line.contains("deliveries"));
  }

  @Test
  void jsonNamesWhatItCovers() {
    assertThat(VerificationText.json(new VerificationResult(1, LogHead.NONE, null)))
        .containsPattern("\"covers\" *: *\\[\\s*\"audit-log\"\\s*\\]");
  }
}
