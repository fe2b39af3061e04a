package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import org.junit.jupiter.api.Test;

/** The memory for long paths of owners, and its shares. */
class OwnerPathsTest {

  private static final int LONG = 4_000;

  private final OwnerPaths paths = new OwnerPaths(5 * LONG, 2 * LONG);

  private static Owner owner(int pid, long uid, int length) {
    HostText path = HostText.of("/" + "d".repeat(length - 1));
    return new Owner(pid, HostText.of("python3"), path, HostText.of("nobody"), uid);
  }

  private boolean isWhole(Owner owner) {
    return paths.keep(owner).equals(owner);
  }

  @Test
  void userBeyondHisShare_losesPathsAlone() {
    assertThat(isWhole(owner(1, 1000, LONG))).isTrue();
    assertThat(isWhole(owner(2, 1000, LONG))).isTrue();
    Owner third = paths.keep(owner(3, 1000, LONG));
    assertThat(third.executable()).isNull();
    assertThat(third.details().pathsLeftOut()).isTrue();
    assertThat(third)
        .hasToString(
            "pid 3 (python3) as nobody, paths left out: the long ones of its user fill their share");
    assertThat(isWhole(owner(4, 1001, LONG))).isTrue();
  }

  @Test
  void shortPath_isAlwaysKept() {
    for (int pid = 1; pid <= 100; pid++) {
      assertThat(isWhole(owner(pid, 1000, OwnerPaths.FREE))).isTrue();
    }
    assertThat(isWhole(owner(101, 1000, LONG))).isTrue();
  }

  @Test
  void usersTogether_areBounded() {
    for (int user = 1; user <= 5; user++) {
      assertThat(isWhole(owner(user, user, LONG))).isTrue();
    }
    assertThat(isWhole(owner(6, 6, LONG))).isFalse();
  }

  @Test
  void releasedOwner_makesPlace() {
    Owner first = paths.keep(owner(1, 1000, LONG));
    paths.keep(owner(2, 1000, LONG));
    Owner third = paths.keep(owner(3, 1000, LONG));
    paths.release(third);
    assertThat(isWhole(owner(3, 1000, LONG))).isFalse();
    paths.release(first);
    assertThat(isWhole(owner(3, 1000, LONG))).isTrue();
  }

  @Test
  void subordinateIds_shareOnePlace() {
    assertThat(isWhole(owner(1, 100_000, LONG))).isTrue();
    assertThat(isWhole(owner(2, 100_001, LONG))).isTrue();
    assertThat(isWhole(owner(3, 165_535, LONG))).isFalse();
  }

  @Test
  void scriptAndFirstArgument_count() {
    OwnerDetails details =
        OwnerDetails.builder()
            .firstArgument(HostText.of("a".repeat(LONG)))
            .script(new OwnerDetails.Script(HostText.of("/" + "s".repeat(LONG - 1)), true))
            .build();
    Owner first = new Owner(1, null, HostText.of("/usr/bin/python3"), null, 1000L, details);
    Owner kept = paths.keep(first);
    assertThat(kept.details().script()).isNull();
    assertThat(kept.details().firstArgument()).isNull();
    assertThat(kept.executable()).isNull();
  }

  @Test
  void ownerOfEvent_hasNoLongPath() {
    assertThat(OwnerPaths.ofEvent(owner(1, 1000, LONG)).executable()).isNull();
    Owner usual = owner(2, 1000, OwnerPaths.FREE);
    assertThat(OwnerPaths.ofEvent(usual)).isEqualTo(usual);
  }
}
