package io.portcurfew.judge;

import static io.portcurfew.judge.SampleListeners.allowedBy;
import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.owner;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static io.portcurfew.observe.UnknownOwner.GONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Trilean;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judgement of owners: accepted, wrong or unknown. */
class OwnerJudgeTest {

  private static final Owner SSHD = owner(600, "/usr/sbin/sshd", "root");
  private static final Owner NETCAT = owner(666, "/usr/bin/nc", "nobody");

  private static Judgement judge(Policy policy, Snapshot snapshot) {
    return Judge.judge(policy, snapshot, List.of());
  }

  @Test
  void everyOwnerMustBeAccepted() {
    Policy policy = allowing(allowedBy("ssh", 22, new OwnerTerm("/usr/sbin/sshd", "root")));
    assertThat(judge(policy, seen(held(tcp("::", 22), SSHD))).findings()).isEmpty();
    assertThat(judge(policy, seen(held(tcp("::", 22), SSHD, NETCAT))).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.WRONG_OWNER);
  }

  @Test
  void unseenOwner_isUnknown() {
    Policy policy = allowing(allowedBy("ssh", 22, new OwnerTerm("/usr/sbin/sshd", null)));
    for (Listener listener : List.of(held(tcp("::", 22)), held(tcp("::", 22), Owner.of(600)))) {
      Judgement judgement = judge(policy, seen(listener));
      assertThat(judgement.findings())
          .extracting(Finding::kind)
          .containsExactly(FindingKind.OWNER_UNKNOWN);
      assertThat(judgement.hasBreach()).isFalse();
      assertThat(judgement.compliance()).containsEntry("ssh", Trilean.UNKNOWN);
    }
  }

  @Test
  void wrongOwnerBesideAnUnknownOne_isWrong() {
    Policy policy = allowing(allowedBy("ssh", 22, new OwnerTerm("/usr/sbin/sshd", null)));
    assertThat(judge(policy, seen(held(tcp("::", 22), Owner.of(600), NETCAT))).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.WRONG_OWNER);
  }

  /** Two sockets may share a UDP port, with an owner each (SO_REUSEADDR, socket(7)). */
  @Test
  void unknownOwnerBesideAnAcceptedOne_isUnknown() {
    Policy policy = allowing(allowedBy("ssh", 22, new OwnerTerm("/usr/sbin/sshd", null)));
    Listener shared = held(tcp("::", 22), SSHD).beside(held(tcp("::", 22)).without(GONE));
    assertThat(cause(shared)).isEqualTo(GONE);
    Finding finding = judge(policy, seen(shared)).findings().get(0);
    assertThat(finding.kind()).isEqualTo(FindingKind.OWNER_UNKNOWN);
    assertThat(finding.holdFor()).isEqualTo(Duration.ofSeconds(10));
    assertThat(finding.message()).endsWith("/usr/sbin/sshd as root and an unknown owner");
    assertThat(judge(allowing(allowedBy("any", 22)), seen(shared)).findings()).isEmpty();
    Listener wrong = held(tcp("::", 22), NETCAT).without(GONE);
    assertThat(judge(policy, seen(wrong)).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.WRONG_OWNER);
  }

  @Test
  void unprovenPath_isNoProof() {
    OwnerTerm term = new OwnerTerm("/usr/sbin/sshd", null);
    OwnerDetails none = OwnerDetails.NONE;
    assertThat(term.accepts(SSHD)).isEqualTo(Trilean.YES);
    assertThat(term.accepts(SSHD.with(details(true, null)))).isEqualTo(Trilean.UNKNOWN);
    assertThat(term.accepts(SSHD.with(details(null, true)))).isEqualTo(Trilean.UNKNOWN);
    assertThat(term.accepts(SSHD.with(details(false, null))))
        .as("where it cannot be reported it is no proof either")
        .isEqualTo(Trilean.UNKNOWN);
    assertThat(term.accepts(NETCAT.with(details(true, true)))).isEqualTo(Trilean.NO);
    assertThat(new OwnerTerm(null, "root").accepts(SSHD.with(none))).isEqualTo(Trilean.YES);
  }

