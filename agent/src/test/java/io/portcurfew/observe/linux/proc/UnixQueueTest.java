package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UnixQueueTest {

  private static long of(String text) {
    return UnixQueue.waiting(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void queueCountsItsDescriptors() {
    assertThat(of("pos:\t0\nflags:\t02\nmnt_id:\t10\nino:\t611\nscm_fds: 3\n")).isEqualTo(3);
    assertThat(of("scm_fds: 0\n")).isZero();
  }

  @Test
  void otherTextsHaveNone() {
    assertThat(of("pos:\t0\nflags:\t02\n")).isZero();
    assertThat(of("scm_fds: many\n")).isZero();
    assertThat(of("scm_fds: 99999999999999999999\n")).isZero();
    assertThat(of("")).isZero();
  }
}
