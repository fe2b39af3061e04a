package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RingFilesTest {

  private static byte[] text(String... lines) {
    return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void registeredSocketsAreFound() {
    byte[] info =
        text(
            "pos:\t0",
            "SqThread:\t-1",
            "UserFiles:\t3",
            "    0: socket:[4711]",
            "    1: /tmp/a",
            "    2: socket:[4712]",
            "UserBufs:\t0");
    assertThat(RingFiles.sockets(info)).containsExactly(4711, 4712);
  }

  @Test
  void nameOfAFileIsNoSocket() {
    byte[] info = text("    0: /tmp/socket:[4711]", "    1: socket:[4711] (deleted)", "socket:[1]");
    assertThat(RingFiles.sockets(info)).isEmpty();
    byte[] withCarriageReturn = text("    0: /tmp/a\r1: socket:[4711]", "    1: socket:[4712]");
    assertThat(RingFiles.sockets(withCarriageReturn)).containsExactly(4712);
  }

  /** Older kernels show the name of a file where a socket has its number. */
  @ParameterizedTest
  @CsvSource({
    "6.18.44-generic, true",
    "6.15.0, true",
    "6.14.11-amd64, false",
    "6.1.0-18-amd64, false",
    "5.10.0, false",
    "10.0.1, true",
    "'', false"
  })
  void kernelThatShowsNamesOfFiles_namesNoSocket(String release, boolean names) {
    assertThat(RingFiles.namesSockets(release)).isEqualTo(names);
  }

  @Test
  void deviceOfATunDescriptorIsFound() {
    assertThat(TunId.device(text("pos:\t0", "ino:\t4", "iff:\ttun0"))).isEqualTo("tun0");
    assertThat(TunId.device(text("pos:\t0", "iff:\t"))).isNull();
    assertThat(TunId.device(text("pos:\t0"))).isNull();
  }

  @Test
  void numberOfADeviceDependsOnItsNamespace() {
    assertThat(TunId.of(5, "tun0")).isNegative().isEqualTo(TunId.of(5, "tun0"));
    assertThat(TunId.of(5, "tun0")).isNotEqualTo(TunId.of(6, "tun0"));
    assertThat(TunId.of(5, "tun0")).isNotEqualTo(TunId.of(5, "tun1"));
  }
}
