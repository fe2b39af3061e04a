package io.portcurfew.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.portcurfew.explain.ServiceNames.ServiceName;
import io.portcurfew.observe.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNamesTest {

  @TempDir Path root;

  @Test
  void namesAliasesAndProtocolsAreRead() {
    ServiceNames services = parse("telnet\t\t23/tcp\nwho  513/udp   whod rwho  # a comment whoX\n");
    assertThat(services.about(23)).extracting(ServiceName::protocol).containsExactly(Protocol.TCP);
    assertThat(services.about(513))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.name()).hasToString("who");
              assertThat(entry.protocol()).isEqualTo(Protocol.UDP);
              assertThat(entry.aliases())
                  .extracting(Object::toString)
                  .containsExactly("whod", "rwho");
            });
    assertThat(services.remarks()).isEmpty();
  }

  @Test
  void commentsAndOtherTransportsAreSkipped() {
    ServiceNames services =
        parse("# 611/tcp\r\n\r\n  \t\r\namqp 5672/sctp\r\nrtmp 1/ddp\r\nnpmp-gui 611/tcp\r\n#");
    assertThat(services.entries()).hasSize(1);
    assertThat(services.about(611))
        .extracting(e -> e.name().toString())
        .containsExactly("npmp-gui");
    assertThat(services.remarks()).isEmpty();
  }

  @Test
  void aLongerNumberIsAnotherPort() {
    assertThat(parse("a 6110/tcp\nb 61/tcp\nc 1611/tcp\n").about(611)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lonely",
        "a 611",
        "a /tcp",
        "a 611/",
        "a tcp/611",
        "a 0/tcp",
        "a 65536/tcp",
        "a 99999999/tcp",
        "a -1/tcp",
        "a 6 11/tcp",
        "a 611/TCP",
        "a 611/icmp",
        "\u0001\u0002\u0003"
      })
  void invalidLineIsCounted(String line) {
    ServiceNames services = parse(line + "\nnpmp-gui 611/tcp\n");
    assertThat(services.entries()).hasSize(1);
    assertThat(services.remarks()).containsExactly("Invalid lines in /etc/services: 1.");
  }

  @Test
  void hostileNamesAreEscaped() {
    byte[] file =
        "\u001b[31mred\u0000 611/tcp x\u009by \u00ff\u00fe\n".getBytes(StandardCharsets.ISO_8859_1);
    ServiceName entry = ServiceNames.parse(file).about(611).get(0);
    assertThat(entry.name()).hasToString("\\x1b[31mred\\x00");
    assertThat(entry.aliases())
        .extracting(Object::toString)
        .containsExactly("x\\x9by", "\\xff\\xfe");
  }

  @Test
  void longNamesAreCut() {
    byte[] file = ("caf\u00e9 611/udp " + "n".repeat(5000) + "\n").getBytes(StandardCharsets.UTF_8);
    ServiceName entry = ServiceNames.parse(file).about(611).get(0);
    assertThat(entry.name()).hasToString("caf\u00e9");
    assertThat(entry.aliases().get(0).toString()).hasSize(80).endsWith("(cut)");
  }

  @Test
  void fileAboveTheLimit_isCutWithARemark() {
    byte[] file = new byte[ServiceNames.MOST_BYTES + 20];
    Arrays.fill(file, (byte) '\n');
    byte[] entry = "late 611/tcp\n".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(entry, 0, file, file.length - entry.length, entry.length);
    ServiceNames services = ServiceNames.parse(file);
    assertThat(services.about(611)).isEmpty();
    assertThat(services.remarks())
        .containsExactly("Only the first 4194304 bytes of /etc/services were read.");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 6110, 25346})
  void randomBytesAreReadWithoutFailing(long seed) {
    Random random = new Random(seed);
    byte[] noise = new byte[200_000];
    random.nextBytes(noise);
    for (int i = 0; i < noise.length; i += 1 + random.nextInt(9)) {
      noise[i] = (byte) " \n\t#/tcpud0159".charAt(random.nextInt(14));
    }
    byte[] end = "\nnpmp-gui 611/tcp\n".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(end, 0, noise, noise.length - end.length, end.length);
    ServiceNames services = ServiceNames.parse(noise);
    assertThat(services.about(611)).extracting(e -> e.name().toString()).contains("npmp-gui");
    assertThat(services.remarks()).hasSize(1);
    assertThat(services.entries().toString().codePoints()).noneMatch(Character::isISOControl);
  }

  @Test
  void aFileBelowAnotherRootIsRead() throws IOException {
    Files.createDirectory(root.resolve("etc"));
    Files.writeString(root.resolve("etc/services"), "npmp-gui 611/tcp\n");
    assertThat(ServiceNames.read(root).about(611)).hasSize(1);
  }

  @Test
  void missingFileGivesARemark() {
    ServiceNames services = ServiceNames.read(root);
    assertThat(services.entries()).isEmpty();
    assertThat(services.remarks()).containsExactly("/etc/services does not exist.");
  }

  @Test
  void folderInsteadOfAFileGivesARemark() throws IOException {
    Files.createDirectories(root.resolve("etc/services"));
    assertThat(ServiceNames.read(root).remarks()).containsExactly("/etc/services does not exist.");
  }

  @Test
  void fileOfThisHost_isReadWithoutRemark() {
    assumeThat(Path.of("/etc/services")).as("this host has no /etc/services").isRegularFile();
    ServiceNames services = ServiceNames.read(Path.of("/"));
    assertThat(services.remarks()).isEmpty();
    assertThat(services.about(22)).extracting(e -> e.name().toString()).contains("ssh");
  }

  private static ServiceNames parse(String file) {
    return ServiceNames.parse(file.getBytes(StandardCharsets.UTF_8));
  }
}
