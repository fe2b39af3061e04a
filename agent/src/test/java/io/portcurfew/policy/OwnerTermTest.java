package io.portcurfew.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.SampleListeners;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.OwnerFact;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerTermTest {

  private static final String ID = "4c01db0b339c" + "a".repeat(52);
  private static final String HASH = "e3".repeat(32);

  private static @Nullable HostText text(@Nullable String text) {
    return text == null ? null : HostText.of(text);
  }

  private static Owner owner(
      @Nullable String unit,
      @Nullable String container,
      @Nullable String sha256,
      @Nullable String packageName) {
    OwnerDetails details =
        OwnerDetails.builder()
            .elsewhere(false)
            .unit(text(unit))
            .container(container == null ? null : Container.of(HostText.of(container)))
            .sha256(text(sha256))
            .packageName(text(packageName))
            .build();
    return SampleListeners.owner(4711, "/opt/app/bin/server", "app").with(details);
  }

  private static OwnerTerm unit(String unit) {
    return new OwnerTerm(null, null, unit, null, null, null);
  }

  private static OwnerTerm container(String container) {
    return new OwnerTerm(null, null, null, ContainerTerm.ofId(container), null, null);
  }

  @ParameterizedTest
  @CsvSource({
    "app.service, app.service, YES",
    "app.service, other.service, NO",
    "app.service, app.service/x.scope, NO",
    "app.service, , UNKNOWN"
  })
  void aUnitIsItsWholeName(String wanted, @Nullable String found, Trilean answer) {
    assertThat(unit(wanted).accepts(owner(found, null, null, null))).isEqualTo(answer);
  }

  @Test
  void containerMatchesByIdOrTwelveDigits() {
    Owner inside = owner(null, ID, null, null);
    assertThat(container(ID).accepts(inside)).isEqualTo(Trilean.YES);
    assertThat(container("4c01db0b339c").accepts(inside)).isEqualTo(Trilean.YES);
    assertThat(container("4c01db0b339ca").accepts(inside)).isEqualTo(Trilean.YES);
    assertThat(container("4c01db0b339b").accepts(inside)).isEqualTo(Trilean.NO);
    assertThat(container("4c01db0b339").accepts(inside)).isEqualTo(Trilean.NO);
    assertThat(container("web-1").accepts(owner(null, "web-1", null, null))).isEqualTo(Trilean.YES);
    assertThat(container("4c01db0b339c").accepts(owner(null, "4c01db0b339c-x", null, null)))
        .isEqualTo(Trilean.NO);
    assertThat(container(ID).accepts(owner(null, null, null, null))).isEqualTo(Trilean.UNKNOWN);
  }

  @Test
  void missingFact_isUnknown() {
    OwnerTerm hash = new OwnerTerm(null, null, null, null, HASH, null);
    OwnerTerm packaged = new OwnerTerm(null, null, null, null, null, "openssh-server");
    assertThat(hash.accepts(owner(null, null, HASH, null))).isEqualTo(Trilean.YES);
    assertThat(hash.accepts(owner(null, null, "00".repeat(32), null))).isEqualTo(Trilean.NO);
    assertThat(hash.accepts(owner(null, null, null, null))).isEqualTo(Trilean.UNKNOWN);
    assertThat(packaged.accepts(owner(null, null, null, "openssh-server"))).isEqualTo(Trilean.YES);
    assertThat(packaged.accepts(owner(null, null, null, "openssh"))).isEqualTo(Trilean.NO);
    assertThat(packaged.accepts(owner(null, null, null, null))).isEqualTo(Trilean.UNKNOWN);
  }

  @Test
  void ofSeveralKeysAllHaveToHold() {
    OwnerTerm term =
        new OwnerTerm(new PathPattern("/opt/*/bin/server"), "app", "app.service", null, HASH, null);
    assertThat(term.accepts(owner("app.service", null, HASH, null))).isEqualTo(Trilean.YES);
    assertThat(term.accepts(owner("app.service", null, null, null))).isEqualTo(Trilean.UNKNOWN);
    assertThat(term.accepts(owner("b.service", null, null, null))).isEqualTo(Trilean.NO);
    assertThat(term)
        .hasToString("/opt/*/bin/server as app in unit app.service with SHA-256 " + HASH);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, root, YES",
    "0, 0, 0, app, NO",
    "0, 1000, 1000, root, NO",
    "0, 0, 1000, root, NO",
    "0, 1000, 0, root, NO",
    "1000, 1000, 1000, app, YES",
    "1000, 1000, 0, app, YES",
    "1000, 1000, 2000, app, NO",
    "1000, 2000, 1000, app, NO",
    "1000, 0, 0, app, NO",
    "1000, 0, 1000, app, NO",
  })
  void user_isEffectiveRealAndCreatingUser(
      long effective, long real, long creator, String wanted, Trilean answer) {
    OwnerDetails users = OwnerDetails.builder().realUid(real == effective ? null : real).build();
    HostText name = HostText.of(effective == 0 ? "root" : "app");
    Owner owner = new Owner(4711, null, null, name, effective, users).createdBy(creator);
    OwnerTerm term = new OwnerTerm(null, wanted);
    assertThat(term.accepts(owner)).isEqualTo(answer);
    assertThat(term.parts().get(0).holds().apply(owner)).isEqualTo(answer);
    assertThat(new OwnerTerm(null, "other").accepts(owner)).isEqualTo(Trilean.NO);
  }

  @Test
  void ownerNamesTheOtherUsersInvolved() {
    OwnerDetails waiting = OwnerDetails.builder().realUid(1000L).build();
    HostText root = HostText.of("root");
    Owner su = new Owner(7, null, null, root, 0L, waiting);
    assertThat(su).hasToString("pid 7 as root (real uid 1000)");
    assertThat(su.createdBy(0)).isEqualTo(su);
    assertThat(su.createdBy(33)).hasToString("pid 7 as root (real uid 1000, socket of uid 33)");
    assertThat(su.createdBy(33).users()).hasToString("root (real uid 1000, socket of uid 33)");
    Owner dropped = new Owner(8, null, null, HostText.of("app"), 33L).createdBy(0);
    assertThat(dropped).hasToString("pid 8 as app");
    assertThat(dropped.details().creatorUid()).isZero();
  }

  @Test
  void replacedFileStillProvesItsPath() {
    OwnerDetails removed = OwnerDetails.builder().deleted(true).elsewhere(false).build();
    OwnerDetails replaced =
        OwnerDetails.builder().deleted(true).elsewhere(false).replaced(true).build();
    OwnerTerm sshd = new OwnerTerm("/usr/sbin/sshd", null);
    Owner owner = new Owner(7, null, HostText.of("/usr/sbin/sshd"), null, null);
    assertThat(sshd.accepts(owner.with(removed))).isEqualTo(Trilean.UNKNOWN);
    assertThat(sshd.accepts(owner.with(replaced))).isEqualTo(Trilean.YES);
    assertThat(owner.with(replaced)).hasToString("pid 7 /usr/sbin/sshd, replaced: restart it");
    assertThat(new OwnerTerm("/usr/sbin/nginx", null).accepts(owner.with(replaced)))
        .isEqualTo(Trilean.NO);
  }

  @Test
  void socketOfAnotherUser_counts() {
    Owner app = new Owner(8, null, null, HostText.of("app"), 33L);
    for (Owner both :
        List.of(
            app.createdBy(0).or(app.createdBy(1000)),
            app.createdBy(1000).or(app.createdBy(0)),
            app.or(app.createdBy(1000)),
            app.createdBy(1000).or(app))) {
      assertThat(both.details().creatorUid()).isEqualTo(1000);
    }
  }

  @Test
  void onlyWhatARuleNeedsIsAskedFor() {
    Policy plain =
        SampleListeners.allowing(
            SampleListeners.allowedBy("a", 1, unit("app.service"), container(ID)));
    OwnerTerm packaged = new OwnerTerm(null, "root", null, null, null, "openssh-server");
    Policy asking =
        SampleListeners.allowing(
            SampleListeners.closed("a", 1), SampleListeners.allowedBy("b", 2, packaged));
    assertThat(plain.asksFor()).isEmpty();
    assertThat(asking.asksFor()).containsExactly(OwnerFact.PACKAGE);
  }
}
