package io.portcurfew.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

  @ParameterizedTest
  @CsvSource({
    "/usr/sbin/sshd, /usr/sbin/sshd",
    "/usr/lib/postgresql/*/bin/postgres, /usr/lib/postgresql/15/bin/postgres",
    "/usr/*/sshd, /usr/sbin/sshd",
    "/usr/bin/python3.*, /usr/bin/python3.11",
    "/usr/bin/python?.1?, /usr/bin/python3.11",
    "/opt/**/server, /opt/server",
    "/opt/**/server, /opt/a/server",
    "/opt/**/server, /opt/a/b/c/server",
    "/opt/**/bin/**/s*r, /opt/bin/x/bin/y/server",
    "/opt/**, /opt/a/b",
    "/**/nc, /nc",
    "/a*b*c, /a-b-b-c",
    "/srv/[*]/x, /srv/*/x",
    "/srv/[?]/x, /srv/?/x",
    "/srv/[[]*], /srv/[a]",
    "/srv/[id]/x, /srv/[id]/x",
  })
  void aPathFits(String pattern, String path) {
    assertThat(new PathPattern(pattern).fits(path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/sbin/sshd, /usr/sbin/sshd2",
    "/usr/sbin/sshd, /USR/sbin/sshd",
    "/usr/*/sshd, /usr/local/sbin/sshd",
    "/usr/*/sshd, /usr/sshd",
    "/usr/bin/python?, /usr/bin/python",
    "/usr/bin/python?, /usr/bin/python11",
    "/opt/**/server, /opt/a/server/x",
    "/opt/**/server, /opt/aserver",
    "/opt/**/server, /tmp/opt/server",
    "/opt/app*, /opt/app/../../tmp/x",
    "/srv/[*]/x, /srv/a/x",
    "/srv/[?]/x, /srv/a/x",
    "/a.b, /axb",
    "/a*b*c, /a-b-b",
  })
  void aPathDoesNotFit(String pattern, String path) {
    assertThat(new PathPattern(pattern).fits(path)).isFalse();
  }

  @Test
  void patternOfManyStars_isDecidedAtOnce() {
    String pattern = "/" + "**/a*a*a*a*a*b/".repeat(200) + "end";
    assertThat(new PathPattern(pattern).fits("/" + "aaaaaaaaaaaaaaaaaa/".repeat(200))).isFalse();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void exactPattern_matchesItsPathAlone(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String path = path(random);
      String other = path(random);
      PathPattern pattern = PathPattern.exactly(path);
      assertThat(pattern.isWild()).as(path).isFalse();
      assertThat(pattern.isWellFormed()).as(path).isTrue();
      assertThat(pattern.fits(path)).as(path).isTrue();
      assertThat(pattern.fits(other)).as("%s and %s", path, other).isEqualTo(path.equals(other));
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder("/");
    for (int i = random.nextInt(4); i >= 0; i--) {
      path.append("ab*?[]/\\".charAt(random.nextInt(8)));
    }
    return path.toString();
  }
}
