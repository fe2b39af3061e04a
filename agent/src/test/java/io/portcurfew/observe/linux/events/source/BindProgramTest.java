package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that run in the kernel at each bind(2) of the host. */
class BindProgramTest {

  private static final int SIZE = 8;

  /** As loaded, run and read by a person, on a little-endian host: 0x1111 ring, 0x2222 counter. */
  private static final String IPV4 =
      """
      bf16000000000000 61620c0000000000 5502270011000000 1811000011110000
      0000000000000000 b702000040000000 b703000000000000 8500000083000000
      15001d0000000000 bf07000000000000 8500000005000000 7b07000000000000
      850000000e000000 7b07080000000000 850000000f000000 7b07100000000000
      bf61000000000000 850000002e000000 7b07180000000000 bf61000000000000
      850000007a000000 7b07200000000000 61622c0000000000 6327280000000000
      6162040000000000 63272c0000000000 6162180000000000 6327300000000000
      b702000000000000 6327340000000000 b702000000000000 6327380000000000
      b702000000000000 63273c0000000000 bf71000000000000 b702000000000000
      8500000084000000 0500040000000000 1821000022220000 0000000000000000
      b702000001000000 db21000000000000 b700000001000000 9500000000000000
      """;

  private static final String IPV6 =
      """
      bf16000000000000 61620c0000000000 5502270011000000 1811000011110000
      0000000000000000 b702000040000000 b703000000000000 8500000083000000
      15001d0000000000 bf07000000000000 8500000005000000 7b07000000000000
      850000000e000000 7b07080000000000 850000000f000000 7b07100000000000
      bf61000000000000 850000002e000000 7b07180000000000 bf61000000000000
      850000007a000000 7b07200000000000 61622c0000000000 6327280000000000
      6162040000000000 63272c0000000000 61621c0000000000 6327300000000000
      6162200000000000 6327340000000000 6162240000000000 6327380000000000
      6162280000000000 63273c0000000000 bf71000000000000 b702000000000000
      8500000084000000 0500040000000000 1821000022220000 0000000000000000
      b702000001000000 db21000000000000 b700000001000000 9500000000000000
      """;

  /** mov64 r0, 1; exit. */
  private static final String ALLOW = "b700000001000000" + "9500000000000000";

  @BeforeEach
  void needs() {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    Assumptions.assumeTrue(little, "skipped: the bytes are those of a little-endian machine");
  }

  private static String hex(boolean ipv6) {
    return HexFormat.of().formatHex(BindProgram.instructions(0x1111, 0x2222, ipv6));
  }

  @Test
  void bytesAreThoseThatWereTried() {
    assertThat(hex(false)).isEqualTo(IPV4.replaceAll("\\s", ""));
    assertThat(hex(true)).isEqualTo(IPV6.replaceAll("\\s", ""));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlyWayOut_returnsOne(boolean ipv6) {
    String code = hex(ipv6);
    assertThat(code).endsWith(ALLOW);
    int last = code.length() / 2 / SIZE - 1;
    assertThat(IntStream.range(0, last))
        .as("no other instruction leaves the program")
        .noneMatch(i -> code.startsWith("95", i * 2 * SIZE));
    assertThat(IntStream.range(0, last))
        .as("no jump passes over the answer")
        .noneMatch(i -> isJump(code, i) && i + 1 + offset(code, i) > last - 1);
  }

  /** The classes BPF_JMP and BPF_JMP32, without a call. */
  private static boolean isJump(String code, int instruction) {
    int what = Integer.parseInt(code.substring(instruction * 16, instruction * 16 + 2), 16);
    return ((what & 7) == 5 || (what & 7) == 6) && what != 0x85;
  }

  private static int offset(String code, int instruction) {
    int at = instruction * 16 + 4;
    return Short.reverseBytes((short) Integer.parseInt(code.substring(at, at + 4), 16));
  }
}
