package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HangingUsersTest {

  private Duration now = Duration.ofHours(1);
  private boolean hanging = true;
  private final HangingUsers users = new HangingUsers(() -> now);

  private void add(int pid, Long uid) {
    assertThat(users.add(pid, uid, () -> hanging)).isTrue();
  }

  private boolean has(int pid, long uid) {
    users.refresh();
    return users.has(pid, () -> uid);
  }

  @Test
  void allProcessesOfTheUser_areLeftOut() {
    add(50, 1000L);
    assertThat(has(51, 1000)).isTrue();
    assertThat(has(52, 1001)).isFalse();
    assertThat(has(1, 0)).isFalse();
    assertThat(users.words()).isEqualTo("the processes of uid 1000 (pid 50)");
  }

  @Test
  void subordinateIdsAreOneUser() {
    add(50, 100_001L);
    assertThat(has(51, 100_002)).isTrue();
  }

  @Test
  void ofRootTheProcessAlone_isLeftOut() {
    add(50, 0L);
    assertThat(has(50, 0)).isTrue();
    assertThat(has(51, 0)).isFalse();
    assertThat(users.words()).isEqualTo("pid 50");
  }

  @Test
  void unknownUser_isLeftOutByProcess() {
    add(50, null);
    assertThat(has(50, 0)).isTrue();
    assertThat(has(51, 1000)).isFalse();
  }

  @Test
  void userIsReadAgain_someMinutesAfterTheReadEnded() {
    add(50, 1000L);
    now = now.plusHours(5);
    assertThat(has(51, 1000)).isTrue();
    hanging = false;
    assertThat(has(51, 1000)).isTrue();
    now = now.plus(HangingUsers.PAUSE).minusSeconds(1);
    assertThat(has(51, 1000)).isTrue();
    now = now.plusSeconds(1);
    assertThat(has(51, 1000)).isFalse();
    assertThat(users.isEmpty()).isTrue();
  }

  @Test
  void usersWhoseReadsHang_haveABound() {
    for (int i = 0; i < HangingUsers.MOST_HANGING; i++) {
      add(50 + i, 1000L + i);
    }
    assertThat(users.add(99, 2000L, () -> true)).isFalse();
    assertThat(has(99, 2000)).isFalse();
    hanging = false;
    assertThat(users.add(99, 2000L, () -> true)).isTrue();
    assertThat(has(99, 2000)).isTrue();
  }

  @Test
  void severalReadsOfOneUser_takeOnePlaceAndHaveABound() {
    for (int i = 0; i < HangingUsers.MOST_HANGING_OF_USER; i++) {
      add(50 + i, 1000L);
    }
    assertThat(users.add(60, 1000L, () -> true)).isFalse();
    for (int i = 1; i < HangingUsers.MOST_HANGING; i++) {
      add(60 + i, 1000L + i);
    }
    assertThat(users.add(99, 2000L, () -> true)).isFalse();
  }
}
