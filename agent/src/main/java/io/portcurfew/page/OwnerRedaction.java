package io.portcurfew.page;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes the owners of listeners, and every text that may contain a name from the host, for
 * readers who may not see them. What is left is what any local user sees in {@code ss -tuln}, and
 * the verdict.
 */
public final class OwnerRedaction {

  private static final String HIDDEN = "not shown to this reader";

  private OwnerRedaction() {}

  /** The same content without owners. */
  public static PageContent of(PageContent page) {
    List<PageContent.OpenPeriod> history = page.history();
    return new PageContent(
        page.version(),
        page.host(),
        of(page.last()),
        page.failedAt(),
        page.now(),
        page.alerts().stream().map(OwnerRedaction::of).toList(),
        new Silences(page.silences().active().stream().map(OwnerRedaction::of).toList()),
        page.firstSeen(),
        history == null ? null : history.stream().map(OwnerRedaction::of).toList(),
        page.eventSources(),
        page.warnings(),
        false);
  }

  /** The same snapshot and judgement without owners. */
  public static @Nullable JudgedSnapshot of(@Nullable JudgedSnapshot judged) {
    if (judged == null) {
      return null;
    }
    Judgement judgement = judged.judgement();
    return new JudgedSnapshot(
        of(judged.snapshot()),
        judgement.with(judgement.findings().stream().map(OwnerRedaction::of).toList()));
  }

  /** The same snapshot without owners. */
  public static Snapshot of(Snapshot full) {
    return new Snapshot(
        full.host(),
        full.takenAt(),
        full.complete(),
        full.listeners().stream().map(OwnerRedaction::of).toList(),
        full.gaps().stream().map(OwnerRedaction::of).toList(),
        full.sources(),
        full.disagreements(),
        full.ephemeral(),
        of(full.sockets()),
        full.limits());
  }

  private static OtherSockets of(OtherSockets full) {
    return new OtherSockets(
        full.looked(),
        full.all().stream()
            .map(one -> new OtherSocket(one.place(), one.count(), null, null, List.of(), null))
            .toList(),
        full.unlisted());
  }

  private static Listener of(Listener listener) {
    return new Listener(listener.endpoint(), listener.dualStack(), List.of(), listener.seenBy());
  }

  private static Gap of(Gap gap) {
    return new Gap(gap.source(), gap.what(), HIDDEN, gap.cause(), gap.place());
  }

  private static Finding of(Finding finding) {
    boolean isPlace = finding.endpoint() != null || finding.socket() != null;
    String place = isPlace ? finding.place() : "the host";
    return new Finding(
        finding.kind(),
        finding.rule(),
        finding.notifySettings(),
        finding.endpoint(),
        finding.namespace(),
        finding.kind().label() + ": " + place,
        List.of(),
        List.of(),
        finding.cause(),
        null,
        finding.socket());
  }

  private static Alert of(Alert alert) {
    return alert.with(of(alert.finding()));
  }

  private static Silence of(Silence one) {
    return new Silence(
        one.id(), one.rule(), one.endpoint(), one.startsAt(), one.endsAt(), HIDDEN, HIDDEN);
  }

  private static PageContent.OpenPeriod of(PageContent.OpenPeriod period) {
    return new PageContent.OpenPeriod(period.place(), "", period.first(), period.last());
  }
}
