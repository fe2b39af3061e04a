package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ListingJobTest {

  private static final byte[] BY_ROOT = auxiliary(0);

  private static byte[] status(int real, int effective, String capabilities) {
    String text = "Name:\tx\nUid:\t%d\t%d\t0\t0\nCapEff:\t%s\n";
    return text.formatted(real, effective, capabilities).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** AT_PAGESZ, AT_SECURE and AT_NULL of linux/auxvec.h. */
  private static byte[] auxiliary(long secure) {
    ByteBuffer pairs = ByteBuffer.allocate(6 * Long.BYTES).order(ByteOrder.nativeOrder());
    pairs.putLong(6).putLong(4096).putLong(23).putLong(secure).putLong(0).putLong(0);
    return pairs.array();
  }

  @Test
  void daemonWithCapNetAdmin_isTrustedWithItsOwnSockets() {
    byte[] daemon = status(998, 998, "0000000000001000");
    assertThat(ListingJob.isTrusted(daemon, BY_ROOT, 998)).isTrue();
    assertThat(ListingJob.isTrusted(daemon, BY_ROOT, 1000)).isFalse();
    assertThat(ListingJob.isTrusted(status(998, 998, "0000000000002000"), BY_ROOT, 998)).isFalse();
  }

  @Test
  void setUserIdProgram_isNotTrustedWithSocketsOfItsUser() {
    byte[] su = status(1000, 0, "000001ffffffffff");
    assertThat(ListingJob.isTrusted(su, BY_ROOT, 1000)).isFalse();
    assertThat(ListingJob.isTrusted(status(0, 0, "000001ffffffffff"), BY_ROOT, 1000)).isFalse();
  }

  @Test
  void programWithTheRightOfItsFile_isNotTrusted() {
    byte[] dumpcap = status(1000, 1000, "0000000000003000");
    assertThat(ListingJob.isTrusted(dumpcap, BY_ROOT, 1000)).isTrue();
    assertThat(ListingJob.isTrusted(dumpcap, auxiliary(1), 1000)).isFalse();
    assertThat(ListingJob.isTrusted(dumpcap, new byte[8], 1000)).as("unknown").isFalse();
  }

  @Test
  void unknownStatus_isNotTrusted() {
    assertThat(ListingJob.isTrusted(new byte[0], BY_ROOT, 0)).isFalse();
  }
}
