package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PackedTest {

  @Test
  void whatWasPackedIsTheSameAndSmaller() {
    String json = "{\"id\":\"a\",\"state\":\"FIRING\",\"name\":\"\u00e4\ud83d\ude00\"}";
    assertThat(Packed.json(Packed.of(json))).isEqualTo(json);
    assertThat(Packed.of(json).length).isLessThan(json.getBytes(StandardCharsets.UTF_8).length / 2);
    String large = json.repeat(1_000);
    assertThat(Packed.json(Packed.of(large))).isEqualTo(large);
    assertThat(Packed.json(Packed.of(""))).isEmpty();
  }

  /** What an earlier agent has packed: fails where the dictionary is changed. */
  @Test
  void whatAnEarlierAgentPackedCanBeRead() {
    byte[] packed = HexFormat.of().parseHex("c36900dce60a24ab519d5b0b00");
    assertThat(Packed.json(packed))
        .isEqualTo("{\"pid\":1,\"name\":\"systemd\",\"unit\":\"x.service\",\"deleted\":false}");
  }

  @Test
  void whatIsCutOrNeverWasPackedIsRefused() {
    byte[] packed = Packed.of("{\"hello\":\"you who read this\"}");
    assertThatThrownBy(() -> Packed.json(Arrays.copyOf(packed, packed.length - 3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Packed.json(new byte[] {7, 7, 7, 7}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
