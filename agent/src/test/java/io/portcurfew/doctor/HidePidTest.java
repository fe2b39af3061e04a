package io.portcurfew.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HidePidTest {

  private static String proc(String options) {
    return "22 27 0:21 / /proc rw,relatime shared:5 master:1 - proc proc " + options + "\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rw | OFF",
        "rw,gid=23 | OFF",
        "rw,hidepid=0 | OFF",
        "rw,hidepid=off | OFF",
        "rw,hidepid=1 | NOACCESS",
        "rw,hidepid=noaccess | NOACCESS",
        "rw,gid=23,hidepid=2 | INVISIBLE",
        "rw,hidepid=invisible,gid=23 | INVISIBLE",
        "rw,hidepid=4,subset=pid | PTRACEABLE",
        "rw,hidepid=ptraceable | PTRACEABLE",
        "rw,nohidepid=2 | OFF"
      })
  void theOptionOfProcIsRead(String options, HidePid expected) {
    assertThat(HidePid.of("27 1 254:0 / / rw - ext4 /dev/vda rw\n" + proc(options)))
        .isEqualTo(expected);
  }

  @Test
  void lastMountOnProcCounts() {
    assertThat(HidePid.of(proc("rw,hidepid=2") + proc("rw"))).isEqualTo(HidePid.OFF);
    assertThat(HidePid.of(proc("rw") + proc("rw,hidepid=2"))).isEqualTo(HidePid.INVISIBLE);
  }

  @Test
  void procElsewhereIsIgnored() {
    String elsewhere = "50 27 0:40 / /srv/root/proc rw,hidepid=2 - proc proc rw,hidepid=2\n";
    assertThat(HidePid.of(proc("rw") + elsewhere)).isEqualTo(HidePid.OFF);
  }

  @Test
  void invalidLinesAreIgnored() {
    assertThat(HidePid.of("")).isEqualTo(HidePid.OFF);
    assertThat(HidePid.of("- - - - /proc\n22 27 0:21 / /proc rw - proc\n-")).isEqualTo(HidePid.OFF);
  }
}
