package io.portcurfew.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.View;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateSourceTest {

  private static final View VIEW = View.blind("late", "a source of this test");

  @Test
  void firstLook_createsTheSource_once() throws InterruptedException {
    List<ListenerSource> created = new ArrayList<>();
    LateSource late =
        new LateSource(
            "late",
            () -> {
              created.add(new BlindSource(VIEW));
              return created.get(0);
            });

    assertThat(late.name()).isEqualTo("late");
    assertThat(created).isEmpty();
    assertThat(late.look()).isEqualTo(VIEW);
    assertThat(late.look()).isEqualTo(VIEW);
    assertThat(created).hasSize(1);
  }
}
