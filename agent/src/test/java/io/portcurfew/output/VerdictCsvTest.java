package io.portcurfew.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictCsvTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "python3|python3",
        "a,b|\"a,b\"",
        "say \"x\"|\"say \"\"x\"\"\"",
        "=cmd()|'=cmd()",
        "-1+2|'-1+2",
        "@sum|'@sum"
      })
  void field_isQuotedAndNoFormula(String text, String expected) {
    assertThat(VerdictCsv.field(text)).isEqualTo(expected);
  }
}