  @Test
  void creatorOfTheSocket_countsForTheUserAlone() {
    OwnerDetails inUnit = OwnerDetails.builder().unit(HostText.of("ftp.service")).build();
    Owner passed = new Owner(7, null, null, HostText.of("root"), 0L, inUnit).createdBy(1000);
    OwnerTerm unit = new OwnerTerm(null, null, "ftp.service", null, null, null);
    assertThat(unit.accepts(passed)).isEqualTo(Trilean.YES);
    assertThat(new OwnerTerm(null, "root", "ftp.service", null, null, null).accepts(passed))
        .isEqualTo(Trilean.NO);
  }

  /** A user has 65,536 subordinate ids without names (subuid(5)). */
  @Test
  void userWithoutAName_isNotRootAndNotAwaited() {
    Owner nameless = new Owner(7, null, HostText.of("/usr/bin/nc"), null, 100_004L);
    assertThat(new OwnerTerm(null, "root").accepts(nameless)).isEqualTo(Trilean.NO);
    assertThat(new OwnerTerm(null, "alice").accepts(nameless)).isEqualTo(Trilean.UNKNOWN);
    Policy policy = allowing(allowedBy("nc", 22, new OwnerTerm(null, "alice")));
    Finding finding = judge(policy, seen(held(tcp("::", 22), nameless))).findings().get(0);
    assertThat(finding.message()).contains("user id 100004 has no name in /etc/passwd");
    assertThat(finding.holdFor()).isZero();
  }

  @Test
  void anUnknownOwnerHasItsCause() {
    for (UnknownOwner cause : UnknownOwner.values()) {
      assertThat(cause(held(tcp("::", 22)).without(cause))).isEqualTo(cause);
    }
    assertThat(cause(held(tcp("::", 22)))).isNull();
    assertThat(cause(held(tcp("::", 22), SSHD.with(details(false, true)))))
        .isEqualTo(UnknownOwner.OTHER_MOUNT_NAMESPACE);
    assertThat(cause(held(tcp("::", 22), SSHD.with(details(true, null)))))
        .isEqualTo(UnknownOwner.GONE);
    assertThat(cause(held(tcp("::", 22), SSHD.with(details(null, null))))).isNull();
    Owner closed = new Owner(600, null, null, HostText.of("root"), 0L);
    assertThat(cause(held(tcp("::", 22), closed))).isEqualTo(UnknownOwner.NO_RIGHT);
  }

  /** In a restart the next look finds the owner; a right that is missing stays missing. */
  @Test
  void anOwnerThatMayAppearIsAwaited() {
    Policy policy = allowing(allowedBy("ssh", 22, new OwnerTerm("/usr/sbin/sshd", null)));
    for (UnknownOwner cause : UnknownOwner.values()) {
      boolean awaited = cause != UnknownOwner.NO_RIGHT;
      List<Finding> findings = judge(policy, seen(held(tcp("::", 22)).without(cause))).findings();
      assertThat(findings.get(0).holdFor())
          .as(cause.label())
          .isEqualTo(Duration.ofSeconds(awaited ? 10 : 0));
    }
    Owner ending = new Owner(701, null, null, HostText.of("root"), 0L);
    for (Owner child : List.of(Owner.of(701), ending)) {
      Listener forked = held(tcp("::", 22), SSHD, child);
      assertThat(judge(policy, seen(forked)).findings().get(0).holdFor())
          .as("a child that ends")
          .isEqualTo(Duration.ofSeconds(10));
    }
    assertThat(judge(policy, seen(held(tcp("::", 22), ending))).findings().get(0).holdFor())
        .isZero();
    Listener unproven = held(tcp("::", 22), SSHD.with(details(true, null)));
    assertThat(judge(policy, seen(unproven)).findings().get(0).holdFor()).isZero();
  }

  private static UnknownOwner cause(Listener listener) {
    Policy policy = allowing(allowedBy("ssh", 22, new OwnerTerm("/usr/sbin/sshd", null)));
    List<Finding> findings = judge(policy, seen(listener)).findings();
    assertThat(findings).extracting(Finding::kind).containsExactly(FindingKind.OWNER_UNKNOWN);
    Finding finding = findings.get(0);
    if (finding.cause() != null) {
      assertThat(finding.message()).contains(finding.cause().words());
    }
    return finding.cause();
  }

  private static OwnerDetails details(Boolean deleted, Boolean elsewhere) {
    return OwnerDetails.builder().deleted(deleted).elsewhere(elsewhere).build();
  }
}
