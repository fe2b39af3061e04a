package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.PacketHook;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficFiltersTest {

  private static byte[] attribute(int type, byte[]... parts) {
    int length = 4;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer out =
        ByteBuffer.allocate(NetlinkMessages.align(length)).order(ByteOrder.nativeOrder());
    out.putShort((short) length).putShort((short) type);
    for (byte[] part : parts) {
      out.put(part);
    }
    return out.array();
  }

  private static byte[] text(String value) {
    return (value + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  /** struct tc_mirred: six numbers. */
  private static byte[] mirred(int action) {
    ByteBuffer out = ByteBuffer.allocate(28).order(ByteOrder.nativeOrder());
    return out.putInt(20, action).array();
  }

  private static ByteBuffer message(int handle, byte[]... attributes) {
    ByteBuffer out = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
    out.putInt(4, 7).putInt(8, handle).position(TrafficFilters.MESSAGE_SIZE);
    for (byte[] one : attributes) {
      out.put(one);
    }
    return out;
  }

  private static List<HookedProgram> filter(String kind, byte[]... options) throws Exception {
    ByteBuffer message = message(1, attribute(1, text(kind)), attribute(2, options));
    List<HookedProgram> found = new ArrayList<>();
    TrafficFilters.addFilter(message, 0, message.position(), found);
    return found;
  }

  private static byte[] actions(int type, String kind, byte[]... options) {
    byte[] one = attribute(1, attribute(1, text(kind)), attribute(2, options));
    return attribute(type, one);
  }

  @Test
  void programOfAFilterHasItsNumber() throws Exception {
    assertThat(filter("bpf", attribute(11, number(77))))
        .containsExactly(new HookedProgram(PacketHook.TC, 7, 0, 77));
    assertThat(filter("bpf", attribute(4, new byte[] {1, 0}))).as("a classic program").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"matchall, 2", "u32, 7", "flower, 3", "basic, 3", "fw, 4", "bpf, 1"})
  void redirectingActionIsFoundInEveryKindOfFilter(String kind, int type) throws Exception {
    assertThat(filter(kind, actions(type, "mirred", attribute(2, mirred(1)))))
        .containsExactly(new HookedProgram(PacketHook.MIRRED, 7, 0, 0));
    assertThat(filter(kind, actions(type, "bpf", attribute(9, number(5)))))
        .containsExactly(new HookedProgram(PacketHook.TC, 7, 0, 5));
    assertThat(filter(kind, actions(type, "pedit", attribute(2, new byte[4]))))
        .containsExactly(new HookedProgram(PacketHook.PEDIT, 7, 0, 0));
  }

  @Test
  void otherActionsRedirectNothing() throws Exception {
    assertThat(filter("matchall", actions(2, "gact", attribute(2, new byte[4])))).isEmpty();
    assertThat(filter("matchall", actions(2, "mirred", attribute(2, mirred(2)))))
        .as("a copy")
        .isEmpty();
  }

  @Test
  void filterOfAnUnknownKindIsNotUnderstood() {
    assertThatThrownBy(() -> filter("tcindex9"))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("unknown kind");
  }

  @Test
  void clsactHasTwoPlacesAndDefaultsHaveNone() throws Exception {
    List<TrafficFilters.FilterParent> parents = new ArrayList<>();
    for (ByteBuffer message :
        List.of(
            message(0xFFFF0000, attribute(1, text("clsact"))),
            message(0, attribute(1, text("noqueue"))),
            message(0x10000, attribute(1, text("htb"))))) {
      TrafficFilters.addParents(message, 0, message.position(), parents);
    }
    assertThat(parents)
        .containsExactly(
            new TrafficFilters.FilterParent(7, 0xFFFFFFF2),
            new TrafficFilters.FilterParent(7, 0xFFFFFFF3),
            new TrafficFilters.FilterParent(7, 0x10000));
  }

  @Test
  void truncatedMessageIsRefused() {
    ByteBuffer message = message(1, attribute(1, text("bpf")));
    assertThatThrownBy(() -> TrafficFilters.addFilter(message, 0, 19, new ArrayList<>()))
        .isInstanceOf(KernelException.class);
    assertThatThrownBy(() -> TrafficFilters.addFilter(message, 0, 22, new ArrayList<>()))
        .isInstanceOf(KernelException.class);
  }
}
