package io.portcurfew.judge;

import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.snapshot;
import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.observe.sweep.SweepResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrossCheckTest {

  private static final Listener WEB = held(tcp("::", 8080));

  private static final Snapshot AGREED = snapshot(view("sock_diag"), view("ss"));
  private static final SweepResult FREE =
      new SweepResult(262140, List.of(), List.of(), Duration.ofSeconds(9));

  private static View view(String source, Listener... listeners) {
    return new View(source, true, List.of(listeners), List.of());
  }

  private static View incomplete(String source, Listener... listeners) {
    Gap gap = new Gap(source, Gap.What.LISTENERS, "down");
    return new View(source, false, List.of(listeners), List.of(gap));
  }

  @Test
  void listenerMissedThreeTimes_isHidden() {
    Snapshot differ = snapshot(view("oshi", WEB), view("ss"));
    CrossCheck once = CrossCheck.NONE.after(differ);
    CrossCheck twice = once.after(differ);
    for (CrossCheck early : List.of(once, twice)) {
      assertThat(early.hidden()).isEmpty();
      assertThat(early.wantsAnotherLook()).isTrue();
      assertThat(early.undecided().awaited()).contains(HiddenCheck.COMPARISON);
    }
    CrossCheck thrice = twice.after(differ);
    assertThat(thrice.hidden())
        .extracting(Disagreement::endpoint, d -> d.missedBy().first())
        .containsExactly(org.assertj.core.api.Assertions.tuple(WEB.endpoint(), "ss"));
    assertThat(thrice.wantsAnotherLook()).isFalse();
    assertThat(thrice.undecided().awaited()).doesNotContain(HiddenCheck.COMPARISON);
    assertThat(thrice.after(differ).hidden()).hasSize(1);
  }

  /** A source that cannot look now has not found what it missed. */
  @Test
  void hiddenFromASourceThatIsBlindNow_staysHidden() {
    Snapshot differ = snapshot(view("sock_diag"), view("oshi", WEB), view("ss", ss()));
    Snapshot blind = snapshot(incomplete("sock_diag"), view("oshi", WEB), view("ss", ss()));
    CrossCheck hidden = CrossCheck.NONE.after(differ).after(differ).after(differ);
    CrossCheck meanwhile = hidden.after(blind).after(blind);
    assertThat(meanwhile.hidden()).hasSize(1);
    assertThat(meanwhile.listeners()).hasSize(1);
    assertThat(meanwhile.after(differ).hidden()).hasSize(1);

    Snapshot closed = snapshot(incomplete("sock_diag"), view("oshi"), view("ss"));
    assertThat(meanwhile.after(closed).hidden()).isEmpty();
    Snapshot shown = snapshot(view("sock_diag", by("sock_diag")), view("oshi", WEB));
    assertThat(meanwhile.after(shown).hidden()).isEmpty();
  }

  @Test
  void comparisonWithoutTheSourceOfTheScans_decidesNothing() {
    Snapshot blind = snapshot(incomplete("sock_diag"), view("oshi", WEB), view("ss", ss()));
    CrossCheck after = CrossCheck.NONE.after(blind).after(blind).after(blind);
    assertThat(after.undecided().awaited()).contains(HiddenCheck.COMPARISON);
    Snapshot whole = snapshot(view("sock_diag"), view("oshi"), view("ss"));
    assertThat(after.after(whole).undecided().awaited()).doesNotContain(HiddenCheck.COMPARISON);
  }

  /** A sweep explains such a port by what ss shows, and a scan by sock_diag does not see it. */
  @Test
  void listenerThatOnlyAnotherSourceShows_isUnconfirmedUntilTheSourcesAreCompared() {
    Finding finding = sweptPort();
    Snapshot blind = snapshot(incomplete("sock_diag"), view("ss", ss()));
    CrossCheck after = CrossCheck.NONE.after(AGREED).swept(FREE).after(blind).swept(FREE);
    assertThat(after.undecided().awaited()).isEmpty();
    assertThat(after.undecided().concern(finding)).isTrue();

    CrossCheck alone = after.after(snapshot(view("sock_diag"), incomplete("ss", ss())));
    assertThat(alone.undecided().concern(finding)).isTrue();
    Snapshot both = snapshot(view("sock_diag"), view("ss", ss()));
    CrossCheck compared = alone.after(both).after(both);
    assertThat(compared.undecided().concern(finding)).isTrue();
    assertThat(compared.after(both).undecided().concern(finding)).isFalse();
    Snapshot shown = snapshot(incomplete("sock_diag", by("sock_diag")), view("ss", ss()));
    assertThat(after.after(shown).undecided().concern(finding)).isFalse();
    Snapshot closed = snapshot(incomplete("sock_diag"), view("ss"));
    assertThat(after.after(closed).undecided().concern(finding)).isFalse();
  }

  private static Finding sweptPort() {
    SweepResult taken =
        new SweepResult(262140, List.of(tcp("::", 8080)), List.of(), Duration.ofSeconds(9));
    CrossCheck found = CrossCheck.NONE.after(AGREED).swept(taken);
    Snapshot nothing = snapshot(view("sock_diag"));
    return Judge.judge(SampleListeners.allowing(), nothing, found).findings().get(0);
  }

  /** The looks of ss took place before the socket opened and after it closed. */
  @Test
  void socketMissedBeforeAndAfterItsLife_isNotHidden() {
    Snapshot differ = snapshot(view("oshi", WEB), view("ss"));
    CrossCheck closed =
        CrossCheck.NONE.after(differ).after(differ).after(snapshot(view("oshi"), view("ss")));
    assertThat(closed.hidden()).isEmpty();
    assertThat(closed.wantsAnotherLook()).isFalse();
    assertThat(closed.undecided().awaited()).doesNotContain(HiddenCheck.COMPARISON);
  }

  @Test
  void threeSourcesThatMissInTurnsHideNothing() {
    CrossCheck missed = CrossCheck.NONE;
    for (String late : List.of("ss", "lsof", "ss", "lsof")) {
      String other = late.equals("ss") ? "lsof" : "ss";
      missed = missed.after(snapshot(view("oshi", WEB), view(late), view(other, by(other))));
      assertThat(missed.hidden()).isEmpty();
    }
  }

  private static Listener by(String source) {
    return new Listener(WEB.endpoint(), null, List.of(), source);
  }

  @Test
  void openingBetweenTwoSources_isNotHidden() {
    CrossCheck once = CrossCheck.NONE.after(snapshot(view("oshi", WEB), view("ss")));
    CrossCheck agreed = once.after(snapshot(view("oshi", held(WEB.endpoint())), view("ss", ss())));
    assertThat(agreed.hidden()).isEmpty();
    assertThat(agreed.wantsAnotherLook()).isFalse();
  }

  @Test
  void listenerMissedAtItsStartAndEnd_isNotHidden() {
    CrossCheck opened = CrossCheck.NONE.after(snapshot(view("oshi", WEB), view("ss")));
    CrossCheck closed = opened.after(snapshot(view("oshi"), view("ss", ss())));
    assertThat(closed.hidden()).isEmpty();
    assertThat(closed.wantsAnotherLook()).isTrue();
  }

  private static Listener ss() {
    return new Listener(WEB.endpoint(), null, List.of(), "ss");
  }

  @Test
  void aSourceThatIsNotCompleteMissesNothing() {
    Snapshot differ = snapshot(view("oshi", WEB), incomplete("ss"), view("netstat", netstat()));
    assertThat(CrossCheck.NONE.after(differ).open()).isEmpty();
  }

  private static Listener netstat() {
    return new Listener(WEB.endpoint(), null, List.of(), "netstat");
  }

  @Test
  void snapshotWithoutComparison_changesNothing() {
    Snapshot differ = snapshot(view("oshi", WEB), view("ss"));
    CrossCheck thrice = CrossCheck.NONE.after(differ).after(differ).after(differ);
    assertThat(thrice.after(snapshot(view("oshi", WEB)))).isEqualTo(thrice);
    assertThat(thrice.after(snapshot(view("oshi", WEB), incomplete("ss")))).isEqualTo(thrice);
  }

  @Test
  void laterScan_keepsListenersOfOtherSources() {
    Snapshot differ = snapshot(view("oshi"), view("ss", ss()));
    CrossCheck thrice = CrossCheck.NONE.after(differ).after(differ).after(differ);
    assertThat(thrice.complete(snapshot(view("oshi"))).listeners())
        .extracting(Listener::endpoint)
        .containsExactly(WEB.endpoint());
  }

  @Test
  void laterScan_dropsListenersItWouldShow() {
    Snapshot differ = snapshot(view("oshi", WEB), view("ss"));
    CrossCheck thrice = CrossCheck.NONE.after(differ).after(differ).after(differ);
    assertThat(thrice.complete(snapshot(view("oshi"))).listeners()).isEmpty();
  }

  @Test
  void sweepAndItsGapsStayUntilTheNext() {
    Gap gap = SweepResult.gap("2 ports could not be tried");
    SweepResult swept =
        new SweepResult(262140, List.of(WEB.endpoint()), List.of(gap), Duration.ofSeconds(9));
    Snapshot differ = snapshot(view("oshi", WEB), view("ss"));
    CrossCheck after = CrossCheck.NONE.swept(swept).after(differ);
    assertThat(after.swept()).isEqualTo(swept);
    Snapshot later = after.complete(snapshot(view("oshi")));
    assertThat(later.gaps()).containsExactly(gap);
    assertThat(later.complete()).isTrue();
    assertThat(after.unexplained(later)).containsExactly(WEB.endpoint());
  }

  @Test
  void switchedOffSweep_decidesNothingBeforeTheComparison() {
    SweepResult found =
        new SweepResult(262140, List.of(WEB.endpoint()), List.of(), Duration.ofSeconds(9));
    Snapshot alone = snapshot(view("oshi"), incomplete("ss"));
    CrossCheck off = CrossCheck.NONE.swept(found).after(alone).withoutSweep(alone);
    assertThat(off.undecided().awaited()).contains(HiddenCheck.SWEEP);
    Snapshot both = snapshot(view("oshi"), view("ss"));
    assertThat(off.after(both).withoutSweep(both).undecided().awaited()).isEmpty();
  }

  @Test
  void sweepSwitchedOffWhileNothingCompares_leavesItsFindingInDoubt() {
    Finding finding = sweptPort();
    CrossCheck swept = CrossCheck.NONE.after(AGREED).swept(FREE);
    assertThat(swept.undecided().concern(finding)).isFalse();
    for (Snapshot alone :
        List.of(
            snapshot(view("sock_diag"), incomplete("ss")),
            snapshot(incomplete("sock_diag"), view("ss"), view("lsof")))) {
      CrossCheck off = swept.after(alone).withoutSweep(alone);
      assertThat(off.undecided().concern(finding)).isTrue();
      CrossCheck compared = off.after(AGREED).withoutSweep(AGREED);
      assertThat(compared.undecided().concern(finding)).isFalse();
    }
  }
}
