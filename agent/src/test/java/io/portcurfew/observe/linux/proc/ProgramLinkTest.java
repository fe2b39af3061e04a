package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgramLinkTest {

  private static String of(String text) {
    return ProgramLink.describe(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void programThatTakesConnectionsIsNamed() {
    assertThat(
            of(
                "pos:\t0\nlink_type:\tnetns\nlink_id:\t7\nnetns_ino:\t4026531840\nattach_type:\t36\n"))
        .isEqualTo("sk_lookup in net:[4026531840] (link 7)");
    assertThat(of("link_type:\ttcx\nlink_id:\t8\nifindex:\t2\nattach_type:\t46 (tcx_ingress)\n"))
        .isEqualTo("tcx on interface 2 (link 8)");
    assertThat(of("link_type:\txdp\nlink_id:\t9\nifindex:\t3\n"))
        .isEqualTo("xdp on interface 3 (link 9)");
  }

  @Test
  void otherProgramsRedirectNothing() {
    assertThat(of("link_type:\tnetns\nnetns_ino:\t5\nattach_type:\t17\n")).isNull();
    assertThat(of("link_type:\ttracing\n")).isNull();
    assertThat(of("link_type:\ttcx\n")).isNull();
    assertThat(of("link_type:\txdp\nifindex:\t3\n")).isNull();
    assertThat(of("")).isNull();
  }
}
