package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ListingJobTest {

  private static byte[] status(int real, int effective, String capabilities) {
    String text = "Name:\tx\nUid:\t%d\t%d\t0\t0\nCapEff:\t%s\n";
    return text.formatted(real, effective, capabilities).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void daemonWithCapNetAdmin_isTrustedWithItsOwnSockets() {
    byte[] daemon = status(998, 998, "0000000000001000");
    assertThat(ListingJob.isTrusted(daemon, 998)).isTrue();
    assertThat(ListingJob.isTrusted(daemon, 1000)).isFalse();
    assertThat(ListingJob.isTrusted(status(998, 998, "0000000000002000"), 998)).isFalse();
  }

  @Test
  void setUserIdProgram_isNotTrustedWithSocketsOfItsUser() {
    byte[] su = status(1000, 0, "000001ffffffffff");
    assertThat(ListingJob.isTrusted(su, 1000)).isFalse();
    assertThat(ListingJob.isTrusted(status(0, 0, "000001ffffffffff"), 1000)).isFalse();
  }

  @Test
  void unknownStatus_isNotTrusted() {
    assertThat(ListingJob.isTrusted(new byte[0], 0)).isFalse();
  }
}
