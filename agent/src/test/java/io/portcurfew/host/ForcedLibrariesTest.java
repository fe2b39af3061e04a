package io.portcurfew.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ForcedLibrariesTest {

  private static final String RUNTIME = "/usr/share/runtime";

  @Test
  void preloadFileNamesLibraries() {
    assertThat(ForcedLibraries.preloaded("# a comment\n/lib/a.so /lib/b.so:/lib/c.so\n"))
        .containsExactly("/lib/a.so", "/lib/b.so", "/lib/c.so");
    assertThat(ForcedLibraries.preloaded("# nothing\n\n")).isEmpty();
  }

  @Test
  void onlyExecutableMappingsOfOtherPlacesAreForeign() {
    String maps =
        """
        7f0000000000-7f0000001000 r-xp 00000000 fe:00 1 /usr/share/runtime/lib/server/libjvm.so
        7f0000000000-7f0000001000 r-xp 00000000 fe:00 2 /usr/lib/x86_64-linux-gnu/libc.so.6
        7f0000000000-7f0000001000 r-xp 00000000 fe:00 3 /tmp/jna-12/jna3456789.tmp (deleted)
        7f0000000000-7f0000001000 r-xp 00000000 fe:00 4 /tmp/sqlite-3.50.1-ab-libsqlitejdbc.so
        7f0000000000-7f0000001000 r-xs 00000000 fe:00 7 /tmp/ffiX2T1Tg (deleted)
        7f0000000000-7f0000001000 r--p 00000000 fe:00 5 /tmp/data.so
        7f0000000000-7f0000001000 r-xp 00000000 00:00 0 [vdso]
        7f0000000000-7f0000001000 r-xp 00000000 fe:00 6 /tmp/evil\u001b.so
        """;
    assertThat(ForcedLibraries.foreign(maps, List.of(RUNTIME)))
        .containsExactly("/tmp/evil\\x1b.so");
  }

  @Test
  void nothingIsForcedIntoTheTests() {
    assertThat(ForcedLibraries.ofThisProcess())
        .allSatisfy(one -> assertThat(one).doesNotContain("as a mapping"));
  }
}
