package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlacesByUserTest {

  /** A value is counted to the user who is its number by thousands. */
  private final PlacesByUser<Integer> places = new PlacesByUser<>(4, 2, value -> value / 1000);

  @Test
  void eachUserHasAShare() {
    assertThat(places.add(1, 1000)).isTrue();
    assertThat(places.add(2, 1001)).isTrue();
    assertThat(places.add(3, 1002)).isFalse();
    assertThat(places.add(4, 2000)).isTrue();
    assertThat(places.add(5, 3000)).isTrue();
    assertThat(places.add(6, 4000)).as("all places are taken").isFalse();
    assertThat(places.values()).containsExactly(1000, 1001, 2000, 3000);
  }

  @Test
  void knownNumberTakesNoPlace() {
    places.add(1, 1000);
    places.add(2, 1001);
    assertThat(places.add(1, 1002)).isTrue();
    assertThat(places.values()).containsExactly(1000, 1001);
  }

  @Test
  void removedValuesLeaveTheirPlaces() {
    places.add(1, 1000);
    places.add(2, 1001);
    places.remove(1);
    places.remove(1);
    places.removeIf(value -> value == 1001);
    assertThat(places.isEmpty()).isTrue();
    assertThat(places.add(3, 1002)).isTrue();
    assertThat(places.add(4, 1003)).isTrue();
    assertThat(places.add(5, 1004)).isFalse();
    assertThat(places.has(3)).isTrue();
  }
}
