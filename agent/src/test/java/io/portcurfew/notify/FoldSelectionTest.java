package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldSelectionTest {

  private static final int MOST_LEFT = 1_000;

  @Test
  void manyEnds_leaveHalfOfThePlacesToOthers() {
    List<Notification> all = new ArrayList<>(ends(0, 500));
    all.addAll(firing(500, 900));
    Notification critical = NumberedNotifications.critical(611, "/usr/bin/nc", 0);
    all.add(critical);

    FoldSelection selection = select(all);
    Summary summary = Summary.of(selection);
    assertThat(selection.listed()).hasSize(100);
    assertThat(selection.left()).hasSize(400);
    assertThat(selection.replaced()).hasSize(501).contains(critical);
    assertThat(summary.shown()).hasSize(Summary.MOST_SHOWN).startsWith(critical);
    assertThat(ended(summary)).isEqualTo(selection.listed());
    assertThat(summary.count()).isEqualTo(501);
  }

  @Test
  void endsOfOthers_comeBeforeManyEndsOfOneUser() {
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 900)
        .mapToObj(i -> NumberedNotifications.critical(i, "/tmp/decoy" + i % 9, 1000))
        .map(NumberedNotifications::ended)
        .forEach(all::add);
    List<Notification> other =
        IntStream.range(950, 980)
            .mapToObj(i -> NumberedNotifications.critical(i, "/usr/bin/nc", 0))
            .map(NumberedNotifications::ended)
            .toList();
    all.addAll(other);

    FoldSelection selection = select(all);
    assertThat(selection.listed())
        .hasSize(Summary.MOST_SHOWN)
        .containsAll(NumberedNotifications.ended(other));
  }

  @Test
  void endOfAnAlertThatWasNotSent_isNotLeft() {
    List<Notification> all = ends(0, 500);
    FoldSelection selection = FoldSelection.of(all, alert -> alert.equals("a499"), MOST_LEFT);
    assertThat(selection.replaced()).isEqualTo(all);
    assertThat(ended(Summary.of(selection))).hasSize(Summary.MOST_SHOWN).contains("a499");
  }

  @Test
  void alertWhoseEndIsLeft_isNotListedAsFiring() {
    List<Notification> all = new ArrayList<>();
    all.addAll(firing(0, 300));
    all.addAll(ends(0, 300));
    FoldSelection selection = select(all);
    assertThat(selection.left()).hasSize(100);
    assertThat(Summary.of(selection).shown())
        .hasSize(Summary.MOST_SHOWN)
        .extracting(one -> one.alert().id())
        .doesNotContainAnyElementsOf(selection.left());
  }

  @Test
  void earlierSummary_isMergedIfItsEndsHavePlaces() {
    Notification few = SummaryFolding.of(ends(0, 80));
    Notification many = SummaryFolding.of(ends(100, 250));
    List<Notification> all = new ArrayList<>(List.of(few, many));
    all.addAll(firing(300, 500));

    FoldSelection selection = select(all);
    assertThat(selection.replaced()).hasSize(201).contains(few).doesNotContain(many);
    assertThat(ended(Summary.of(selection))).hasSize(80);
  }

  /** It is sent after that summary. */
  @Test
  void alertThatEndsInASummaryThatIsLeft_isNotListed() {
    List<Notification> begun = firing(0, 100);
    Notification ended = SummaryFolding.of(ends(0, 200));
    List<Notification> all = new ArrayList<>(List.of(SummaryFolding.of(begun), ended));
    all.addAll(firing(300, 310));

    FoldSelection selection = select(all);
    assertThat(selection.replaced()).hasSize(11).doesNotContain(ended);
    assertThat(Summary.of(selection).shown()).isEqualTo(all.subList(2, 12));
  }

  @Test
  void summaryWithoutAnAlertToList_isNotMade() {
    Notification begun = SummaryFolding.of(firing(0, 180));
    Notification alsoBegun = SummaryFolding.of(firing(200, 380));
    List<Notification> ends = new ArrayList<>(ends(0, 180));
    ends.addAll(firing(400, 420));
    List<Notification> others = new ArrayList<>(ends(200, 380));
    others.addAll(firing(420, 440));
    assertThat(
            select(List.of(begun, alsoBegun, SummaryFolding.of(ends), SummaryFolding.of(others)))
                .replaced())
        .isEmpty();
  }

  @Test
  void endsBeyondTheMaximum_areCounted() {
    List<Notification> all = ends(0, 2_000);
    FoldSelection selection = select(all);
    assertThat(selection.left()).hasSize(MOST_LEFT);
    assertThat(selection.lost()).isEqualTo(800);
    assertThat(Summary.of(selection).count()).isEqualTo(1_000);
  }

  /** Every alert was sent. */
  private static FoldSelection select(List<Notification> all) {
    return FoldSelection.of(all, alert -> true, MOST_LEFT);
  }

  private static Set<String> ended(Summary summary) {
    return NumberedNotifications.ended(summary.shown());
  }

  private static List<Notification> ends(int from, int to) {
    return firing(from, to).stream().map(NumberedNotifications::ended).toList();
  }

  private static List<Notification> firing(int from, int to) {
    return IntStream.range(from, to).mapToObj(NumberedNotifications::warning).toList();
  }
}
