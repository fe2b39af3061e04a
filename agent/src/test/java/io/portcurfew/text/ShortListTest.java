package io.portcurfew.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShortListTest {

  private static final List<String> FOUR = List.of("a", "b", "c", "d");

  @Test
  void sentence_countsTheRest() {
    assertThat(ShortList.of(FOUR, 2)).isEqualTo("a, b and 2 more");
    assertThat(ShortList.of(FOUR, 4)).isEqualTo("a, b, c, d");
  }

  @Test
  void lines_countTheRestWithItsNoun() {
    assertThat(ShortList.lines(FOUR, 2, "rule")).containsExactly("a", "b", "and 2 more rules");
    assertThat(ShortList.lines(FOUR, 3, "rule")).endsWith("and 1 more rule");
    assertThat(ShortList.lines(FOUR, 4, "rule")).isEqualTo(FOUR);
  }
}
