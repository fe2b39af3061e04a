package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcCoversTest {

  private static ProcCovers parse(String place) {
    return ProcCovers.parse(
        "21 1 0:19 / /proc rw,nosuid - proc proc rw\n90 21 0:4 / " + place + " rw - tmpfs t rw\n");
  }

  @Test
  void aMountOverAProcessIsFound() {
    assertThat(parse("/proc/4711").processes()).containsExactly("/proc/4711");
    assertThat(parse("/proc/4711/fd").processes()).containsExactly("/proc/4711/fd");
  }

  @Test
  void aMountOverTheTablesIsFound() {
    assertThat(parse("/proc/net").tables()).containsExactly("/proc/net");
    assertThat(parse("/proc/self").tables()).containsExactly("/proc/self");
  }

  @Test
  void usualMountsBelowProcAreNone() {
    for (String usual :
        new String[] {"/proc/sys/fs/binfmt_misc", "/proc/sys", "/proc/kcore", "/procedure/1"}) {
      assertThat(parse(usual).processes()).isEmpty();
      assertThat(parse(usual).tables()).isEmpty();
    }
  }

  @Test
  void theOwnMountsAreKnown() {
    assertThat(ProcCovers.read(new ProcFs(java.nio.file.Path.of("/"))).unknown()).isNull();
  }
}
