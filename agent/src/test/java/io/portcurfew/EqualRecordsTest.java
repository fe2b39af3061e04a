package io.portcurfew;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.files.FileStatus;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.store.audit.LogHead;
import java.lang.reflect.Constructor;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records whose equality is written by hand, because the start of the daemon compares them. */
class EqualRecordsTest {

  /**
   * A record.
   *
   * @param values its components
   * @param others another value for each component
   */
  private record Sample(Class<? extends Record> type, List<?> values, List<?> others) {

    Record with(int different) throws ReflectiveOperationException {
      Object[] all = values.toArray();
      if (different >= 0) {
        all[different] = others.get(different);
      }
      Constructor<?> canonical =
          Stream.of(type.getConstructors())
              .filter(one -> one.getParameterCount() == all.length)
              .findFirst()
              .orElseThrow();
      return (Record) canonical.newInstance(all);
    }

    @Override
    public String toString() {
      return type.getSimpleName();
    }
  }

  static Stream<Sample> samples() {
    FileTime early = FileTime.fromMillis(1);
    FileTime late = FileTime.fromMillis(2);
    return Stream.of(
        new Sample(
            FileStatus.class,
            Arrays.asList(1L, 1L, 1, 1, "a", "a", 1L, early, early),
            Arrays.asList(2L, 2L, 2, 2, "b", "b", 2L, late, late)),
        new Sample(EventSettings.class, Arrays.asList(true, true), Arrays.asList(false, false)),
        new Sample(PortRange.class, Arrays.asList(1, 10), Arrays.asList(2, 11)),
        new Sample(LogHead.class, Arrays.asList(1L, "a"), Arrays.asList(2L, "b")),
        new Sample(
            Address.class, Arrays.asList("::1", null, false), Arrays.asList("::2", "lo", true)),
        new Sample(
            Address.class, Arrays.asList("::1", "lo", false), Arrays.asList("::2", null, true)),
        new Sample(
            Endpoint.class,
            Arrays.asList(Protocol.TCP, Address.ANY_IPV4, 611, "host"),
            Arrays.asList(Protocol.UDP, Address.ANY_IPV6, 612, "web")));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void eachComponentCounts(Sample sample) throws ReflectiveOperationException {
    Record one = sample.with(-1);
    assertThat(one).isEqualTo(sample.with(-1)).hasSameHashCodeAs(sample.with(-1));
    assertThat(one).isNotEqualTo("text").isNotEqualTo(null);
    for (int i = 0; i < sample.values().size(); i++) {
      assertThat(one).as("component %d", i).isNotEqualTo(sample.with(i));
    }
  }
}
