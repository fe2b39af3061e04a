package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcTextTest {

  private static final String AFTER =
      " S 4711 100 100 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1000 10 18446744073709551615\n";

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "", ") S 1 1 1", "a b c", "x\ny", "((", "))", "sshd) S 1 1"})
  void theNameEndsAtTheLastParenthesis(String name) {
    ProcText.Stat stat = ProcText.stat(bytes("100 (" + name + ")" + AFTER));
    assertThat(stat.name()).hasToString(name.replace("\n", "\\x0a"));
    assertThat(stat.parent()).isEqualTo(4711);
    assertThat(stat.startTicks()).isEqualTo(987654);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "100", "100 (", "100 (x", ")(", "1 (x) S 1", "1 (x) S x x x x x x"})
  void malformedStat_isNull(String raw) {
    assertThat(ProcText.stat(bytes(raw))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "socket:[531143], 531143",
    "socket:[4294967295], 4294967295",
    "socket:[], 0",
    "socket:[12, 0",
    "socket:[1x], 0",
    "pipe:[12], 0",
    "/dev/null, 0",
    "/tmp/socket:[12], 0",
    "socket:[99999999999999999999], 0",
  })
  void onlyALinkToASocketHasASocketInode(String link, long inode) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes(link + "]]]]"));
    assertThat(ProcText.socketInode(buffer, link.length())).isEqualTo(inode);
  }

  @Test
  void theRealUserComesBeforeTheEffectiveOne() {
    String status = "Name:\tx\\nUid:\t0\t0\t0\t0\nState:\tS\nUid:\t1000\t33\t1000\t1000\n";
    assertThat(ProcText.users(bytes(status))).isEqualTo(new ProcText.Users(1000, 33));
    assertThat(ProcText.users(bytes("Name:\tx\n"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "350735.47 234388.90, 35073547",
    "0.05 0.00, 5",
    "12.3 4.56,",
    "12 4,",
    ".. .., ",
    "'',"
  })
  void theTimeSinceTheBootIsTheFirstNumber(String uptime, @Nullable Long ticks) {
    assertThat(ProcText.uptimeTicks(bytes(uptime + "\n"))).isEqualTo(ticks);
  }

  @Test
  void onlyTheFirstArgumentIsTaken() {
    assertThat(ProcText.firstArgument(bytes("mysqld\0-psecret\0"))).isEqualTo(bytes("mysqld"));
    assertThat(ProcText.firstArgument(bytes("no end"))).isEqualTo(bytes("no end"));
    assertThat(ProcText.firstArgument(new byte[0])).isNull();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25})
  void malformedFilesOfProc_areUnreadable(long seed) {
    Random random = new Random(seed);
    byte[] stat = bytes("100 (nginx)" + AFTER);
    byte[] status = bytes("Name:\tx\nUid:\t1000\t33\t1000\t1000\n");
    byte[] uptime = bytes("350735.47 234388.90\n");
    byte[] cgroup = bytes("0::/system.slice/docker-" + "ab".repeat(32) + ".scope\n");
    for (int i = 0; i < 10_000; i++) {
      ProcText.stat(Malformed.of(stat, random));
      ProcText.uptimeTicks(Malformed.of(uptime, random));
      ProcText.users(Malformed.of(status, random));
      String text = new String(Malformed.of(cgroup, random), StandardCharsets.ISO_8859_1);
      assertThat(Cgroup.of(CgroupPath.deciding(text).names())).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CapEff:\\t0000000000001000, 4096",
    "CapEff:\\tffffffffffffffff, -1",
    "CapEff:\\t, 0",
    "CapEff:\\t10000000000000000, 0",
    "CapPrm:\\t0000000000001000, 0",
  })
  void effectiveCapabilitiesAreBits(String line, long bits) {
    byte[] status = bytes("Name:\tx\n" + line.replace("\\t", "\t") + "\n");
    assertThat(ProcText.effectiveCapabilities(status)).isEqualTo(bits);
  }

  /** A program may name an empty segment as its code. */
  @ParameterizedTest
  @CsvSource({
    "33 1 0 0 0 33 0, true",
    "0 0 0 0 0 0 0, false",
    "5391 2311 1409 687 0 1130 0, false",
    "1130 210 0 0 0 1129 0, false",
    "33 1 1 0 0 33 0, false",
    "33 1 0 0 0 332 0, false",
    "33 1 0 0, false",
  })
  void onlyAStack_isNoProgram(String statm, boolean hasNone) {
    byte[] raw = bytes(statm + "\n");
    assertThat(ProcText.hasNoProgram(ByteBuffer.wrap(raw), raw.length)).isEqualTo(hasNone);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void nestedPidNamespacesAreCounted() {
    assertThat(ProcText.pidNamespaces(bytes("Pid:\t7\nNSpid:\t7\nNSpgid:\t7\n"))).isOne();
    assertThat(ProcText.pidNamespaces(bytes("Pid:\t812\nNSpid:\t812\t7\n"))).isEqualTo(2);
    assertThat(ProcText.pidNamespaces(bytes("Name:\tNSpid:\t1\t2\n"))).isZero();
  }
}
