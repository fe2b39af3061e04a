package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CompressedJsonTest {

  @Test
  void compressedTextIsRestoredAndSmaller() {
    String json = "{\"id\":\"a\",\"state\":\"FIRING\",\"name\":\"\u00e4\ud83d\ude00\"}";
    assertThat(CompressedJson.json(CompressedJson.of(json))).isEqualTo(json);
    assertThat(CompressedJson.of(json).length)
        .isLessThan(json.getBytes(StandardCharsets.UTF_8).length / 2);
    String large = json.repeat(1_000);
    assertThat(CompressedJson.json(CompressedJson.of(large))).isEqualTo(large);
    assertThat(CompressedJson.json(CompressedJson.of(""))).isEmpty();
  }

  /** A text that an earlier agent compressed: fails if the dictionary is changed. */
  @Test
  void textOfAnEarlierAgentIsReadable() {
    byte[] compressed = HexFormat.of().parseHex("c36900dce60a24ab519d5b0b00");
    assertThat(CompressedJson.json(compressed))
        .isEqualTo("{\"pid\":1,\"name\":\"systemd\",\"unit\":\"x.service\",\"deleted\":false}");
  }

  @Test
  void cutOrForeignText_isRefused() {
    byte[] compressed = CompressedJson.of("{\"hello\":\"you who read this\"}");
    assertThatThrownBy(() -> CompressedJson.json(Arrays.copyOf(compressed, compressed.length - 3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CompressedJson.json(new byte[] {7, 7, 7, 7}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
