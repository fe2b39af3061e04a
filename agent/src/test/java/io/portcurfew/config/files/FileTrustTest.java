package io.portcurfew.config.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileTrustTest {

  private static final FileTime THEN = FileTime.fromMillis(0);

  private static FileStatus of(int uid, int mode, String owner, String group) {
    return new FileStatus(1, 1, mode, uid, owner, group, 6, THEN, THEN);
  }

  private static boolean trusts(FileTrust trust, int uid) {
    return trust.inOwnerOf(of(uid, 0100644, "x", "x"));
  }

  @Test
  void anOrdinaryUserTrustsRootAndItself() {
    FileTrust alice = FileTrust.of(1000, null);
    assertThat(trusts(alice, 0)).isTrue();
    assertThat(trusts(alice, 1000)).isTrue();
    assertThat(trusts(alice, 1001)).isFalse();
    assertThat(trusts(FileTrust.of(0, null), 1000)).isFalse();
  }

  /** {@code sudo portcurfew scan --policy mine.yaml} works: the caller is root anyway. */
  @Test
  void rootBySudoTrustsTheCallerToo() {
    assertThat(trusts(FileTrust.of(0, "1000"), 1000)).isTrue();
    assertThat(trusts(FileTrust.of(0, "1000"), 1001)).isFalse();
    assertThat(trusts(FileTrust.of(0, "-1"), -1)).isFalse();
    assertThat(trusts(FileTrust.of(1001, "1000"), 1000)).isFalse();
  }

  @Test
  void highestUserIdIsNotNegative() {
    assertThat(trusts(FileTrust.of(4294967294L, null), -2)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0100664,alice,alice,false",
    "0100664,alice,users,true",
    "0100644,alice,users,false",
    "0100660,root,root,false",
    "0100660,root,wheel,true"
  })
  void onlyTheOwnersPrivateGroupMayWrite(String mode, String owner, String group, boolean open) {
    FileStatus status = of(1000, Integer.parseInt(mode, 8), owner, group);
    assertThat(FileTrust.isOpenToGroup(status)).isEqualTo(open);
  }

  @Test
  void statusIsShownAsByLs() {
    assertThat(of(0, 0100640, "root", "a\nb").shown()).isEqualTo("rw-r----- root a\\x0ab");
    assertThat(of(0, 0041777, "root", "root").shown()).isEqualTo("rwxrwxrwx root root");
  }
}
