package io.portcurfew.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.SampleSockets;
import org.junit.jupiter.api.Test;
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

  @Test
  void socketsOfOtherFamiliesHaveRecords() {
    assertThat(VerdictCsv.render(SampleSockets.judged(), listener -> true, socket -> true).lines())
        .containsExactly(
            "protocol,address,port,namespace,verdict,rule,pid,name,executable,user,unit,container,via",
            "packet all,*%eth0,,host,finding,,66,,/tmp/<door>,root,,,",
            "vsock,any,1234,host,unlisted,,,,,,,,");
    assertThat(VerdictCsv.render(SampleSockets.judged(), listener -> true, socket -> false).lines())
        .hasSize(1);
  }
}
