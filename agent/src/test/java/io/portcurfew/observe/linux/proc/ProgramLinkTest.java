package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.PacketHook;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgramLinkTest {

  private static ProgramLink of(String text) {
    return ProgramLink.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static ProgramLink hooked(PacketHook hook, int index, long namespace, long program) {
    return new ProgramLink(program, new HookedProgram(hook, index, namespace, program));
  }

  @Test
  void programThatTakesConnectionsHasItsPlace() {
    assertThat(
            of(
                """
                pos:\t0
                link_type:\tnetns
                link_id:\t7
                prog_id:\t3
                netns_ino:\t4026531840
                attach_type:\t36
                """))
        .isEqualTo(hooked(PacketHook.SK_LOOKUP, 0, 4026531840L, 3));
    assertThat(of("link_type:\ttcx\nprog_id:\t4\nifindex:\t2\nattach_type:\t46 (tcx_ingress)\n"))
        .isEqualTo(hooked(PacketHook.TCX, 2, 0, 4));
    assertThat(of("link_type:\txdp\nprog_id:\t5\nifindex:\t3\n"))
        .isEqualTo(hooked(PacketHook.XDP, 3, 0, 5));
  }

  @Test
  void otherProgramsRedirectNothing() {
    assertThat(of("link_type:\tnetns\nprog_id:\t3\nnetns_ino:\t5\nattach_type:\t17\n"))
        .isEqualTo(new ProgramLink(3, null));
    assertThat(of("link_type:\ttracing\nprog_id:\t3\n")).isEqualTo(new ProgramLink(3, null));
    assertThat(of("link_type:\ttcx\nprog_id:\t3\n")).isEqualTo(new ProgramLink(3, null));
    assertThat(of("prog_type:\t6\nprog_id:\t9\n")).isEqualTo(new ProgramLink(9, null));
  }

  @Test
  void linkWhosePlaceHasGoneRedirectsNothing() {
    assertThat(of("link_type:\txdp\nprog_id:\t5\nifindex:\t0\n"))
        .isEqualTo(new ProgramLink(5, null));
    assertThat(of("link_type:\tnetns\nprog_id:\t3\nnetns_ino:\t0\nattach_type:\t36\n"))
        .isEqualTo(new ProgramLink(3, null));
  }

  @Test
  void textWithoutAProgramHasNone() {
    assertThat(of("link_type:\txdp\nifindex:\t3\n")).isNull();
    assertThat(of("")).isNull();
  }
}
